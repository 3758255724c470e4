"""The spool in memory: the same contract without a disk, for tests and trials."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from syntx.errors import JobExists, SpoolError
from syntx.job import Attempt, Job, Verdict
from syntx.spool.contract import Claim, Counts, Finished, Known, Moved
from syntx.spool.layout import (
    ARCHIVE,
    DISCARDED,
    ERROR,
    INCOMING,
    PROCESSED,
    PROCESSING,
    RETRY,
    entry_name,
)
from syntx.spool.memory_folders import MemoryFolders
from syntx.spool.reopening import reopened


class MemorySpool:
    """A queue that lives and dies with its process; there is nobody to rescue."""

    worker = "memory"

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
        max_retry_delay: float = 3600.0,
    ) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._max_retry_delay = max_retry_delay
        self._jobs: dict[str, Job] = {}
        self._states: dict[str, str] = {}
        self._due: dict[str, float] = {}
        self._versions: dict[str, int] = {}
        self._settled = 0
        self._folders = MemoryFolders()
        self._bell = asyncio.Event()

    async def __aenter__(self) -> Self:
        """Use the spool as a context."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the spool."""
        await self.close()

    async def submit(self, jobs: Sequence[Job]) -> None:
        """Make jobs claimable; raises JobExists after all others are submitted."""
        known = [job.id for job in jobs if job.kind == "prompt" and not self._put_new(job)]
        self._bell.set()
        for job in jobs:
            if job.kind != "prompt":
                raise SpoolError(f"{job.id} is no prompt job", fix="submit its folder")
        if known:
            raise JobExists(f"{', '.join(known)} is already there")

    async def submit_folder(self, job: Job, source: Path) -> None:
        """Make a document job claimable, with a copy of its folder below a temporary one."""
        if job.id in self._jobs:
            raise JobExists(f"{job.id} is already there")
        self._folders.take(job, source)
        self._put_new(job)
        self._bell.set()

    def folder_of(self, claim: Claim) -> Path:
        """Return the folder of a held document job; raises SpoolError for any other."""
        if self._states.get(claim.job.id) != PROCESSING:
            raise SpoolError(f"{claim.job.id} is not held by this worker (any more)")
        return self._folders.of(claim.job)

    def check_room(self) -> None:
        """Do nothing: there is room in memory."""

    async def deposit(self, jobs: Sequence[Job]) -> int:
        """Store jobs that ended elsewhere; returns how many were new here."""
        stored = 0
        for job in jobs:
            if job.verdict is None or job.kind != "prompt":
                what = "it has no verdict" if job.verdict is None else "it is no prompt job"
                raise SpoolError(f"{job.id} cannot be deposited: {what}")
            if self._put_new(job):
                self._end(job, job.verdict)
                stored += 1
        return stored

    async def claim(self) -> Claim | None:
        """Take the oldest waiting job; None when nothing waits."""
        self._give_due()
        waiting = (job_id for job_id, state in self._states.items() if state == INCOMING)
        job_id = min(waiting, default=None)
        if job_id is None:
            return None
        self._states[job_id] = PROCESSING
        job = self._jobs[job_id]
        self._folders.begin(job)
        return Claim(job, entry_name(job_id, is_folder=job.kind == "document"))

    async def settle(self, claim: Claim, verdict: Verdict, attempt: Attempt) -> None:
        """End a job; raises SpoolError when it is not held."""
        if verdict.settled_at is None:
            verdict = verdict.model_copy(update={"settled_at": self._clock()})
        self._leave(claim, claim.job.settled(verdict, attempt), PROCESSING)
        self._end(claim.job, verdict)

    async def retry(self, claim: Claim, attempt: Attempt, delay: float) -> None:
        """Give a job back with one more attempt; claimable again in `delay` seconds."""
        self._leave(claim, claim.job.with_attempt(attempt), RETRY)
        wait = min(max(delay, 0.0), self._max_retry_delay)
        self._due[claim.job.id] = self._monotonic() + wait

    async def release(self, claim: Claim) -> None:
        """Give a job back untouched, to its old place in the order."""
        self._leave(claim, claim.job, INCOMING)

    async def rescue(self) -> int:
        """Return 0: a worker in memory cannot die before its spool."""
        return 0

    async def wait(self, timeout: float) -> None:
        """Return when there may be new work, at the latest after `timeout` seconds."""
        now = self._monotonic()
        left = min([timeout, *(due - now for due in self._due.values())])
        if left > 0 and INCOMING not in self._states.values():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._bell.wait()
        self._bell.clear()

    async def counts(self) -> Counts:
        """Count the jobs in every state."""
        states = list(self._states.values())
        waits = [job_id for job_id, state in self._states.items() if state in (INCOMING, RETRY)]
        oldest = self._jobs[min(waits)].created_at if waits else None
        age = None if oldest is None else max(0.0, (self._clock() - oldest).total_seconds())
        return Counts(
            incoming=states.count(INCOMING),
            retry=states.count(RETRY),
            processing=states.count(PROCESSING),
            processed=states.count(PROCESSED),
            error=states.count(ERROR),
            archive=states.count(ARCHIVE),
            oldest_waiting_s=age,
        )

    async def locate(self, job_id: str) -> str | None:
        """Name the state a job is in, or None if there is no such job."""
        return self._states.get(job_id)

    async def read(self, job_id: str) -> Job | None:
        """Return a job that ended; None unless there is one."""
        ended = self._states.get(job_id) in (PROCESSED, ERROR, ARCHIVE)
        return self._jobs[job_id] if ended else None

    async def endings(
        self, cursor: Mapping[str, int], known: Known, *, archived: bool = False
    ) -> AsyncIterator[Finished]:
        """Read jobs that ended since `cursor`, but for what is known, in one slice."""
        states = (PROCESSED, ERROR, ARCHIVE) if archived else (PROCESSED, ERROR)
        seen = cursor.get("settled", 0)
        ended = {
            job_id: version
            for job_id, version in sorted(self._versions.items())
            if self._states[job_id] in states and version > seen
        }
        recorded = known([*ended])
        versions = {one: at for one, at in ended.items() if at not in recorded.get(one, ())}
        jobs = tuple(self._jobs[job_id] for job_id in versions)
        yield Finished(jobs, cursor={"settled": self._settled}, versions=versions)

    async def archive(self, job_ids: Sequence[str]) -> int:
        """Move finished jobs to the archive; returns how many."""
        ended = [one for one in job_ids if self._states.get(one) in (PROCESSED, ERROR)]
        self._states.update(dict.fromkeys(ended, ARCHIVE))
        return len(ended)

    async def reopen(self, job_ids: Sequence[str]) -> Moved:
        """Let jobs that ended in error wait again, their verdicts kept as history."""
        moved = self._shift(job_ids, ERROR, INCOMING)
        self._jobs.update({one: reopened(self._jobs[one]) for one in moved.moved})
        self._bell.set()
        return moved

    async def discard(self, names: Sequence[str]) -> Moved:
        """Put aside jobs that ended in error."""
        return self._shift(names, ERROR, DISCARDED)

    async def restore(self, names: Sequence[str]) -> Moved:
        """Bring back to error what was discarded."""
        return self._shift(names, DISCARDED, ERROR)

    async def close(self) -> None:
        """Give back what is still held."""
        held = [job_id for job_id, state in self._states.items() if state == PROCESSING]
        self._states.update(dict.fromkeys(held, INCOMING))
        self._folders.remove()

    def _put_new(self, job: Job) -> bool:
        if job.id in self._jobs:
            return False
        self._jobs[job.id] = job
        self._states[job.id] = INCOMING
        return True

    def _leave(self, claim: Claim, job: Job, state: str) -> None:
        if self._states.get(job.id) != PROCESSING:
            raise SpoolError(f"{job.id} is not held by this worker (any more)")
        self._jobs[job.id] = job
        self._states[job.id] = state
        self._bell.set()

    def _shift(self, job_ids: Sequence[str], source: str, target: str) -> Moved:
        asked = dict.fromkeys(job_ids)
        moved = [one for one in asked if self._states.get(one) == source]
        others = {one: self._states.get(one) for one in asked if one not in moved}
        self._states.update(dict.fromkeys(moved, target))
        missing = tuple(one for one, state in others.items() if state is None)
        stayed = tuple((one, f"it is in {state}") for one, state in others.items() if state)
        return Moved(tuple(moved), missing, stayed)

    def _end(self, job: Job, verdict: Verdict) -> None:
        self._states[job.id] = PROCESSED if verdict.outcome == "passed" else ERROR
        self._settled += 1
        self._versions[job.id] = self._settled

    def _give_due(self) -> None:
        now = self._monotonic()
        for job_id in [one for one, due in self._due.items() if due <= now]:
            del self._due[job_id]
            self._states[job_id] = INCOMING
