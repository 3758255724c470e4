"""Reading `incoming/`: which entries wait, and which names were dropped there.

The names come as a stream and only the smallest are kept, so that a million that wait take the
memory of a few.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from syntx.spool.layout import INCOMING, Kind, kind_of, parse_entry, stem_of
from syntx.spool.lineup import LIMIT
from syntx.spool.storage import Storage

_SETTLED_NS = 50_000_000
"""An mtime older than this at the time of the scan tells of every later change (nanoseconds)."""
_AT_ONCE = 10_000
"""So many names are looked at together."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What `incoming/` held."""

    entries: list[str]
    truncated: bool
    """Whether larger names were left out of `entries`."""
    dropped: list[str]
    """Names that are no entries, but for those in the making and those beyond the limit."""
    total: int
    mtime_ns: int | None
    """The folder's mtime, or None when it was too fresh to trust."""


def scan(storage: Storage, limit: int = LIMIT) -> Scan:
    """Read the folder once; keeps at most `limit` entries and dropped names, the smallest."""
    changed, now = mtime_ns(storage, INCOMING), time.time_ns()
    entries, dropped, total = _Smallest(limit), _Smallest(limit), 0
    with storage.disk.scanning(storage.folders.path(INCOMING)) as names:
        while some := list(islice(names, _AT_ONCE)):
            total += len(some)
            _sort_out(some, entries, dropped)
    return Scan(
        entries=[name for _, name in entries.kept()],
        truncated=entries.truncated,
        dropped=sorted(name for _, name in dropped.kept()),
        total=total,
        mtime_ns=changed if now - changed > _SETTLED_NS else None,
    )


def _sort_out(names: list[str], entries: _Smallest, dropped: _Smallest) -> None:
    # A million names leave no time to parse those that look like entries and come too late.
    bound = entries.bound
    near = [
        name
        for name in names
        if bound is None or name < bound or name[15:23:7] != ".Z" or name[-5:] != ".json"
    ]
    others = [name for name in near if parse_entry(name) is None]
    strange = frozenset(others)
    entries.take((name, name) for name in near if name not in strange)
    # By stem, so that a prompt and its metadata are kept or left out together.
    dropped.take(
        (stem_of(name), name) for name in others if kind_of(name) is not Kind.IN_THE_MAKING
    )


class _Smallest:
    """The names with the smallest keys of all that were taken; equal keys stay together."""

    def __init__(self, limit: int) -> None:
        self.bound: str | None = None
        """A key of this size or above is left out from now on."""
        self._limit = limit
        self._kept: list[tuple[str, str]] = []

    @property
    def truncated(self) -> bool:
        """Whether anything was left out."""
        return self.bound is not None

    def take(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Take keys with their names."""
        bound = self.bound
        self._kept += (pair for pair in pairs if bound is None or pair[0] < bound)
        if len(self._kept) > 2 * self._limit:
            self._cut()

    def kept(self) -> list[tuple[str, str]]:
        """Return the smallest keys with their names, in order."""
        self._cut()
        return self._kept

    def _cut(self) -> None:
        self._kept.sort()
        if len(self._kept) > self._limit:
            self.bound = self._kept[self._limit][0]
            self._kept = [pair for pair in self._kept[: self._limit] if pair[0] < self.bound]


def mtime_ns(storage: Storage, folder: str) -> int:
    """Return when a folder's names changed last (nanoseconds)."""
    return storage.disk.lstat(storage.folders.path(folder)).st_mtime_ns
