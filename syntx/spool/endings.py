"""What ended since the last look: each job once, at the cost of what is new, a slice at a time.

A day folder whose mtime stands in the cursor is not even listed. In one that changed, the names
nobody knows are read. A known name may have ended anew, after an operator's retry, which only
the mtime of its envelope tells; where there are many known names, each look asks that of some
and of one part of the rest, and the folder counts as read when every part was asked for since
its last change. So a job that ended anew is found in one look in folders of up to `CHECKS`
known jobs, and in at most `PARTS` looks in any.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Collection, Generator, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice

from pydantic import ValidationError

from syntx.job import Job, first_error
from syntx.spool.contract import Finished, Known
from syntx.spool.layout import (
    ARCHIVE,
    DISCARDED,
    ERROR,
    FRESH_NS,
    PROCESSED,
    Entry,
    envelope_of,
    parse_entry,
)
from syntx.spool.plain import NotPlain
from syntx.spool.storage import Storage

SLICE, SLICE_BYTES = 500, 4_000_000
"""So many jobs, or of so large files, are in memory at once."""
CHECKS = 20_000
"""So many known names in one folder are asked for their version in every look."""
PARTS = 32
"""The rest is asked in so many looks, a part in each."""

_AT_ONCE = 5_000
"""So many names are in memory at once."""


def endings(
    storage: Storage, cursor: Mapping[str, int], known: Known, *, archived: bool = False
) -> Generator[Finished, None, None]:
    """Read the jobs that ended since `cursor`; the last slice carries the cursor to keep."""
    after: dict[str, int] = {}
    for day in _days(storage, archived):
        changed = _changed(storage, day)
        if changed is None:
            continue
        # A fresh folder is not remembered, so that it is listed again next time.
        settled = time.time_ns() - changed > FRESH_NS
        if cursor.get(day) == changed:
            after |= {day: changed} if settled else {}
            continue
        checks = Checks(day, changed, cursor)
        yield from _read_day(storage, day, known, checks)
        after |= checks.marks(settled)
    yield Finished(cursor=after)


class Checks:
    """Which known names of a day folder are asked for their version in this look."""

    def __init__(self, day: str, changed: int, cursor: Mapping[str, int]) -> None:
        self._day = day
        self._changed = changed
        marks = (cursor.get(f"{day}#{part}", 0) for part in range(PARTS))
        # A mark of the future is left from before a clock was set back.
        self._marks = [mark if mark <= changed else 0 for mark in marks]
        # What was not asked since the last change comes first, and of that what waited longest.
        self._part = min(range(PARTS), key=lambda n: (self._marks[n] == changed, self._marks[n]))
        self._left = CHECKS
        self._is_whole = True

    def wants(self, job_id: str) -> bool:
        """Whether this one is asked; each call counts."""
        if self._left:
            self._left -= 1
            return True
        self._is_whole = False
        return zlib.crc32(job_id.encode()) % PARTS == self._part

    def marks(self, settled: bool) -> Mapping[str, int]:
        """Return what the cursor keeps of this look; `settled` if the mtime may be trusted."""
        # One nanosecond less is remembered, but is no mark of this very state of the folder.
        self._marks[self._part] = self._changed if settled else self._changed - 1
        if self._is_whole or set(self._marks) == {self._changed}:
            return {self._day: self._changed} if settled else {}
        return {f"{self._day}#{part}": mark for part, mark in enumerate(self._marks) if mark}


@dataclass(slots=True)
class _Slice:
    jobs: list[Job] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    size: int = 0

    @property
    def is_full(self) -> bool:
        return len(self.jobs) + len(self.unreadable) >= SLICE or self.size >= SLICE_BYTES

    def take(self, path: str, job_id: str, job: Job, version: int) -> None:
        if job.id != job_id:
            self.unreadable.append((path, f"the name says {job_id}, the content {job.id}"))
            return
        self.jobs.append(job)
        self.versions[job_id] = version

    def finished(self) -> Finished:
        return Finished(tuple(self.jobs), tuple(self.unreadable), {}, self.versions)


def _days(storage: Storage, archived: bool) -> Iterator[str]:
    for state in (PROCESSED, ERROR, ARCHIVE) if archived else (PROCESSED, ERROR):
        for day in storage.names(storage.folders.path(state)):
            if day != DISCARDED:
                yield f"{state}/{day}"


def _changed(storage: Storage, path: str) -> int | None:
    with suppress(FileNotFoundError, NotADirectoryError):
        return storage.disk.lstat(storage.folders.path(path)).st_mtime_ns
    return None


def _read_day(storage: Storage, day: str, known: Known, checks: Checks) -> Iterator[Finished]:
    found = _Slice()
    for entries in _entries(storage, day):
        versions = known([entry.id for entry in entries])
        for entry in entries:
            recorded = versions.get(entry.id, ())
            if not recorded or checks.wants(entry.id):
                _read(storage, f"{day}/{entry.name}", entry.id, recorded, found)
                if found.is_full:
                    yield found.finished()
                    found = _Slice()
    yield found.finished()


def _entries(storage: Storage, day: str) -> Iterator[list[Entry]]:
    with (
        suppress(FileNotFoundError, NotADirectoryError),
        storage.disk.scanning(storage.folders.path(day)) as names,
    ):
        while some := list(islice(names, _AT_ONCE)):
            yield sorted(entry for name in some if (entry := parse_entry(name)) is not None)


def _read(
    storage: Storage, path: str, job_id: str, recorded: Collection[int], found: _Slice
) -> None:
    envelope = envelope_of(path)
    version = _changed(storage, envelope)
    if version is None or version in recorded:
        return
    try:
        content = storage.read(storage.folders.path(envelope), links=None)
        job = Job.from_bytes(content)
    except (FileNotFoundError, NotADirectoryError):
        return
    except ValidationError as error:
        found.unreadable.append((path, first_error(error)))
    except NotPlain as error:
        found.unreadable.append((path, str(error)))
    except PermissionError:
        found.unreadable.append((path, "the service may not read it"))
    else:
        found.take(path, job_id, job, version)
        found.size += len(content)
