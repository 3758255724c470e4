"""Spreadsheets (XLSX, XLSB, XLS, ODS): every sheet, hidden ones too, and what is pinned to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from consumer.documents.extraction.finding import Finding, Source, Trouble, Unreadable, table
from consumer.documents.extraction.pinned import pinned
from consumer.documents.extraction.scattered import is_scattered, scattered
from consumer.documents.extraction.sniffing import XLS, XLSX
from consumer.documents.extraction.zipped import open_zip
from consumer.documents.needing import need


def extract(source: Source) -> Iterator[Finding]:
    """Yield each sheet as a table of what its cells show, formulas by their last results."""
    if source.mime_type != XLS:
        open_zip(source).close()
    extras = pinned(source) if source.mime_type == XLSX else {}
    yield from extras.pop("", ())
    found = False
    for finding in _sheets(source, extras):
        found = found or not isinstance(finding, Trouble)
        yield finding
    if not found:
        yield Trouble("empty", "no cell is filled")


def _sheets(source: Source, extras: dict[str, list[Finding]]) -> Iterator[Finding]:
    """Yield the sheets, each followed by what is pinned to it."""
    try:
        book = _open(source)
    except Unreadable:
        raise
    except Exception as error:  # what the reader refuses may still hold cells
        if not extras:
            raise
        yield Trouble("incomplete", f"the workbook is damaged, its cells are listed: {error}")
        for name, extra in extras.items():
            yield from table(f"sheet {name}", scattered(source, name), sheet=name)
            yield from extra
        return
    for sheet in book.sheets_metadata:
        yield from _sheet(book, source, sheet.name, _told(sheet))
        yield from extras.get(sheet.name, ())


def _open(source: Source) -> Any:
    calamine = need("python_calamine", "reading spreadsheets")
    try:
        return calamine.CalamineWorkbook.from_filelike(source.open())
    except calamine.PasswordError as error:
        raise Unreadable("encrypted", "the spreadsheet is encrypted") from error


def _sheet(book: Any, source: Source, name: str, told: dict[str, Any]) -> Iterator[Finding]:
    label = f"sheet {name}"
    if source.mime_type == XLSX and is_scattered(source, name):
        note = "its cells lie far apart: given as one row for each cell"
        yield from table(label, scattered(source, name), **told, note=note)
        return
    try:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (MemoryError, Unreadable):
        raise
    except Exception as error:  # chart sheets and broken ones
        if str(told.get("kind", "WorkSheet")) == "WorkSheet":
            yield Trouble("incomplete", f"sheet {name} cannot be read: {error}")
        return
    yield from table(label, ([_shown(cell) for cell in row] for row in rows), **told)


def _told(sheet: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"sheet": sheet.name, "kind": _word(sheet.typ)}
    return told if _word(sheet.visible) == "Visible" else {**told, "hidden": True}


def _word(constant: object) -> str:
    return str(constant).rpartition(".")[2]


def _shown(cell: object) -> str:
    """A cell as people write it: whole numbers without `.0`, days without midnight."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        midnight = cell.time() == time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)
