"""Why jobs failed or wait for another try, told from a look into a few of them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from syntx.observing.failures_reading import Place, failure_at, place_of
from syntx.spool.layout import ERROR, RETRY

MOST_LOOKED_AT = 100
"""So many jobs of a state are opened at most, however many lie there."""


def reasons(root: Path) -> dict[str, dict[str, int]]:
    """Return the reasons in `retry/` and `error/` of a queue with their numbers, newest day first.

    At most 100 jobs of each are looked at, so that it takes no longer with a million.
    """
    days = sorted(_names(root / ERROR), reverse=True)
    failed = (place for day in days for place in _jobs(root / ERROR / day))
    return {RETRY: _counted(_jobs(root / RETRY)), ERROR: _counted(failed)}


def told(found: dict[str, int]) -> str:
    """Say reasons in words, the most frequent first."""
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{number} {reason}" for reason, number in ranked)


def _counted(places: Iterator[Place]) -> dict[str, int]:
    found = (failure_at(place) for place in islice(places, MOST_LOOKED_AT))
    return dict(Counter(one.reason for one in found if one is not None))


def _jobs(folder: Path) -> Iterator[Place]:
    for name in _names(folder):
        place = place_of(str(folder), name)
        if place is not None and place.state in ("job", "retry"):
            yield place


def _names(folder: Path) -> Iterator[str]:
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        yield from (entry.name for entry in entries)
