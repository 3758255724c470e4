"""Which jobs may come in: what is known already, or too large, stays out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from syntx.errors import JobExists, SpoolError
from syntx.job import Job
from syntx.spool import finding
from syntx.spool.batching import Promise
from syntx.spool.discarding import is_discarded
from syntx.spool.finishing import final_folder
from syntx.spool.layout import (
    DISCARDED,
    INCOMING,
    INTAKE_SUFFIX,
    PROCESSING,
    RETRY,
    entry_name,
    parse_due,
    parse_entry,
    stamp,
)
from syntx.spool.opening import SpoolOptions
from syntx.spool.storage import ENVELOPE_LIMIT, Storage

_TRAVEL_TIME = timedelta(seconds=10)
"""An ID older than this may be anywhere; a fresh one is looked for in the likely places only."""


class Admitting:
    """Makes promises of jobs; `holds` tells whether this worker holds the job of an ID."""

    def __init__(
        self, storage: Storage, holds: Callable[[str], bool], options: SpoolOptions
    ) -> None:
        self._storage = storage
        self._holds = holds
        self._options = options
        self._fresh, self._fresh_at = "", float("-inf")

    def locate(self, job_id: str) -> str | None:
        """Name the state a job is in, or None if there is no such job."""
        found = finding.locate(self._storage, job_id)
        return DISCARDED if found is None and is_discarded(self._storage, job_id) else found

    def submissions(self, jobs: Iterable[Job]) -> tuple[list[Promise], SpoolError | None]:
        """Return a promise for each job that may wait, and what kept the last of the others out."""
        promises: list[Promise] = []
        problem: SpoolError | None = None
        for job in jobs:
            data = job.to_bytes()
            if len(data) > ENVELOPE_LIMIT:
                problem = _too_large(job)
            elif job.kind != "prompt":
                problem = SpoolError(f"{job.id} is no prompt job", fix="submit its folder")
            elif self._is_known(job.id):
                problem = JobExists(f"{job.id} is already there")
            else:
                folder = self._storage.folders.path(INCOMING)
                promises.append(Promise(data, folder, entry_name(job.id)))
        return promises, problem

    def deposits(self, jobs: Iterable[Job]) -> list[Promise]:
        """Return a promise for each ended job that is new; raises SpoolError for what is none."""
        promises: dict[str, Promise] = {}
        alive = set(_alive(self._storage))
        for job in jobs:
            if job.verdict is None or job.kind != "prompt":
                raise SpoolError(
                    f"{job.id} cannot be deposited: "
                    + ("it has no verdict" if job.verdict is None else "it is no prompt job"),
                    fix="submit it instead",
                )
            data = job.to_bytes()
            if len(data) > ENVELOPE_LIMIT:
                raise _too_large(job)
            if job.id not in alive and not self._has_ended(job.id):
                folder = final_folder(self._storage.folders, job.id, job.verdict.outcome)
                promises.setdefault(job.id, Promise(data, folder, entry_name(job.id)))
        return list(promises.values())

    def _is_known(self, job_id: str) -> bool:
        if self._holds(job_id):
            return True
        if job_id[2 * (job_id[1] == "-") :] > self._fresh_since():
            return finding.has_just_ended(self._storage, job_id)
        return self.locate(job_id) is not None

    def _has_ended(self, job_id: str) -> bool:
        ended = finding.ended(self._storage, job_id) is not None
        return ended or is_discarded(self._storage, job_id)

    def _fresh_since(self) -> str:
        """Return the stamp from which on IDs are fresh, worked out once a second."""
        now = self._options.monotonic()
        if now - self._fresh_at >= 1.0:
            self._fresh_at = now
            self._fresh = stamp(self._options.clock() - _TRAVEL_TIME)
        return self._fresh


def _alive(storage: Storage) -> Iterator[str]:
    """Yield the IDs of all jobs that have not ended, in the order of a job's way."""
    for name in _names_alive(storage):
        entry = parse_entry(name)
        if entry is not None:
            yield entry.id
        elif name.endswith(INTAKE_SUFFIX):
            yield name.removesuffix(INTAKE_SUFFIX)


def _names_alive(storage: Storage) -> Iterator[str]:
    # An operator's retry leads from `processing/` back to `incoming/`, so that is read again.
    yield from storage.names(storage.folders.path(INCOMING))
    for name in storage.names(storage.folders.path(RETRY)):
        due = parse_due(name)
        yield name if due is None else due[1]
    for worker in storage.names(storage.folders.path(PROCESSING)):
        yield from storage.names(storage.folders.hold(worker))
    yield from storage.names(storage.folders.path(INCOMING))


def _too_large(job: Job) -> SpoolError:
    return SpoolError(f"{job.id} is larger than {ENVELOPE_LIMIT} bytes")
