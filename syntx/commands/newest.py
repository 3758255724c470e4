"""The jobs of a queue, the newest first, by names alone; it opens and changes nothing."""

from __future__ import annotations

import heapq
import os
from collections.abc import Collection, Iterator
from itertools import dropwhile, takewhile
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from syntx.spool.layout import (
    ARCHIVE,
    DISCARDED,
    ERROR,
    INCOMING,
    PROCESSED,
    PROCESSING,
    REFUSED_SUFFIX,
    RETRY,
    parse_due,
    parse_entry,
)

State = Literal[
    "incoming", "processing", "retry", "processed", "error", "refused", "archive", "discarded"
]
"""Where a job is; `refused` is what could not be taken, `discarded` what was put aside."""

STATES: tuple[State, ...] = get_args(State)
STANDING = frozenset(STATES) - {"discarded"}
"""All states but the one nobody waits for."""

_STAMP = len("20261120T193000.123456Z")
_DAYS: tuple[tuple[str, frozenset[State]], ...] = (
    (PROCESSED, frozenset({"processed"})),
    (ERROR, frozenset({"error", "refused"})),
    (ARCHIVE, frozenset({"archive"})),
    (f"{ARCHIVE}/{DISCARDED}", frozenset({"discarded"})),
)


class Place(NamedTuple):
    """A job by what its name tells; `path` leads to its file or folder."""

    id: str
    state: State
    path: str


class Span(NamedTuple):
    """From when to when jobs were made (both inclusive), as IDs begin: `20261120T193000.…Z`."""

    since: str = ""
    until: str = "~"


ALWAYS = Span()


def newest_first(
    root: Path, states: Collection[State] = STANDING, span: Span = ALWAYS
) -> Iterator[Place]:
    """Give the jobs in these states that were made in this span, the newest first.

    A day is listed only when all newer jobs were taken. A job that moves meanwhile may be missed
    or met twice.
    """
    streams = []
    if "incoming" in states:
        streams.append(_flat(root / INCOMING, "incoming"))
    if "retry" in states:
        streams.append(_flat(root / RETRY, "retry"))
    if "processing" in states:
        holders = _names(root / PROCESSING)
        streams += [_flat(root / PROCESSING / name, "processing") for name in holders]
    streams += [
        _by_day(root / folder, wanted.intersection(states), span)
        for folder, wanted in _DAYS
        if wanted.intersection(states)
    ]
    merged = heapq.merge(*streams, key=_made_at, reverse=True)
    not_later = dropwhile(lambda place: _made_at(place)[:_STAMP] > span.until, merged)
    return takewhile(lambda place: _made_at(place) >= span.since, not_later)


def _flat(folder: Path, state: State) -> Iterator[Place]:
    # Most names are never looked at more closely than by their order.
    for name in sorted(_names(folder), key=_order, reverse=True):
        due = parse_due(name)
        entry = parse_entry(due[1] if due else name)
        if entry is not None:
            yield Place(entry.id, state, f"{folder}/{name}")


def _by_day(folder: Path, wanted: Collection[State], span: Span) -> Iterator[Place]:
    days = sorted((name for name in _names(folder) if name != DISCARDED), reverse=True)
    # What was refused may lie in a later day's folder than its ID tells.
    until = "~" if "refused" in wanted else _day(span.until)
    for day in takewhile(lambda day: day >= _day(span.since), days):
        for name in sorted(_names(folder / day), key=_order, reverse=True) if day <= until else ():
            place = _ended(f"{folder}/{day}/{name}", name, wanted)
            if place is not None:
                yield place


def _day(stamp: str) -> str:
    """Return the day folder of a stamp; the open ends of a span stay open."""
    return f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}" if len(stamp) > 1 else stamp


def _ended(path: str, name: str, wanted: Collection[State]) -> Place | None:
    """Tell what lies in a day folder; None for what is not wanted, and a job's second outcome."""
    is_refused = name.endswith(REFUSED_SUFFIX)
    entry = parse_entry(name.removesuffix(REFUSED_SUFFIX))
    for state in wanted:
        if entry is not None and (state == "discarded" or (state == "refused") == is_refused):
            return Place(entry.id, state, path)
    return None


def _order(name: str) -> str:
    """Return a name without what may stand before its time: when it is due, and a priority."""
    entry = name.partition("~")[2] or name
    return entry[2:] if entry[1:2] == "-" else entry


def _made_at(place: Place) -> str:
    return _order(place.id)


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []
