"""What a renderer is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from consumer.documents.generation.models import UnifiedJsonDocument
from consumer.documents.rendering.blocks import Block, Heading, PageBreak, Table


@dataclass(frozen=True, slots=True)
class Chapter:
    """One of the documents in a UnifiedJsonDocument; no title where it is that of the whole."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A document read for rendering: its texts are clean, its tables are even.

    `language` is a BCP 47 tag or empty. `notes` says what was mended while reading.
    """

    title: str
    language: str
    author: str
    chapters: tuple[Chapter, ...]
    source: UnifiedJsonDocument
    notes: tuple[str, ...] = ()

    @property
    def only_table(self) -> Table | None:
        """The table that is all there is but for headings, or None."""
        blocks = [block for chapter in self.chapters for block in chapter.blocks]
        said = [block for block in blocks if not isinstance(block, Heading | PageBreak)]
        if len(said) == 1 and isinstance(said[0], Table) and not said[0].caption:
            return said[0]
        return None

    @property
    def headings(self) -> tuple[str, ...]:
        """Every title and heading, in order."""
        found = [self.title]
        for chapter in self.chapters:
            found.append(chapter.title)
            found += [block.text for block in chapter.blocks if isinstance(block, Heading)]
        return tuple(text for text in found if text)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A file: its bytes, its MIME type, its suffix with the dot, and what a person should know."""

    data: bytes
    mime_type: str
    suffix: str
    notes: tuple[str, ...] = ()


Renderer = Callable[[Manuscript], Rendered]
"""Makes a file of a manuscript: never fails because of its content, same input, same bytes."""
