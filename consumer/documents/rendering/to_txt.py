"""The document as plain text: lines of at most 80 characters, tables in columns."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator

from consumer.documents.rendering.blocks import (
    Block,
    Code,
    Heading,
    Image,
    Items,
    PageBreak,
    Paragraph,
    Quote,
    Table,
)
from consumer.documents.rendering.cleaning import Notes, shown
from consumer.documents.rendering.models import Manuscript, Rendered

_LINE = 80
_WIDEST = 40


def render(manuscript: Manuscript) -> Rendered:
    """Write headings underlined, lists with dots and numbers, tables in columns."""
    notes = Notes()
    parts = [_underlined(manuscript.title, "=")] if manuscript.title else []
    for number, chapter in enumerate(manuscript.chapters):
        if number:
            parts.append("-" * _LINE)
        if chapter.title:
            parts.append(_underlined(chapter.title, "="))
        parts += ["\n".join(_block(block, notes)) for block in chapter.blocks]
    text = "\n\n".join(part for part in parts if part)
    told = (*manuscript.notes, *notes.told())
    return Rendered(f"{text}\n".encode(), "text/plain; charset=utf-8", ".txt", told)


def _block(block: Block, notes: Notes) -> Iterator[str]:
    match block:
        case Heading(text=text, level=level):
            yield _underlined(text, "=-~"[min(level, 3) - 1] if level < 4 else "")
        case Paragraph(text=text):
            yield from _wrapped(text, "", "")
        case Table():
            yield from _table(block)
        case Items():
            yield from _items(block, "")
        case Code(text=text):
            yield from (f"    {row}".rstrip() for row in text.split("\n"))
        case Image():
            if block.base64:
                notes.add("a picture is not in the text, its description is")
            yield block.words
        case Quote():
            yield from _wrapped(block.text, "> ", "> ")
            if block.source:
                yield from _wrapped(f"— {block.source}", "> ", "> ")
        case PageBreak():
            yield "-" * _LINE


def _underlined(text: str, mark: str) -> str:
    return f"{text}\n{mark * min(_width(text), _LINE)}" if mark else text


def _wrapped(text: str, first: str, then: str) -> Iterator[str]:
    """Wrap each line of a text; words are never broken."""
    for number, row in enumerate(text.split("\n")):
        lead = then if number else first
        if len(row) + len(lead) <= _LINE:
            yield (lead + row).rstrip()
            continue
        yield from textwrap.wrap(
            row,
            _LINE,
            initial_indent=lead,
            subsequent_indent=then,
            break_long_words=False,
            break_on_hyphens=False,
        )


def _items(items: Items, indent: str) -> Iterator[str]:
    for number, item in enumerate(items.items, 1):
        mark = f"{number}. " if items.ordered else "- "
        yield from _wrapped(item.text, indent + mark, indent + " " * len(mark))
        if item.below:
            yield from _items(item.below, indent + " " * len(mark))


def _table(table: Table) -> Iterator[str]:
    """Write a table in columns; a column is as wide as its widest cell, or 40 where that is wider.

    Longer cells go on in the lines below; a single longer word pushes the rest of its line aside.
    """
    rows = [tuple(map(shown, row)) for row in table.rows]
    every = [table.headers, *rows] if table.headers else rows
    widths = [min(max(map(_longest, column)), _WIDEST) for column in zip(*every, strict=True)]
    if table.caption:
        yield table.caption
    for number, row in enumerate(every):
        yield from _row(row, widths)
        if table.headers and not number:
            yield "  ".join("-" * width for width in widths)


def _row(row: tuple[str, ...], widths: list[int]) -> Iterator[str]:
    cells = [_cell(text, width) for text, width in zip(row, widths, strict=True)]
    for number in range(max(map(len, cells))):
        there = [cell[number] if number < len(cell) else "" for cell in cells]
        padded = (
            text + " " * (width - _width(text)) for text, width in zip(there, widths, strict=True)
        )
        yield "  ".join(padded).rstrip()


def _cell(text: str, width: int) -> list[str]:
    if len(text) <= width and "\n" not in text:
        return [text]
    found: list[str] = []
    for row in text.split("\n"):
        found += textwrap.wrap(
            row, max(width, 1), break_long_words=False, break_on_hyphens=False
        ) or [""]
    return found


def _longest(text: str) -> int:
    return max(map(_width, text.split("\n"))) if "\n" in text else _width(text)


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
