"""The sheets of a workbook, and what a sheet cannot hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from consumer.documents.rendering.blocks import Table
from consumer.documents.rendering.cleaning import Cell, Notes, line, shown
from consumer.documents.rendering.tables import sample

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
_LONGEST_CELL = 32_767
_LONGEST_NAME = 31
_NOT_IN_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")
_EXACT = 10**15
_WIDEST = 60


class Book:
    """A workbook that is filled sheet by sheet; texts too long for a cell end on a last sheet."""

    def __init__(self, workbook: Any, notes: Notes) -> None:
        self.notes = notes
        self._workbook = workbook
        self._taken = {"history"}
        self._plain = workbook.add_format({"valign": "top"})
        self._wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        self._bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._long: list[tuple[str, str]] = []

    def sheet(self, name: str) -> Any:
        """Add a sheet; its name is made valid and unique."""
        made = sheet_name(name, self._taken)
        self._taken.add(made.casefold())
        return self._workbook.add_worksheet(made)

    def table(self, table: Table, name: str) -> str:
        """Write a table to a sheet of its own, its headers frozen; return the sheet's name."""
        sheet = self.sheet(name)
        for column, width in enumerate(_widths(table)):
            sheet.set_column(column, column, width)
        for column, header in enumerate(table.headers):
            self.write(sheet, (0, column), header, bold=True)
        start = 1 if table.headers else 0
        for number, row in enumerate(table.rows, start):
            for column, cell in enumerate(row):
                self.write(sheet, (number, column), cell)
        if table.headers:
            sheet.freeze_panes(1, 0)
            sheet.repeat_rows(0)
        return str(sheet.get_name())

    def write(
        self,
        sheet: Any,
        place: tuple[int, int],
        cell: Cell,
        *,
        bold: bool = False,
        wrap: bool = False,
    ) -> None:
        """Write a cell; numbers stay numbers, unless a spreadsheet would lose digits of them."""
        row, column = place
        if cell is None or cell == "":
            return
        if isinstance(cell, bool):
            sheet.write_boolean(row, column, cell, self._plain)
        elif isinstance(cell, float) or (isinstance(cell, int) and abs(cell) < _EXACT):
            sheet.write_number(row, column, cell, self._plain)
        else:
            text = self._fitting(sheet, place, shown(cell))
            wraps = wrap or "\n" in text or len(text) > _WIDEST
            self._text(
                sheet, place, text, self._bold if bold else self._wrapped if wraps else self._plain
            )

    def finish(self) -> None:
        """Write the last sheet, if there is anything for it."""
        if not self._long:
            return
        sheet = self.sheet("Long texts")
        row = 0
        for where, text in self._long:
            for piece in pieces(text, _LONGEST_CELL):
                self._text(sheet, (row, 0), where, self._plain)
                self._text(sheet, (row, 1), piece, self._plain)
                row += 1

    def _fitting(self, sheet: Any, place: tuple[int, int], text: str) -> str:
        if len(text) * 2 <= _LONGEST_CELL or _units(text) <= _LONGEST_CELL:
            return text
        where = f"{sheet.get_name()}!R{place[0] + 1}C{place[1] + 1}"
        self._long.append((where, text))
        self.notes.add("a text longer than a cell can hold is whole on the last sheet")
        return next(pieces(text, _LONGEST_CELL - 4)) + " […]"

    def _text(self, sheet: Any, place: tuple[int, int], text: str, form: Any) -> None:
        if text.startswith("<r>") and text.endswith("</r>"):
            # The library takes such a text for markup of its own; in fragments it is escaped.
            sheet.write_rich_string(*place, text[0], text[1:-1], text[-1], form)
        else:
            sheet.write_string(*place, text, form)


def parts(table: Table, most: int) -> Iterator[Table]:
    """Cut a table into ones of at most `most` rows, headers included, each with the headers."""
    size = most - (1 if table.headers else 0)
    rows = iter(table.rows)
    first = tuple(islice(rows, size))
    yield Table(table.headers, first, table.caption)
    while more := tuple(islice(rows, size)):
        yield Table(table.headers, more)


def pieces(text: str, most: int) -> Iterator[str]:
    """Cut a text into pieces of at most `most` UTF-16 units, which is how Excel counts."""
    data = text.encode("utf-16-le")
    start = 0
    while start < len(data):
        end = min(start + 2 * most, len(data))
        if end < len(data) and 0xDC <= data[end + 1] <= 0xDF:
            end -= 2
        yield data[start:end].decode("utf-16-le")
        start = end


def sheet_name(told: str, taken: set[str]) -> str:
    """Return a name that Excel accepts and that is not among `taken` (casefolded)."""
    name = line(_NOT_IN_NAME.sub(" ", told)).strip(" '") or "Table"
    number, made = 1, _short(name, "")
    while made.casefold() in taken:
        number += 1
        made = _short(name, f" {number}")
    return made


def _short(name: str, end: str) -> str:
    return next(pieces(name, _LONGEST_NAME - len(end))).strip(" '") + end


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _widths(table: Table) -> list[int]:
    """Return column widths in characters."""
    widths = [0] * table.width
    for row in sample(table):
        for column, cell in enumerate(row):
            widths[column] = max(widths[column], len(shown(cell)))
    return [min(max(width + 2, 8), _WIDEST) for width in widths]
