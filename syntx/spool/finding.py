"""Finding jobs by name: where one stands, what ended since the last look, the archive."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from pydantic import ValidationError

from syntx.ids import day_of
from syntx.job import Job
from syntx.spool.contract import Finished
from syntx.spool.foreign import first_error
from syntx.spool.layout import (
    ARCHIVE,
    DISCARDED,
    ERROR,
    INCOMING,
    INTAKE_SUFFIX,
    PROCESSED,
    PROCESSING,
    RETRY,
    Entry,
    entry_name,
    parse_due,
    parse_entry,
)
from syntx.spool.storage import NotPlain, Storage

FRESH_NS = 2_000_000_000
"""A folder changed so recently may change again without its mtime telling (nanoseconds)."""

_FINAL = (PROCESSED, ERROR, ARCHIVE)
_MOST_RESCUES = 9


def locate(storage: Storage, job_id: str) -> str | None:
    """Name the state a job is in, or None; looks twice, for jobs move meanwhile."""
    return _locate_once(storage, job_id) or _locate_once(storage, job_id)


def ended(storage: Storage, job_id: str) -> str | None:
    """Name the final state a job is in, or None."""
    entry = f"{day_of(job_id)}/{entry_name(job_id)}"
    for state in _FINAL:
        if storage.exists(storage.folders.path(state, entry)):
            return state
    return None


def _locate_once(storage: Storage, job_id: str) -> str | None:
    # In the order of a job's life, so that one that moves on is met later.
    names = [entry_name(job_id, rescues) for rescues in range(_MOST_RESCUES + 1)]
    if any(storage.exists(storage.folders.path(INCOMING, name)) for name in names):
        return INCOMING
    if any(_id_of(parsed[1]) == job_id for parsed in _due_names(storage)):
        return RETRY
    for worker in storage.names(storage.folders.path(PROCESSING)):
        held = storage.names(storage.folders.hold(worker))
        if job_id + INTAKE_SUFFIX in held or any(_id_of(name) == job_id for name in held):
            return PROCESSING
    return ended(storage, job_id)


def _due_names(storage: Storage) -> Iterator[tuple[object, str]]:
    return filter(None, map(parse_due, storage.names(storage.folders.path(RETRY))))


def _id_of(name: str) -> str | None:
    entry: Entry | None = parse_entry(name)
    return None if entry is None else entry.id


def finished(
    storage: Storage,
    cursor: Mapping[str, int],
    known: Callable[[str, int], bool],
    *,
    archived: bool = False,
) -> Finished:
    """Read the jobs that ended since `cursor`; only day folders that changed are listed."""
    jobs: list[Job] = []
    unreadable: list[tuple[str, str]] = []
    moved: dict[str, int] = {}
    for day in _days(storage, archived):
        changed = _changed(storage, day)
        if changed is None:
            continue
        # A fresh folder is not remembered, so that it is listed again next time.
        if time.time_ns() - changed > FRESH_NS:
            moved[day] = changed
        if cursor.get(day) != changed:
            for name in _unknown(storage, day, known):
                _read(storage, f"{day}/{name}", jobs, unreadable)
    return Finished(tuple(jobs), tuple(unreadable), moved)


def _days(storage: Storage, archived: bool) -> Iterator[str]:
    for state in (PROCESSED, ERROR, ARCHIVE) if archived else (PROCESSED, ERROR):
        for day in storage.names(storage.folders.path(state)):
            if day != DISCARDED:
                yield f"{state}/{day}"


def _changed(storage: Storage, day: str) -> int | None:
    try:
        return storage.disk.lstat(storage.folders.path(day)).st_mtime_ns
    except FileNotFoundError:
        return None


def _unknown(storage: Storage, day: str, known: Callable[[str, int], bool]) -> Iterator[str]:
    for name in storage.names(storage.folders.path(day)):
        entry = parse_entry(name)
        version = None if entry is None else _changed(storage, f"{day}/{name}")
        if entry is not None and version is not None and not known(entry.id, version):
            yield name


def _read(storage: Storage, path: str, jobs: list[Job], unreadable: list[tuple[str, str]]) -> None:
    try:
        jobs.append(Job.from_bytes(storage.read(storage.folders.path(path), links=None)))
    except FileNotFoundError:
        return
    except ValidationError as error:
        unreadable.append((path, first_error(error)))
    except NotPlain as error:
        unreadable.append((path, str(error)))


def archive(storage: Storage, job_ids: Sequence[str]) -> int:
    """Move finished jobs to the archive; those that are not there are passed over."""
    folders = {storage.folders.day(ARCHIVE, job_id) for job_id in job_ids}
    moved = sum(1 for job_id in job_ids if _archive_one(storage, job_id))
    for folder in sorted(folders):
        if moved and storage.exists(folder):
            storage.sync_folder(folder)
    return moved


def _archive_one(storage: Storage, job_id: str) -> bool:
    name = entry_name(job_id)
    for state in (PROCESSED, ERROR):
        source = f"{storage.folders.day(state, job_id)}/{name}"
        if storage.exists(source):
            try:
                storage.publish(source, storage.folders.day(ARCHIVE, job_id), name)
            except (FileExistsError, FileNotFoundError):
                continue
            return True
    return False
