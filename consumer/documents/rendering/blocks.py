"""What a document is made of, whatever format it is written in."""

from __future__ import annotations

from dataclasses import dataclass

from consumer.documents.rendering.cleaning import Cell


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is just below the title of the document, 6 is the lowest."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text; newlines in it are kept."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table: `headers` is empty or as wide as every row."""

    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.headers) or len(self.rows[0])


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list, with a list below it or none."""

    text: str
    below: Items | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """A list, with numbers or with dots."""

    items: tuple[Item, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """Program text, kept as it is."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture as base64, or none at all: then the description stands for it."""

    alt: str
    base64: str = ""

    @property
    def words(self) -> str:
        """What stands where the picture cannot."""
        return f"[{self.alt or 'image'}]"


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody said, and who or where."""

    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


Block = Heading | Paragraph | Table | Items | Code | Image | Quote | PageBreak
