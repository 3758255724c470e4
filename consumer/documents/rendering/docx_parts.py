"""What python-docx has no words for: list numbering, and tables of many rows."""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from consumer.documents.rendering.blocks import Table
from consumer.documents.rendering.cleaning import Cell, shown
from consumer.documents.rendering.tables import number_columns, sample, share

_LEVELS = 9
_INDENT = 360
_DOTS = "•◦▪"
_CHARACTER = 100_000.0
_PADDING = 180_000.0
_NARROWEST = 360_000.0
_LONG = 400


class Body:
    """The body of a Word file; unlike the library's own it takes no longer the more there is."""

    def __init__(self, file: Any) -> None:
        self._end = file.element.body.sectPr
        self._styles = {style.name: style.style_id for style in file.styles}

    def append(self, text: str, style: str) -> Any:
        """Append a paragraph in a style of this name; return its element."""
        paragraph = OxmlElement("w:p")
        paragraph.get_or_add_pPr().append(_made("w:pStyle", val=self._styles[style]))
        if text:
            paragraph.add_r().text = text
        self._end.addprevious(paragraph)
        return paragraph


class Numbering:
    """The lists of a Word file: each begins at 1 again, whatever list went before."""

    def __init__(self, file: Any) -> None:
        self._part = file.part.numbering_part.element
        for kind in ("w:abstractNum", "w:num"):
            for old in self._part.findall(qn(kind)):
                self._part.remove(old)
        for number, ordered in enumerate((False, True)):
            self._part.append(_definition(number, ordered))
        self._last = 0

    def start(self, ordered: bool) -> int:
        """Begin a list; return its number for `apply`."""
        self._last += 1
        made = _made("w:num", numId=self._last)
        made.append(_made("w:abstractNumId", val=int(ordered)))
        if ordered:
            for level in range(_LEVELS):
                over = _made("w:lvlOverride", ilvl=level)
                over.append(_made("w:startOverride", val=1))
                made.append(over)
        self._part.append(made)
        return self._last

    def apply(self, paragraph: Any, number: int, level: int) -> None:
        """Make a paragraph an item of a list."""
        told = OxmlElement("w:numPr")
        told.append(_made("w:ilvl", val=level))
        told.append(_made("w:numId", val=number))
        paragraph.get_or_add_pPr()._insert_numPr(told)


def fill_table(file: Any, table: Table, width: int) -> None:
    """Append a table `width` EMU wide at most; its header row is repeated on every page."""
    made = file.add_table(0, table.width, "Table Grid")
    made.autofit = False
    widths = share(_needed(table), width)
    for column, given in zip(made.columns, widths, strict=True):
        column.width = int(given)
    if table.headers:
        made._tbl.append(_header(table.headers))
    right = set(number_columns(table))
    for row in table.rows:
        made._tbl.append(_row(row, right))


def _needed(table: Table) -> list[float]:
    """Return the widths of columns in EMU, guessed from the longest texts."""
    needed = [_NARROWEST] * table.width
    for row in sample(table):
        for column, cell in enumerate(row):
            wide = max(map(len, shown(cell)[:500].split("\n"))) * _CHARACTER + _PADDING
            needed[column] = max(needed[column], wide)
    return needed


def _header(headers: tuple[str, ...]) -> Any:
    row = OxmlElement("w:tr")
    row.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for text in headers:
        cell, run = _cell(text)
        run.get_or_add_rPr().append(OxmlElement("w:b"))
        row.append(cell)
    return row


def _row(cells: tuple[Cell, ...], right: set[int]) -> Any:
    """Return a row; only one with a long text may be cut at the end of a page."""
    row = OxmlElement("w:tr")
    texts = [shown(cell) for cell in cells]
    if max(map(len, texts)) < _LONG:
        row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for column, text in enumerate(texts):
        cell, run = _cell(text)
        if column in right:
            run.getparent().get_or_add_pPr().append(_made("w:jc", val="right"))
        row.append(cell)
    return row


def _cell(text: str) -> tuple[Any, Any]:
    cell, paragraph = OxmlElement("w:tc"), OxmlElement("w:p")
    run = paragraph.add_r()
    run.text = text
    cell.append(paragraph)
    return cell, run


def _definition(number: int, ordered: bool) -> Any:
    made = _made("w:abstractNum", abstractNumId=number)
    made.append(_made("w:multiLevelType", val="hybridMultilevel"))
    for level in range(_LEVELS):
        made.append(_level(level, ordered))
    return made


def _level(level: int, ordered: bool) -> Any:
    made = _made("w:lvl", ilvl=level)
    made.append(_made("w:start", val=1))
    made.append(_made("w:numFmt", val="decimal" if ordered else "bullet"))
    sign = f"%{level + 1}." if ordered else _DOTS[level % len(_DOTS)]
    made.append(_made("w:lvlText", val=sign))
    made.append(_made("w:lvlJc", val="left"))
    properties = OxmlElement("w:pPr")
    properties.append(_made("w:ind", left=_INDENT * (level + 1), hanging=_INDENT))
    made.append(properties)
    return made


def _made(tag: str, **attributes: object) -> Any:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), str(value))
    return element
