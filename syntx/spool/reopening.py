"""The operator's retry: jobs that ended in `error/` wait again, their verdicts kept as history.

::

    error/DAY/ENTRY ──► processing/ME/ENTRY, rewritten without its verdict ──► incoming/ENTRY

A worker that dies before the rewrite leaves a verdict inside, so a rescue ends the job as it
had ended; one that dies after it leaves a job that waits again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationError

from syntx.errors import JobExists, SpoolError
from syntx.ids import is_job_id
from syntx.job import Job, first_error
from syntx.spool.batching import Promise, Result
from syntx.spool.contract import Moved
from syntx.spool.discarding import elsewhere, find_ended
from syntx.spool.dropped.intake import Taking
from syntx.spool.holding import without_verdict
from syntx.spool.layout import ERROR, INCOMING, REFUSED_SUFFIX
from syntx.spool.plain import NotPlain
from syntx.spool.recovery import rewrite
from syntx.spool.storage import ENVELOPE_LIMIT
from syntx.spool.work_folder import EARLIER_VERDICTS

_AT_ONCE = 256
"""So many jobs share their flushes."""

_MISSING = "nothing is there"

Keep = Callable[[list[Promise]], Awaitable[list[Result]]]
InThread = Callable[[Callable[[], list["_Taken"]]], Awaitable[list["_Taken"]]]


@dataclass(frozen=True, slots=True)
class _Taken:
    """One job on its way: the promise that lets it wait again, or why it stays."""

    job_id: str
    origin: str = ""
    job: Job | None = None
    promise: Promise | None = None
    why: str | None = None
    """Why it stays where it was; None while it is on its way, or when it waits."""


class Reopening:
    """Lets ended jobs wait again.

    `check` raises SpoolError when nothing may be taken in, `keep` commits promises, `in_thread`
    runs what blocks, `waits` is told the names that came to `incoming/`.
    """

    def __init__(
        self,
        taking: Taking,
        check: Callable[[], None],
        keep: Keep,
        in_thread: InThread,
        waits: Callable[[str], None],
    ) -> None:
        self._taking = taking
        self._storage = taking.storage
        self._check = check
        self._keep = keep
        self._in_thread = in_thread
        self._waits = waits

    async def reopen(self, job_ids: Sequence[str]) -> Moved:
        """Let jobs in `error/` wait again; what the disk refuses stays, with the reason.

        Raises SpoolError when the spool takes nothing in at all.
        """
        asked = list(dict.fromkeys(job_ids))
        taken: list[_Taken] = []
        for start in range(0, len(asked), _AT_ONCE):
            try:
                self._check()
            except SpoolError as error:
                if not start:
                    raise
                taken += [_Taken(one, why=error.message) for one in asked[start:]]
                break
            taken += await self._reopen_some(asked[start : start + _AT_ONCE])
        whys = {one.job_id: one.why for one in taken}
        return Moved(
            tuple(name for name, why in whys.items() if why is None),
            tuple(name for name, why in whys.items() if why == _MISSING),
            tuple((name, why) for name, why in whys.items() if why and why != _MISSING),
        )

    async def _reopen_some(self, job_ids: list[str]) -> list[_Taken]:
        taken = await self._in_thread(lambda: self._take_all(job_ids))
        promises = [one.promise for one in taken if one.promise is not None]
        if not promises:
            return taken
        results = await self._keep(promises)
        for promise, result in zip(promises, results, strict=True):
            if result is None:
                self._waits(promise.name)
        return await self._in_thread(lambda: self._end_all(taken, iter(results)))

    def _take_all(self, job_ids: list[str]) -> list[_Taken]:
        found = find_ended(self._storage, ERROR, job_ids)
        missing, stay = elsewhere(self._storage, [one for one in job_ids if one not in found])
        taken = [self._take(job_id, path) for job_id, path in found.items()]
        taken += [_Taken(job_id, why=why) for job_id, why in stay]
        return taken + [_Taken(job_id, why=_MISSING) for job_id in missing]

    def _take(self, job_id: str, path: str) -> _Taken:
        """Move one job to our holder and make its promise."""
        if not is_job_id(job_id):
            return _Taken(job_id, why=_no_job(job_id))
        entry = path.rpartition("/")[2]
        held = f"{self._storage.folders.hold(self._taking.worker)}/{entry}"
        try:
            self._storage.disk.rename_new(path, held)
        except OSError as error:
            is_gone = isinstance(error, FileNotFoundError) and not self._storage.exists(path)
            return _Taken(job_id, why=_MISSING if is_gone else error.strerror or str(error))
        try:
            job = Job.from_bytes(self._storage.read_entry(held))
            data = reopened(job).to_bytes()
            if len(data) > ENVELOPE_LIMIT:
                raise NotPlain(f"with its history larger than {ENVELOPE_LIMIT} bytes")
        except (OSError, ValidationError, NotPlain) as error:
            return self._put_back(_Taken(job_id, path, why=_unreadable(error)), held)
        if not job.prompt.strip():
            why = "it has no prompt that could be asked again"
            return self._put_back(_Taken(job_id, path, why=why), held)
        incoming = self._storage.folders.path(INCOMING)
        return _Taken(job_id, path, job, Promise(data, incoming, entry, held))

    def _end_all(self, taken: list[_Taken], results: Iterator[Result]) -> list[_Taken]:
        return [one if one.promise is None else self._end(one, next(results)) for one in taken]

    def _end(self, taken: _Taken, result: Result) -> _Taken:
        if result is None or taken.promise is None:
            return taken
        held = f"{self._storage.folders.hold(self._taking.worker)}/{taken.promise.name}"
        is_taken = isinstance(result, JobExists)
        why = "a job of that ID waits already" if is_taken else result.message
        stays = replace(taken, why=why)
        # A flush of the folder that failed is all that is missing to a job that left.
        return self._put_back(stays, held) if self._storage.exists(held) else stays

    def _put_back(self, taken: _Taken, held: str) -> _Taken:
        """Bring a job back to where it lay, as it was; what cannot be is left to our end."""
        folder, _, entry = taken.origin.rpartition("/")
        try:
            if taken.job is not None and not self._has_verdict(held):
                rewrite(self._taking, held, taken.job)
            self._storage.publish(held, folder, entry)
            self._storage.sync_folder(folder)
        except OSError as error:
            told = f"{taken.why}; it could not be put back: {error.strerror or error}"
            return replace(taken, why=told)
        return taken

    def _has_verdict(self, held: str) -> bool:
        try:
            return Job.from_bytes(self._storage.read_entry(held)).verdict is not None
        except (ValidationError, NotPlain):
            return False


def reopened(job: Job) -> Job:
    """Return a job that is tried anew as often as a new one: its past becomes history."""
    if job.verdict is None:
        return job
    anew = without_verdict(job)
    earlier = [*anew.metadata[EARLIER_VERDICTS]]
    attempts = [attempt.model_dump(mode="json") for attempt in job.attempts]
    earlier[-1] = {**earlier[-1], "attempts": attempts}
    metadata = {**anew.metadata, EARLIER_VERDICTS: earlier}
    return anew.model_copy(update={"attempts": (), "metadata": metadata})


def _no_job(name: str) -> str:
    if name.endswith(REFUSED_SUFFIX):
        return "it was refused, so there is no job to retry; correct the file and drop it again"
    return "it is a second outcome of a job, kept for you to look at"


def _unreadable(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"it cannot be read: {error.strerror or error}"
    text = first_error(error) if isinstance(error, ValidationError) else str(error)
    return f"it is no job: {text}"
