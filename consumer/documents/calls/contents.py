"""The parts of documents as a call carries them: taken up to a budget, laid out in tags; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from consumer.documents.extraction.chunking import (
    Budget,
    Remaining,
    next_chunk,
    of_table,
    of_text,
)
from consumer.documents.extraction.models import ContentPart, TypeGroup
from consumer.documents.wording import tagged
from syntx.errors import ContextExceeded

_SHARE = 2
"""A part that must be cut anyway fills up a call of which one part in so many is still free."""


@dataclass(frozen=True, slots=True)
class Position:
    """How far parts were read: up to `start` of part number `part`, `quoted` in a quoted cell."""

    part: int = 0
    start: int = 0
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one part; `header` says that the table's header goes before it."""

    part: int
    start: int
    end: int
    header: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What one call carries, and where the next one goes on."""

    pieces: tuple[Piece, ...]
    then: Position


def readable(parts: Iterable[ContentPart], clean: Callable[[str], str] | None) -> list[ContentPart]:
    """Return the parts that say something, a note standing for content that is none; cleaned."""
    spoken = (part if part.data else _noted(part) for part in parts)
    kept = [part for part in spoken if part.data]
    if clean is None:
        return kept
    return [
        part.model_copy(update={"data": clean(part.data), "label": clean(part.label)})
        for part in kept
    ]


def by_document(parts: Sequence[ContentPart]) -> list[list[ContentPart]]:
    """Return the parts of each document apart, in the order the documents come first."""
    groups: dict[str, list[ContentPart]] = {}
    for part in parts:
        groups.setdefault(part.id.rpartition("-")[0] or part.id, []).append(part)
    return list(groups.values())


def take(
    parts: Sequence[ContentPart], at: Position, limit: int, tokens: Callable[[str], int]
) -> Taken:
    """Return what the next call carries: whole parts while there is room, else a piece of one.

    Raises ContextExceeded when not even the beginning of a part has room.
    """
    pieces: list[Piece] = []
    left = limit
    while at.part < len(parts):
        try:
            piece, then = _next(parts, at, left, tokens)
        except ContextExceeded:
            if not pieces:
                raise
            break
        cut = then.part == at.part
        if cut and pieces and (left * _SHARE < limit or _fits(parts, at, limit, tokens)):
            break
        pieces.append(piece)
        at = then
        if cut:
            break
        left -= tokens(laid_out(parts, piece))
    return Taken(tuple(pieces), at)


def laid_out(parts: Sequence[ContentPart], piece: Piece) -> str:
    """Return a piece between tags that tell what it is of."""
    part = parts[piece.part]
    header = _remaining(part, Position()).header if piece.header else ""
    return _tagged(part, header + part.data[piece.start : piece.end])


def _next(
    parts: Sequence[ContentPart], at: Position, limit: int, tokens: Callable[[str], int]
) -> tuple[Piece, Position]:
    part = parts[at.part]
    budget = Budget(limit, lambda text: tokens(_tagged(part, text)))
    chunk, then = next_chunk(_remaining(part, at), budget)
    piece = Piece(at.part, at.start, then.start, header=chunk.repeated > 0)
    done = Position(at.part + 1) if then.over else Position(at.part, then.start, then.quoted)
    return piece, done


def _fits(
    parts: Sequence[ContentPart], at: Position, limit: int, tokens: Callable[[str], int]
) -> bool:
    """Whether all that remains of a part fits into a call of its own."""
    _, then = _next(parts, at, limit, tokens)
    return then.part > at.part


def _remaining(part: ContentPart, at: Position) -> Remaining:
    whole = of_table(part.data) if part.type_group is TypeGroup.TABLE else of_text(part.data)
    return replace(whole, start=at.start, quoted=at.quoted)


def _tagged(part: ContentPart, text: str) -> str:
    told = {"id": part.id, "label": part.label, "type": part.type_group.value}
    return tagged("content", text, told)


def _noted(part: ContentPart) -> ContentPart:
    note = part.metadata.get("note")
    return part.model_copy(update={"data": f"({note})" if note else ""})
