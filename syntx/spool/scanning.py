"""Reading `incoming/`: which entries wait, and which names were dropped there."""

from __future__ import annotations

import heapq
import time
from dataclasses import dataclass

from syntx.spool.layout import INCOMING, parse_entry
from syntx.spool.lineup import LIMIT
from syntx.spool.storage import Storage

_SETTLED_NS = 50_000_000
"""An mtime older than this at the time of the scan tells of every later change (nanoseconds)."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What `incoming/` held."""

    entries: list[str]
    truncated: bool
    """Whether larger names were left out of `entries`."""
    dropped: list[str]
    total: int
    mtime_ns: int | None
    """The folder's mtime, or None when it was too fresh to trust."""


def scan(storage: Storage, limit: int = LIMIT) -> Scan:
    """Read the folder once; keeps at most `limit` entries, the smallest."""
    path = storage.folders.path(INCOMING)
    changed, now = mtime_ns(storage, INCOMING), time.time_ns()
    names = storage.disk.listdir(path)
    entries = [name for name in names if parse_entry(name) is not None]
    dropped = [] if len(entries) == len(names) else sorted(set(names).difference(entries))
    truncated = len(entries) > limit
    return Scan(
        entries=heapq.nsmallest(limit, entries) if truncated else entries,
        truncated=truncated,
        dropped=dropped,
        total=len(names),
        mtime_ns=changed if now - changed > _SETTLED_NS else None,
    )


def mtime_ns(storage: Storage, folder: str) -> int:
    """Return when a folder's names changed last (nanoseconds)."""
    return storage.disk.lstat(storage.folders.path(folder)).st_mtime_ns
