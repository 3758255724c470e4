"""The document as an Excel workbook: a sheet of texts and a sheet for each table."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

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
from consumer.documents.rendering.cleaning import Notes
from consumer.documents.rendering.models import Chapter, Manuscript, Rendered
from consumer.documents.rendering.sheets import MOST_COLUMNS, MOST_ROWS, Book, parts
from consumer.documents.rendering.tables import bands

_MIME_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_CREATED = datetime(2000, 1, 1)


def render(manuscript: Manuscript) -> Rendered:
    """Write the workbook; no text in it is ever a formula or a link."""
    notes = Notes()
    target = BytesIO()
    with xlsxwriter.Workbook(target, _OPTIONS) as workbook:
        workbook.set_properties(
            {"title": manuscript.title, "author": manuscript.author, "created": _CREATED}
        )
        book = Book(workbook, notes)
        table = manuscript.only_table
        if table:
            names = _table(book, table, (manuscript.headings or ("",))[-1])
            for heading in manuscript.headings:
                if heading not in (manuscript.title, *names):
                    notes.add(f"not in the workbook, which is one table: {heading}")
        else:
            for chapter in manuscript.chapters or (Chapter("", ()),):
                _chapter(book, chapter, manuscript.title)
        book.finish()
    return Rendered(target.getvalue(), _MIME_TYPE, ".xlsx", (*manuscript.notes, *notes.told()))


def _chapter(book: Book, chapter: Chapter, title: str) -> None:
    """Write the texts of a document to one sheet, its tables to sheets behind it."""
    texts = _Texts(book, chapter.title or title)
    if chapter.title or title:
        texts.write(chapter.title or title, heading=True)
    named = ""
    for block in chapter.blocks:
        if isinstance(block, Heading):
            named = block.text
        if isinstance(block, Table):
            if block.caption:
                texts.write(block.caption)
            for name in _table(book, block, block.caption or named):
                texts.write(f"→ {name}")
        else:
            _block(texts, block, book.notes)


class _Texts:
    """A sheet of texts, one below the other in its first column, next sheet when it is full."""

    def __init__(self, book: Book, name: str) -> None:
        self._book, self._name = book, name or "Text"
        self._open()

    def write(self, text: str, *, heading: bool = False, indent: int = 0) -> None:
        """Write a text to the next row."""
        if self._row == MOST_ROWS:
            self._open()
        self._book.write(self._sheet, (self._row, indent), text, bold=heading, wrap=True)
        self._row += 1

    def _open(self) -> None:
        self._sheet: Any = self._book.sheet(self._name)
        self._sheet.set_column(0, 0, 90)
        self._row = 0


def _block(texts: _Texts, block: Block, notes: Notes) -> None:
    match block:
        case Heading(text=text):
            texts.write(text, heading=True)
        case Paragraph(text=text) | Code(text=text):
            texts.write(text)
        case Items():
            _items(texts, block, "")
        case Image():
            if block.base64:
                notes.add("a picture is not in the workbook, its description is")
            texts.write(block.words)
        case Quote():
            texts.write(block.text)
            if block.source:
                texts.write(f"— {block.source}")
        case PageBreak() | Table():
            pass


def _items(texts: _Texts, items: Items, indent: str) -> None:
    for number, item in enumerate(items.items, 1):
        mark = f"{number}. " if items.ordered else "• "
        texts.write(f"{indent}{mark}{item.text}")
        if item.below:
            _items(texts, item.below, indent + "    ")


def _table(book: Book, table: Table, name: str) -> list[str]:
    """Write a table to as many sheets as it needs; return their names."""
    names = [
        book.table(part, name or "Table")
        for band in bands(table, MOST_COLUMNS)
        for part in parts(band, MOST_ROWS)
    ]
    if len(names) > 1:
        book.notes.add(f"a table was split over the sheets {', '.join(names[:5])}")
    return names
