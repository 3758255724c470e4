"""Failures by cause: what lies in `error/` and waits in `retry/`, grouped by what is wrong."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import nlargest
from pathlib import Path

from syntx.observing.failures_advice import advice
from syntx.observing.failures_patterns import pattern_of
from syntx.observing.failures_reading import Failure, Kind, Place, failure_at, place_of
from syntx.spool.layout import ERROR, RETRY

MOST = 20_000
"""So many failures are looked at unless more are asked for."""
BUCKET = timedelta(hours=2)
BUCKETS = 12

_HEX = 4
"""So many digits tell groups of one reason apart, more where two would have the same."""
_LONGEST_REASON = 40


@dataclass(frozen=True, slots=True)
class Group:
    """Failures with one cause. `key` names it on the command line and stays the same over time.

    `sample` is the ID of the newest, `message` what that one said. `trend` counts those of the
    last day, two hours each, oldest first. `advice` says what helps, `command` does it or shows
    more.
    """

    key: str
    kind: Kind
    reason: str
    pattern: str
    count: int
    first: str
    last: str
    sample: str
    message: str
    trend: tuple[int, ...]
    advice: str
    command: str


@dataclass(frozen=True, slots=True)
class Failures:
    """Groups, the most frequent first; `left` more lie there, older ones, and were not read."""

    groups: tuple[Group, ...]
    looked_at: int
    left: int


def failures(
    root: Path, *, most: int = MOST, now: datetime | None = None, since: datetime | None = None
) -> Failures:
    """Group the failures in a queue by cause, those that ended at `since` or later.

    At most `most` are read, newest first; what moves away meanwhile is passed over.
    """
    found, left = read_failures(root, most)
    wanted = [one for one in found if since is None or one.at >= since]
    return Failures(grouped(wanted, now or datetime.now(UTC)), len(found), left)


def read_failures(root: Path, most: int) -> tuple[list[Failure], int]:
    """Read the newest failures of a queue, and count those that were left."""
    waiting, later = _newest([str(root / RETRY)], most // 2)
    days = sorted(_names(str(root / ERROR)), reverse=True)
    failed, older = _newest([f"{root / ERROR}/{day}" for day in days], most - len(waiting))
    found = (failure_at(place) for place in waiting + failed)
    return [one for one in found if one is not None], later + older


def grouped(found: Iterable[Failure], now: datetime) -> tuple[Group, ...]:
    """Group failures by cause, the most frequent first."""
    groups: dict[str, list[Failure]] = {}
    for one in found:
        groups.setdefault(whole_key(one), []).append(one)
    ranked = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    keys = short_keys(list(groups))
    return tuple(_group(keys[key], members, now) for key, members in ranked)


def whole_key(one: Failure) -> str:
    """Return the name of a failure's group with all its digits; any beginning of four means it."""
    cause = "\n".join((one.kind, one.reason, pattern_of(one.message)))
    digest = hashlib.sha256(cause.encode("utf-8", "replace")).hexdigest()[:16]
    word = re.sub(r"[^a-z0-9_]+", "_", one.reason.lower())[:_LONGEST_REASON].strip("_")
    return f"{word or 'other'}-{digest}"


def is_named(whole: str, key: str) -> bool:
    """Whether `key` names the group of that whole key."""
    digits = key.rpartition("-")[2]
    return len(digits) >= _HEX and whole.startswith(key) and whole.count("-") == key.count("-")


def short_keys(keys: Sequence[str]) -> dict[str, str]:
    """Shorten whole keys so far that each still means one group."""
    length = _HEX
    while True:
        short = {key: key[: key.rindex("-") + 1 + length] for key in keys}
        twice = Counter(short.values())
        if len(twice) == len(keys) or length >= 16:
            return short
        length += 2


def _group(key: str, members: Sequence[Failure], now: datetime) -> Group:
    newest = max(members, key=lambda one: (one.at, one.id))
    told = advice(newest.kind, newest.reason)
    return Group(
        key=key,
        kind=newest.kind,
        reason=newest.reason,
        pattern=pattern_of(newest.message),
        count=len(members),
        first=_stamp(min(one.at for one in members)),
        last=_stamp(newest.at),
        sample=newest.id,
        message=newest.message,
        trend=_trend((one.at for one in members), now),
        advice=told.text,
        command=told.command.format(key=key, sample=shlex.quote(newest.id)),
    )


def _trend(moments: Iterable[datetime], now: datetime) -> tuple[int, ...]:
    counts = [0] * BUCKETS
    for moment in moments:
        # A clock that is ahead a little counts as now.
        age = max(0, (now - moment) // BUCKET)
        if age < BUCKETS:
            counts[BUCKETS - 1 - age] += 1
    return tuple(counts)


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _newest(folders: Iterable[str], most: int) -> tuple[list[Place], int]:
    """Return the newest things in folders, the newest folder first, and how many were left."""
    places: list[Place] = []
    left = 0
    for folder in folders:
        names = _names(folder)
        newest = nlargest(most - len(places), names)
        left += len(names) - len(newest)
        places += (place for name in newest if (place := place_of(folder, name)) is not None)
    return places, left


def _names(folder: str) -> list[str]:
    with suppress(FileNotFoundError, NotADirectoryError):
        return os.listdir(folder)
    return []
