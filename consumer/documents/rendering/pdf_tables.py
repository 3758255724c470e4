"""Tables in a PDF: cells wrap, the header is repeated, a cell longer than a page goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable
from reportlab.platypus import Table as Grid

from consumer.documents.rendering.blocks import Table
from consumer.documents.rendering.pdf_cells import (
    LINE,
    PADDING,
    Markup,
    Row,
    column_widths,
    continued,
    cut,
    height,
    wrapped,
)
from consumer.documents.rendering.pdf_styles import styles
from consumer.documents.rendering.tables import number_columns

_LOOK = [
    ("GRID", (0, 0), (-1, -1), 0.4, HexColor("#999999")),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), PADDING),
    ("RIGHTPADDING", (0, 0), (-1, -1), PADDING),
    ("TOPPADDING", (0, 0), (-1, -1), PADDING),
    ("BOTTOMPADDING", (0, 0), (-1, -1), PADDING),
]
_HEADER_LOOK = ("BACKGROUND", (0, 0), (-1, 0), HexColor("#eeeeee"))


@dataclass(frozen=True)
class _Plan:
    """What stays the same on every page a table takes; heights and widths in points."""

    table: Table
    header: Row
    widths: list[float]
    page: float
    markup: Markup
    look: list[Any]

    @property
    def top(self) -> float:
        """Height of the header that is repeated."""
        return height(self.header) if self.header else 0.0

    def row(self, number: int) -> Row:
        """Return a row of the table, wrapped into its columns."""
        return wrapped(self.table.rows[number], self.widths, self.markup)


@dataclass(frozen=True)
class _Taken:
    """The rows that fit on a page, and where the next page goes on."""

    rows: list[Row]
    next: int
    left: Row | None


class RuledTable(Flowable):  # type: ignore[misc]
    """What is left of a table: only the rows of the page in hand are ever laid out."""

    def __init__(self, plan: _Plan, next: int = 0, left: Row | None = None) -> None:
        super().__init__()
        self._plan, self._next, self._left = plan, next, left
        self._memo: tuple[float, _Taken] | None = None

    def wrap(self, width: float, space: float) -> tuple[float, float]:
        """Return the size; one that does not fit only says so, to be split.

        Without a limit, a heading asks what must stay with it: that is the first row.
        """
        if space > 2 * self._plan.page:
            return width, self._plan.top + 3 * LINE
        taken = self._take(space)
        if not self._is_last(taken):
            return width, space + 1
        return width, self._plan.top + sum(map(height, taken.rows))

    def split(self, width: float, space: float) -> list[Any]:
        """Return the grid that fits and the rest; nothing when not one row fits."""
        taken = self._take(space)
        if not taken.rows and self._plan.table.rows:
            return []
        if self._is_last(taken):
            return [self._grid(taken)]
        return [self._grid(taken), RuledTable(self._plan, taken.next, taken.left)]

    def draw(self) -> None:
        """Draw the table when all that is left of it fits."""
        assert self._memo is not None
        grid = self._grid(self._memo[1])
        grid.wrapOn(self.canv, 0, 0)
        grid.drawOn(self.canv, 0, 0)

    def _is_last(self, taken: _Taken) -> bool:
        return taken.next == len(self._plan.table.rows) and taken.left is None

    def _take(self, space: float) -> _Taken:
        if self._memo is None or self._memo[0] != space:
            self._memo = space, self._fill(space - self._plan.top)
        return self._memo[1]

    def _fill(self, space: float) -> _Taken:
        rows: list[Row] = []
        next, row = self._next, self._left
        while row is not None or next < len(self._plan.table.rows):
            if row is None:
                row, next = self._plan.row(next), next + 1
            needed = height(row)
            if needed > space:
                return self._end(_Taken(rows, next, row), space)
            rows.append(row)
            space -= needed
            row = None
        return _Taken(rows, next, None)

    def _end(self, taken: _Taken, space: float) -> _Taken:
        """End a page at a row that does not fit: a tall one is cut, any other goes over."""
        if taken.left is None or space < 4 * LINE:
            return taken
        if height(taken.left) < (self._plan.page - self._plan.top) / 2:
            return taken
        here, there = cut(taken.left, self._plan.widths, space)
        return _Taken([*taken.rows, here], taken.next, there)

    def _grid(self, taken: _Taken) -> Any:
        rows = [*([self._plan.header] if self._plan.header else []), *taken.rows]
        heights = [height(row) for row in rows]
        return Grid(rows, self._plan.widths, heights, self._plan.look, hAlign="LEFT")


def ruled(table: Table, markup: Markup, page: tuple[float, float]) -> Iterator[Any]:
    """Yield a table for a page of this width and height in points, or nothing for an empty one.

    A header taller than a quarter of the page is an ordinary row, or nothing would fit below it.
    """
    width, tall = page
    widths = column_widths(table, width)
    right = number_columns(table)
    header = wrapped(table.headers, widths, markup, styles().header) if table.headers else []
    if header and height(header) > tall / 4:
        table, header = Table((), (table.headers, *table.rows)), []
    table = replace(table, rows=continued(table.rows))
    if header or table.rows:
        yield RuledTable(_Plan(table, header, widths, tall, markup, _look(bool(header), right)))


def _look(headed: bool, right: list[int]) -> list[Any]:
    style = styles().cell
    font = ("FONT", (0, 0), (-1, -1), style.fontName, style.fontSize, style.leading)
    aligned = [("ALIGN", (column, 0), (column, -1), "RIGHT") for column in right]
    return [*_LOOK, font, *aligned, *([_HEADER_LOOK] if headed else [])]
