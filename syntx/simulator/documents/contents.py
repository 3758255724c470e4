"""The content a prompt carries, and the plain facts in it: sentences, tables, numbers."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass

from syntx.simulator.documents.asked import Asked

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[^\W\d_]|[„\"»\[(])|\n\s*\n|\n(?=\s*[-*•])")
_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:[.,]\d{3})*(?:[.,]\d+)?(?![\w])|(?<![\w.,])\d+(?!\w)")
_UNIT = re.compile(r"^[€$£]\s*|\s*(?:€|\$|£|%|EUR|USD|CHF)$")
_PLAIN_PARTS = frozenset({"text", "table", "body", "mail headers", "note"})
_WORDS_END = re.compile(r"[_\s]+")
_GROUPED = re.compile(r"^-?\d{1,3}(?:\.\d{3})+(?:,\d+)?$|^-?\d+,\d{1,2}$")


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its header line and its rows, each as wide as the header."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def sums(self) -> list[tuple[str, float]]:
        """Return the columns that hold nothing but numbers, and their sums."""
        found = []
        for place, header in enumerate(self.headers):
            values = [number(row[place]) for row in self.rows if row[place].strip()]
            if values and None not in values:
                found.append((header, sum(value for value in values if value is not None)))
        return found


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of content; `kind` is what the prompt calls its type."""

    label: str
    kind: str
    text: str

    @property
    def file(self) -> str:
        """The name of the file it is from."""
        return self.label.partition(": ")[0]

    @property
    def name(self) -> str:
        """What a reader would call it: its file's name without folder and suffix, and its own."""
        stem = self.file.rpartition("/")[2].rpartition(".")[0] or self.file
        stem = _WORDS_END.sub(" ", stem).strip() or self.file
        own = self.label.partition(": ")[2]
        told = stem[:1].upper() + stem[1:]
        return told if own in _PLAIN_PARTS or not own else f"{told}, {own}"

    def sentences(self) -> list[str]:
        """Return the sentences of the text, without the bullets before them."""
        pieces = (" ".join(piece.split()) for piece in _SENTENCE.split(self.text))
        return [bare for piece in pieces if len(bare := piece.lstrip("-*•# ")) > 2]

    def items(self) -> list[str]:
        """Return the lines of the text, without the bullets before them."""
        bare = (" ".join(line.split()).lstrip("-*•# ") for line in self.text.splitlines())
        return [line for line in bare if line]

    def numbers(self) -> list[str]:
        """Return the numbers the text names, each once."""
        return list(dict.fromkeys(_NUMBER.findall(self.text)))

    def table(self) -> Table | None:
        """Return the table the part holds, or None if it holds none."""
        lines = [line for line in self.text.splitlines() if line.strip()]
        if self.kind != "table" or not lines:
            return None
        rows = [row for row in csv.reader(lines, delimiter=_delimiter(lines[0])) if any(row)]
        headers = tuple(cell.strip() for cell in rows[0])
        width = len(headers)
        padded = (tuple((*row, *[""] * width)[:width]) for row in rows[1:])
        return Table(headers, tuple(padded))


def read_parts(asked: Asked) -> list[Part]:
    """Return the parts of content a prompt carries."""
    return [
        Part(
            label=piece.attributes.get("label") or piece.attributes.get("id") or piece.tag,
            kind=piece.attributes.get("type", "text"),
            text=piece.text,
        )
        for piece in asked.foreign("Content")
        if piece.text.strip()
    ]


def number(cell: str) -> float | None:
    """Return the number a cell holds, written the German or the English way, or None."""
    bare = _UNIT.sub("", cell.strip()).strip()
    plain = (
        bare.replace(".", "").replace(",", ".") if _GROUPED.match(bare) else bare.replace(",", "")
    )
    try:
        return float(plain) if plain[-1:].isdigit() else None
    except ValueError:
        return None


def written(value: float) -> str:
    """Return a number as it is written: whole ones without decimals."""
    return str(int(value)) if value == int(value) else f"{value:.2f}"


def _delimiter(line: str) -> str:
    return max(",;\t", key=line.count)
