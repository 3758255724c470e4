"""Finding jobs by name: where one stands, and the way of finished ones to the archive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from pydantic import ValidationError

from syntx.ids import day_of, is_job_id
from syntx.job import Job
from syntx.spool.layout import (
    ARCHIVE,
    ERROR,
    INCOMING,
    INTAKE_SUFFIX,
    PROCESSED,
    PROCESSING,
    RETRY,
    Entry,
    entry_name,
    envelope_of,
    parse_due,
    parse_entry,
)
from syntx.spool.plain import NotPlain
from syntx.spool.storage import Storage

_FINAL = (PROCESSED, ERROR, ARCHIVE)
_MOST_RESCUES = 9


def locate(storage: Storage, job_id: str) -> str | None:
    """Name the state a job is in, or None; looks twice, for jobs move meanwhile."""
    return _locate_once(storage, job_id) or _locate_once(storage, job_id)


def ended(storage: Storage, job_id: str) -> str | None:
    """Name the final state a job is in, or None."""
    for state in _FINAL:
        folder = storage.folders.day(state, job_id)
        if any(storage.exists(f"{folder}/{name}") for name in _forms(job_id)):
            return state
    return None


def read(storage: Storage, job_id: str) -> Job | None:
    """Read a job from where it ended, or None; looks twice, for jobs are archived meanwhile."""
    if not is_job_id(job_id):
        return None
    return _read_once(storage, job_id) or _read_once(storage, job_id)


def _read_once(storage: Storage, job_id: str) -> Job | None:
    for state in _FINAL:
        for name in _forms(job_id):
            path = envelope_of(f"{storage.folders.day(state, job_id)}/{name}")
            # What is no job here may still be one in the next place.
            with suppress(
                FileNotFoundError, NotADirectoryError, PermissionError, NotPlain, ValidationError
            ):
                job = Job.from_bytes(storage.read(path, links=None))
                if job.id == job_id:
                    return job
    return None


def has_just_ended(storage: Storage, job_id: str) -> bool:
    """Whether a prompt job lies where it ended; one look for each outcome, for fresh IDs."""
    day, name = day_of(job_id), entry_name(job_id)
    folders = storage.folders
    return any(storage.exists(folders.path(state, day, name)) for state in (PROCESSED, ERROR))


def _forms(job_id: str, rescues: int = 0) -> tuple[str, str]:
    return entry_name(job_id, rescues), entry_name(job_id, rescues, is_folder=True)


def _locate_once(storage: Storage, job_id: str) -> str | None:
    # In the order of a job's life, so that one that moves on is met later.
    names = [name for rescues in range(_MOST_RESCUES + 1) for name in _forms(job_id, rescues)]
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


def archive(storage: Storage, job_ids: Sequence[str]) -> int:
    """Move finished jobs to the archive; those that are not there are passed over."""
    folders = {storage.folders.day(ARCHIVE, job_id) for job_id in job_ids}
    moved = sum(1 for job_id in job_ids if _archive_one(storage, job_id))
    for folder in sorted(folders):
        if moved and storage.exists(folder):
            storage.sync_folder(folder)
    return moved


def _archive_one(storage: Storage, job_id: str) -> bool:
    target = storage.folders.day(ARCHIVE, job_id)
    for state in (PROCESSED, ERROR):
        for name in _forms(job_id):
            source = f"{storage.folders.day(state, job_id)}/{name}"
            if storage.exists(source):
                try:
                    storage.publish(source, target, name)
                except (FileExistsError, FileNotFoundError):
                    continue
                return True
    return False
