"""Job IDs: made, told from other names, and what they tell (pure, standard library only)."""

from __future__ import annotations

import os
import re
import threading
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

_BARE_PATTERN = r"(?:\d-)?\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{4}"
ID_PATTERN = _BARE_PATTERN + r"(?:-[a-z0-9][a-z0-9_-]*)?"
"""What an ID looks like; a priority digit may stand in front."""
ID_LIMIT = 200
"""No ID is longer, so that it and what is put around it fit a file name."""

_ID = re.compile(ID_PATTERN, re.ASCII)
_BARE = re.compile(_BARE_PATTERN, re.ASCII)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_SLUG_LIMIT = 60

ORDER_HELD_FOR = timedelta(seconds=60)
"""A clock set back by more than this starts a new order."""

_TICK = timedelta(microseconds=1)


def slug(text: str) -> str:
    """Return `text` as lower-case ASCII letters, digits and underscores (ä becomes ae)."""
    plain = unicodedata.normalize(
        "NFKD", unicodedata.normalize("NFC", text).lower().translate(_UMLAUTS)
    )
    ascii_only = plain.encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", ascii_only).strip("_")[:_SLUG_LIMIT].strip("_")


def brief(job_id: str) -> str:
    """Return an ID without the slugs at its end; what is no ID is returned as it is."""
    found = _BARE.match(job_id)
    return found[0] if found and is_job_id(job_id) else job_id


class Ticking:
    """Times for IDs, each later than the one before although the clock is set back.

    It runs ahead of the clock by `ORDER_HELD_FOR` at most: a clock that was an hour fast for a
    moment must not make IDs of the future until the hour has passed.
    """

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._next = datetime.min.replace(tzinfo=UTC)
        self._lock = threading.Lock()

    def take(self, count: int = 1) -> datetime:
        """Return the first of `count` successive microseconds that nobody else gets."""
        with self._lock:
            now = self._clock()
            first = self._next if now < self._next <= now + ORDER_HELD_FOR else now
            self._next = first + count * _TICK
            return first


_ticking = Ticking()


def new_id(
    topic: str | None = None, style: str | None = None, *, at: datetime | None = None
) -> str:
    """Make a job ID: UTC time to the microsecond, four random hex digits, slugs for people.

    Without `at`, the IDs of one process ascend although the clock is set back a little.
    """
    moment = (at or _ticking.take()).astimezone(UTC)
    tail = [slug(part) for part in (topic, style) if part]
    stamp = moment.strftime("%Y%m%dT%H%M%S.%f") + "Z"
    return "-".join([stamp, os.urandom(2).hex(), *filter(None, tail)])


def new_ids(names: list[tuple[str | None, str | None]], *, at: datetime | None = None) -> list[str]:
    """Make IDs for a batch, a microsecond apart, so that they sort in the given order."""
    start = at or _ticking.take(len(names))
    return [
        new_id(topic, style, at=start + offset * _TICK)
        for offset, (topic, style) in enumerate(names)
    ]


def is_job_id(text: str) -> bool:
    """Whether `text` is a well-formed job ID (a priority digit may stand in front)."""
    return len(text) <= ID_LIMIT and _ID.fullmatch(text) is not None


def day_of(job_id: str) -> str:
    """Return the UTC day an ID was made on, as YYYY-MM-DD."""
    date = job_id[2:10] if job_id[1] == "-" else job_id[:8]
    return f"{date[:4]}-{date[4:6]}-{date[6:8]}"
