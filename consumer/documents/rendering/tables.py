"""Tables of any shape made even, and even tables cut to what a page can hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from consumer.documents.rendering.blocks import Paragraph, Table
from consumer.documents.rendering.cleaning import Cell, Notes, cell_of, shown, text_of
from consumer.documents.rendering.taking import Element, as_list

_PADDING = 1_000_000


def read_table(
    headers: object, rows: object, caption: str, notes: Notes
) -> list[Table | Paragraph]:
    """Return the table that headers and rows of any shape make: none of nothing.

    Rows may be lists, records or single values. Short rows are padded. A few rows that are far
    wider than the rest would blow the table up; it is then read as lines of text.
    """
    names = [text_of(header, notes) for header in as_list(headers)]
    known = set(names)
    told = [_cells(row, names, known, notes) for row in as_list(rows)]
    width = max([len(names), *map(len, told)])
    above = [Paragraph(caption)] if caption else []
    if not width:
        return [*above]
    if width * len(told) > 10 * sum(map(len, told)) + _PADDING:
        notes.add("a table with rows of very unequal width was written as lines of text")
        lines = [names, *([shown(cell) for cell in row] for row in told)]
        return [*above, *(Paragraph(" | ".join(cells)) for cells in lines if any(cells))]
    short = sum(len(row) < width for row in told)
    if short:
        notes.add("a row of a table was shorter than the table and was filled up", short)
    if names and len(names) < width:
        notes.add("a table had more columns than headers")
    even = tuple((*row, *[None] * (width - len(row))) for row in told)
    return [Table(tuple(names + [""] * (width - len(names))) if names else (), even, caption)]


def records(elements: Sequence[Mapping[str, object]], notes: Notes) -> list[Table | Paragraph]:
    """Return the table that a run of plain records makes, a column for each key."""
    return read_table(None, list(elements), "", notes)


def bands(table: Table, columns: int) -> Iterator[Table]:
    """Cut a table that is wider than `columns` into several, each led by its first column."""
    if table.width <= columns:
        yield table
        return
    for start in range(1, table.width, columns - 1):
        end = start + columns - 1
        yield Table(
            (*table.headers[:1], *table.headers[start:end]),
            tuple((row[0], *row[start:end]) for row in table.rows),
            table.caption if start == 1 else "",
        )


def share(needed: Sequence[float], width: float) -> list[float]:
    """Give each column what it needs; the wide ones share evenly what the narrow ones leave."""
    given = [0.0] * len(needed)
    for done, column in enumerate(sorted(range(len(needed)), key=needed.__getitem__)):
        given[column] = min(needed[column], width / (len(needed) - done))
        width -= given[column]
    return given


def sample(table: Table) -> tuple[tuple[Cell, ...], ...]:
    """Return the headers and some hundred rows from the first to the last, to measure."""
    rows = table.rows[:: len(table.rows) // 300 + 1] + table.rows[-1:]
    return (table.headers, *rows)


def number_columns(table: Table) -> list[int]:
    """Return the columns that hold numbers alone."""
    found = []
    for column in range(table.width):
        cells = [row[column] for row in table.rows if row[column] is not None]
        if cells and all(map(is_number, cells)):
            found.append(column)
    return found


def is_number(cell: Cell) -> bool:
    """Tell whether a cell is a number; true and false are none."""
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _cells(row: object, names: list[str], known: set[str], notes: Notes) -> list[Cell]:
    if isinstance(row, Mapping):
        element = Element(row, notes)
        within = element.take("cells")
        if not isinstance(within, list) or element.rest():
            return _record(row, names, known, notes)
        row = within
    return [cell_of(value, notes) for value in as_list(row)]


def _record(
    row: Mapping[str, object], names: list[str], known: set[str], notes: Notes
) -> list[Cell]:
    """Put a record under its headers; a key that has none adds one."""
    keyed = {text_of(key, notes): cell_of(value, notes) for key, value in row.items()}
    names += [key for key in keyed if key not in known]
    known.update(keyed)
    return [keyed.pop(name, None) for name in names]
