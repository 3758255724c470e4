"""The cells of a table in a PDF: how wide, how tall, and how a tall one is cut in two."""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest
from typing import Any

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Paragraph as Text

from consumer.documents.rendering.blocks import Table
from consumer.documents.rendering.cleaning import Cell, shown
from consumer.documents.rendering.pdf_styles import styles
from consumer.documents.rendering.tables import sample, share

Markup = Callable[[str, Any], str]
Row = list[Any]

PADDING = 3.0
LINE = 11.0
_NARROWEST = 26.0
_SHORT = 60
_LONG = 4000


def wrapped(cells: tuple[Cell, ...], widths: list[float], markup: Markup, style: Any = None) -> Row:
    """Return a row of cells, each wrapped into its column."""
    return [
        _cell(cell, width - 2 * PADDING, markup, style)
        for cell, width in zip(cells, widths, strict=True)
    ]


def portions(text: str, most: int) -> list[str]:
    """Cut a text into parts of at most `most` characters, at line breaks or spaces if it has any.

    The library needs time in the square of the length of a paragraph.
    """
    found = []
    while len(text) > most:
        end = max(text.rfind("\n", most // 2, most), 0) or max(text.rfind(" ", 0, most), 0) or most
        found.append(text[:end])
        text = text[end:].removeprefix("\n") if text[end] == "\n" else text[end:].lstrip(" ")
    return [*found, text]


def continued(rows: tuple[tuple[Cell, ...], ...]) -> tuple[tuple[Cell, ...], ...]:
    """Let very long texts go on in rows of their own, which is what they look like anyway."""
    found: list[tuple[Cell, ...]] = []
    for row in rows:
        if any(isinstance(cell, str) and len(cell) > _LONG for cell in row):
            cells = [portions(cell, _LONG) if isinstance(cell, str) else [cell] for cell in row]
            found += zip_longest(*cells)
        else:
            found.append(row)
    return tuple(found)


def height(row: Row) -> float:
    """Return the height of a wrapped row in points."""
    inner = max(LINE if isinstance(cell, str) else float(cell.height) for cell in row)
    return inner + 2 * PADDING


def cut(row: Row, widths: list[float], space: float) -> tuple[Row, Row]:
    """Cut a wrapped row in two, the first at most `space` points tall."""
    halves = [
        _halves(cell, width - 2 * PADDING, space - 2 * PADDING)
        for cell, width in zip(row, widths, strict=True)
    ]
    return [here for here, _ in halves], [there for _, there in halves]


def column_widths(table: Table, width: float) -> list[float]:
    """Give each column what its texts need; the wide ones share what the narrow ones leave."""
    needed = [_NARROWEST] * table.width
    bold, plain = styles().header, styles().cell
    for number, row in enumerate(sample(table)):
        style = plain if number else bold
        for column, cell in enumerate(row):
            text = max(shown(cell)[:500].split("\n"), key=len)
            wide = stringWidth(text, style.fontName, style.fontSize) + 2 * PADDING + 1
            needed[column] = max(needed[column], wide)
    return share(needed, width)


def _cell(cell: Cell, width: float, markup: Markup, style: Any) -> Any:
    """Return a cell: a plain text where it fits its column, which is much faster to set."""
    use = style or styles().cell
    told = markup(shown(cell), use)
    plain = style is None and len(told) <= _SHORT and not ("<" in told or "&" in told)
    if plain and stringWidth(told, use.fontName, use.fontSize) <= width:
        return told
    made = Text(told, use)
    made.wrap(width, 0)
    return made


def _halves(cell: Any, width: float, space: float) -> tuple[Any, Any]:
    if isinstance(cell, str):
        return cell, ""
    halves = cell.split(width, space)
    for half in halves:
        half.wrap(width, 0)
    if not halves:
        return "", cell
    return halves[0], halves[1] if len(halves) > 1 else ""
