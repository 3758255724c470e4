"""Sheets whose few cells lie so far apart that a full table of them would burst."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from consumer.documents.extraction.finding import Source
from consumer.documents.extraction.ooxml import Package, every, joined, local
from consumer.documents.extraction.pinned import sheet_members

_CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_ROW = re.compile(rb"""<row [^>]*?\br=["']([0-9]{1,7})["']""")
_THREE = re.compile(rb"""\br=["'][A-Z]{3}[0-9]""")
_TWO = re.compile(rb"""\br=["'][A-Z]{2}[0-9]""")
_MANY = 20_000_000
_SPARSE = 20


def is_scattered(source: Source, sheet: str) -> bool:
    """Whether the rectangle around all cells has many places, and few of them are filled."""
    data = _data(source, sheet)
    if _most_places(data) <= max(_MANY, data.count(b"<c ") * _SPARSE):
        return False
    rows, columns, count = set[int](), set[int](), 0
    for found in _CELL.finditer(data):
        count += 1
        columns.add(_number(found[1]))
        rows.add(int(found[2]))
    return bool(count) and max(rows) * max(columns) > max(_MANY, count * _SPARSE)


def _most_places(data: bytes) -> int:
    """A quick upper bound, by the last row and the letters of the widest column."""
    last = _ROW.search(data, max(data.rfind(b"<row "), 0))
    rows = int(last[1]) if last else 1_048_576
    return rows * (16_384 if _THREE.search(data) else 702 if _TWO.search(data) else 26)


def scattered(source: Source, sheet: str) -> Iterator[list[str]]:
    """Yield a header, then name and value of each filled cell."""
    package = Package(source)
    strings = _strings(package)
    root = package.xml(sheet_members(package, package.main("xl/workbook.xml"))[sheet])
    yield ["cell", "value"]
    for cell in every(root, "c"):
        value = _value(cell, strings)
        if value:
            yield [str(cell.get("r", "")), value]


def _value(cell: Any, strings: list[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return joined(cell, "t")
    value = next((one.text or "" for one in cell if local(one) == "v"), "")
    if kind == "s" and value.isdigit():
        return strings[int(value)] if int(value) < len(strings) else ""
    return {"1": "TRUE", "0": "FALSE"}.get(value, value) if kind == "b" else value


def _strings(package: Package) -> list[str]:
    for one in package.of_kind(package.main("xl/workbook.xml"), "sharedStrings"):
        root = package.xml(one.target)
        return [] if root is None else [joined(entry, "t") for entry in every(root, "si")]
    return []


def _data(source: Source, sheet: str) -> bytes:
    package = Package(source)
    members = sheet_members(package, package.main("xl/workbook.xml"))
    return package.data(members[sheet]) if sheet in members else b""


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
