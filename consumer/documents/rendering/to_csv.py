"""The document as CSV: RFC 4180, UTF-8 with a byte order mark, safe to open in a spreadsheet.

A document that is one table gives that table alone. Any other gives all its blocks, an empty line
between them, texts as lines of one cell.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from io import StringIO

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
from consumer.documents.rendering.cleaning import Cell, Notes, shown
from consumer.documents.rendering.models import Manuscript, Rendered

_STARTS_FORMULA = re.compile("[\\s'\"\u200b\ufeff]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*%?")


def render(manuscript: Manuscript) -> Rendered:
    """Write tables and texts; a text that a spreadsheet would compute gets a `'` before it."""
    notes = Notes()
    target = StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    table = manuscript.only_table
    if table:
        for heading in manuscript.headings:
            notes.add(f"not in the CSV, which is one table: {heading}")
    for row in _table(table) if table else _rows(manuscript):
        writer.writerow([_safe(cell, notes) for cell in row])
    data = target.getvalue().encode("utf-8-sig")
    return Rendered(data, "text/csv", ".csv", (*manuscript.notes, *notes.told()))


def _safe(cell: Cell, notes: Notes) -> str:
    text = shown(cell)
    if not isinstance(cell, str) or not _STARTS_FORMULA.match(text):
        return text
    if _PLAIN_NUMBER.fullmatch(text):
        return text
    notes.add("a text that looks like a formula got a ' before it")
    return f"'{text}"


def _rows(manuscript: Manuscript) -> Iterator[tuple[Cell, ...]]:
    groups: list[Iterable[tuple[Cell, ...]]] = []
    if manuscript.title:
        groups.append([(manuscript.title,)])
    for chapter in manuscript.chapters:
        if chapter.title:
            groups.append([(chapter.title,)])
        groups += [_block(b) for b in chapter.blocks if not isinstance(b, PageBreak)]
    for number, group in enumerate(groups):
        if number:
            yield ()
        yield from group


def _block(block: Block) -> Iterator[tuple[Cell, ...]]:
    match block:
        case Heading(text=text) | Paragraph(text=text) | Code(text=text):
            yield (text,)
        case Table():
            if block.caption:
                yield (block.caption,)
            yield from _table(block)
        case Items():
            yield from _items(block)
        case Image():
            yield (block.words,)
        case Quote():
            yield (block.text, block.source) if block.source else (block.text,)


def _table(table: Table) -> Iterator[tuple[Cell, ...]]:
    if table.headers:
        yield table.headers
    yield from table.rows


def _items(items: Items, depth: int = 0) -> Iterator[tuple[Cell, ...]]:
    """Write an item per line, each level one column further right."""
    indent: Iterable[Cell] = [None] * depth
    for item in items.items:
        yield (*indent, item.text)
        if item.below:
            yield from _items(item.below, depth + 1)
