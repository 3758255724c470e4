"""Where the rows and cells of a CSV text end, line ends in quotes included; pure."""

from __future__ import annotations


def first_row_end(text: str, most: int) -> int:
    """Return where the first row ends, its line end included; 0 when it takes more than `most`."""
    start, inside = 0, False
    while (found := text.find("\n", start, most)) >= 0:
        inside = inside_quotes(text, start, found, inside)
        if not inside:
            return found + 1
        start = found + 1
    return len(text) if len(text) <= most else 0


def last_row_end(text: str, start: int, most: int, quoted: bool) -> int:
    """Return the end of the last row that ends up to `most`; `start` where none does.

    `quoted` says that `start` lies inside a quoted cell.
    """
    return _last("\n", text, start, most, quoted)


def last_cell_end(text: str, start: int, most: int, quoted: bool) -> int:
    """Return the place after the last comma between cells up to `most`; `start` without one."""
    return _last(",", text, start, most, quoted)


def inside_quotes(text: str, start: int, end: int, quoted: bool) -> bool:
    """Whether `end` lies inside a quoted cell, `quoted` saying so of `start`."""
    return (text.count('"', start, end) % 2 == 1) != quoted


def _last(mark: str, text: str, start: int, most: int, quoted: bool) -> int:
    end, inside = most, inside_quotes(text, start, most, quoted)
    while (found := text.rfind(mark, start, end)) >= 0:
        inside = inside_quotes(text, found, end, inside)
        if not inside:
            return found + 1
        end = found
    return start
