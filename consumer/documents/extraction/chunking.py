"""Content cut piece by piece: the next piece is made when its reader is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from consumer.documents.extraction.cutting_rows import (
    first_row_end,
    inside_quotes,
    last_cell_end,
    last_row_end,
)
from consumer.documents.extraction.cutting_text import best_cut, safe_cut
from syntx.errors import ContextExceeded

_ROUGHLY = 50
_SLOWEST = 8
_FIRST_STEP = 64
_LONGEST_HEADER = 65_536
_HEADER_SHARE = 2
"""A header that takes more than one part in so many of a budget is not repeated."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a piece may take as it is sent: `measure` tells what a text comes to, `limit` the most.

    `measure` must not shrink when a text grows.
    """

    limit: int
    measure: Callable[[str], int]

    def fits(self, text: str) -> bool:
        """Whether a text is within the budget."""
        return self.measure(text) <= self.limit


@dataclass(frozen=True, slots=True)
class Remaining:
    """What of a text is still to be cut; of a table, with its header line.

    `quoted` says that the last piece ended inside a quoted cell.
    """

    text: str
    start: int = 0
    header: str = ""
    table: bool = False
    quoted: bool = False

    @property
    def over(self) -> bool:
        """Whether all was cut."""
        return self.start >= len(self.text)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece: `text` is what is sent, its first `repeated` characters are the table's header.

    `cut_row` says that a row larger than the budget goes on in the next piece.
    """

    text: str
    repeated: int = 0
    cut_row: bool = False

    @property
    def own(self) -> str:
        """What of the original it holds; these, one after the other, are the original."""
        return self.text[self.repeated :]


def of_text(text: str) -> Remaining:
    """Return a plain text as something to cut."""
    return Remaining(text)


def of_table(text: str) -> Remaining:
    """Return CSV with a header line as something to cut."""
    return Remaining(text, header=text[: first_row_end(text, _LONGEST_HEADER)], table=True)


def next_chunk(remaining: Remaining, budget: Budget) -> tuple[Chunk, Remaining]:
    """Cut the next piece for a budget, and return it with what then remains.

    It is never empty. A table is cut between rows, a row only where it alone exceeds the budget.
    Raises ContextExceeded when not even a character, or a whole placeholder, is within the budget.
    """
    for header in _headers(remaining, budget):
        most = _reach(remaining, header, budget)
        end = _end(remaining, most)
        if end > remaining.start:
            return _cut(remaining, header, end)
    raise ContextExceeded(
        f"a piece of {budget.limit} tokens or bytes has no room for any content",
        fix="ask a model with a longer context, or shorten the request",
    )


def all_chunks(remaining: Remaining, budget: Budget) -> Iterator[Chunk]:
    """Cut all that remains for one budget; raises ContextExceeded as `next_chunk` does."""
    while not remaining.over:
        chunk, remaining = next_chunk(remaining, budget)
        yield chunk


def _headers(remaining: Remaining, budget: Budget) -> tuple[str, ...]:
    header = remaining.header
    repeated = remaining.start >= len(header) > 0
    if repeated and budget.measure(header) * _HEADER_SHARE <= budget.limit:
        return (header, "")
    return ("",)


def _reach(remaining: Remaining, header: str, budget: Budget) -> int:
    """Return how far a piece could reach if it may be cut anywhere, but for a few hundredths."""
    text, start = remaining.text, remaining.start
    rest = len(text) - start
    good, bad, length = 0, rest + 1, min(rest, max(1, budget.limit))
    while good < rest and (bad > rest or bad - good > max(1, good // _ROUGHLY)):
        size = budget.measure(header + text[start : start + length])
        if size <= budget.limit:
            good = length
        else:
            bad = length
        step = min(bad - good, good + _FIRST_STEP) // _SLOWEST
        # The likely length is tried next, unless that would help too little.
        likely = length * budget.limit // max(1, size)
        most = rest if bad > rest else bad - 1 - step
        length = min(rest, max(good + 1 + step, min(most, likely)))
    return start + good


def _end(remaining: Remaining, most: int) -> int:
    text, start = remaining.text, remaining.start
    if most >= len(text):
        return len(text)
    if not remaining.table:
        return best_cut(text, start, most)
    end = last_row_end(text, start, most, remaining.quoted)
    if end > start:
        return end
    cell = last_cell_end(text, start, most, remaining.quoted)
    return cell if cell - start > (most - start) // 2 else safe_cut(text, start, most)


def _cut(remaining: Remaining, header: str, end: int) -> tuple[Chunk, Remaining]:
    text, start = remaining.text, remaining.start
    own = text[start:end]
    quoted = remaining.table and inside_quotes(text, start, end, remaining.quoted)
    inside_row = remaining.table and end < len(text) and (quoted or not own.endswith("\n"))
    chunk = Chunk(header + own, len(header), inside_row)
    return chunk, replace(remaining, start=end, quoted=quoted)
