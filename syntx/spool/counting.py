"""How many jobs stand where, counted from names alone (no job is opened)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from syntx.spool.counts_cache import CountsCache, Tally
from syntx.spool.layout import (
    ARCHIVE,
    DISCARDED,
    ERROR,
    INCOMING,
    INTAKE_SUFFIX,
    PROCESSED,
    PROCESSING,
    REFUSED_SUFFIX,
    RETRY,
    Kind,
    kind_of,
    moment_of,
    parse_due,
    parse_entry,
    stem_of,
)

_AT_ONCE = 10_000
"""So many names are in cache at once."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many jobs stand where; `waiting` is what the demand of the producer goes by.

    `error` counts refused things too, `refused` those alone.
    """

    incoming: int = 0
    retry: int = 0
    processing: int = 0
    processed: int = 0
    error: int = 0
    archive: int = 0
    oldest_waiting_s: float | None = None
    refused: int = 0

    @property
    def waiting(self) -> int:
        """Jobs that wait to be claimed, now or after a retry's delay."""
        return self.incoming + self.retry


def count(root: Path, *, now: datetime | None = None) -> Counts:
    """Count the jobs below a spool's root; a folder that is not there counts as empty.

    What large folders held is remembered in `.state/`, as long as they do not change.
    """
    now = now or datetime.now(UTC)
    cache = CountsCache(root)
    incoming = cache.tally(INCOMING, _arrivals)
    retry = cache.tally(RETRY, _retries)
    error = _days(cache, root, ERROR)
    counts = Counts(
        incoming=incoming.jobs,
        retry=retry.jobs,
        processing=sum(1 for name in _held(root / PROCESSING) if _is_held(name)),
        processed=_days(cache, root, PROCESSED).jobs,
        error=error.jobs + error.refused,
        archive=_days(cache, root, ARCHIVE).jobs,
        oldest_waiting_s=_oldest(root, incoming, retry, now),
        refused=error.refused,
    )
    cache.keep()
    return counts


def _oldest(root: Path, incoming: Tally, retry: Tally, now: datetime) -> float | None:
    """Return for how many seconds the oldest job waits; dropped files alone tell it by mtime."""
    first = min(filter(None, (incoming.oldest, retry.oldest)), default="")
    if first or not incoming.jobs:
        return _age(first, now)
    changed = []
    with suppress(OSError), os.scandir(root / INCOMING) as entries:
        for entry in islice(entries, _AT_ONCE):
            with suppress(OSError):
                changed.append(entry.stat(follow_symlinks=False).st_mtime)
    return max(0.0, now.timestamp() - min(changed)) if changed else None


def _arrivals(names: Iterator[str]) -> Tally:
    """Count what waits in `incoming/`: entries, and dropped things, a pair as one."""
    jobs, oldest = 0, ""
    dropped = _Dropped()
    while some := list(islice(names, _AT_ONCE)):
        # A million names leave no time for more than this on each that is as expected.
        odd = [name for name in some if name[15:23:7] != ".Z" or name[-5:] != ".json"]
        jobs += len(some) - len(odd) + sum(map(dropped.see, odd))
        oldest = _older(oldest, some)
    return Tally(jobs - dropped.pairs, oldest=oldest)


class _Dropped:
    """Tells of odd names in `incoming/` which wait; a pair is a prompt and its metadata."""

    def __init__(self) -> None:
        # Hashes of the stems, for there may be very many.
        self._prompts: set[int] = set()
        self._sidecars: set[int] = set()

    @property
    def pairs(self) -> int:
        """How many names were seen that belong to another."""
        return len(self._prompts & self._sidecars)

    def see(self, name: str) -> bool:
        """Whether this waits to be claimed, alone or as part of a pair."""
        kind = kind_of(name)
        if kind is Kind.PROMPT:
            self._prompts.add(hash(stem_of(name)))
        elif kind is Kind.JSON and parse_entry(name) is None:
            self._sidecars.add(hash(stem_of(name)))
        return kind not in (Kind.ANSWER, Kind.IN_THE_MAKING)


def _older(oldest: str, names: Sequence[str]) -> str:
    """Return the smallest entry among these and the oldest so far."""
    first = min(names)
    if oldest and oldest <= first:
        return oldest
    if parse_entry(first) is None:
        first = min((name for name in names if parse_entry(name) is not None), default="")
    return min(filter(None, (oldest, first)), default="")


def _retries(names: Iterator[str]) -> Tally:
    waiting = [entry for _, entry in filter(None, map(parse_due, names))]
    return Tally(len(waiting), oldest=min(waiting, default=""))


def _endings(names: Iterator[str]) -> Tally:
    """Count jobs and refused things in a day folder; a second outcome of a job counts as none."""
    jobs = refused = 0
    while some := list(islice(names, _AT_ONCE)):
        odd = [
            name
            for name in some
            if name[15:23:7] != ".Z" or name[-5:] != ".json" or name.count(".") != 2
        ]
        jobs += len(some) - len(odd) + sum(parse_entry(name) is not None for name in odd)
        refused += sum(name.endswith(REFUSED_SUFFIX) for name in odd)
    return Tally(jobs, refused)


def _days(cache: CountsCache, root: Path, state: str) -> Tally:
    days = (day for day in _names(root / state) if day != DISCARDED)
    tallies = [cache.tally(f"{state}/{day}", _endings) for day in days]
    return Tally(sum(each.jobs for each in tallies), sum(each.refused for each in tallies))


def _held(root: Path) -> Iterator[str]:
    for worker in _names(root):
        yield from _names(root / worker)


def _is_held(name: str) -> bool:
    return parse_entry(name) is not None or name.endswith(INTAKE_SUFFIX)


def _names(folder: Path) -> list[str]:
    with suppress(FileNotFoundError, NotADirectoryError):
        return os.listdir(folder)
    return []


def _age(entry: str, now: datetime) -> float | None:
    made = moment_of(entry) if entry else None
    return None if made is None else max(0.0, (now - made).total_seconds())
