"""The spool in memory: the same contract without a disk, for tests and trials."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Self

from syntx.errors import JobExists, SpoolError
from syntx.job import Attempt, Job, Verdict
from syntx.spool.contract import Claim, Counts, Finished
from syntx.spool.layout import ARCHIVE, ERROR, INCOMING, PROCESSED, PROCESSING, RETRY, entry_name


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
        self._bell = asyncio.Event()

    async def __aenter__(self) -> Self:
        """Use the spool as a context."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the spool."""
        await self.close()

    async def submit(self, jobs: Sequence[Job]) -> None:
        """Make jobs claimable; raises JobExists after all others are submitted."""
        known = [job.id for job in jobs if not self._put_new(job)]
        self._bell.set()
        if known:
            raise JobExists(f"{', '.join(known)} is already there")

    async def claim(self) -> Claim | None:
        """Take the oldest waiting job; None when nothing waits."""
        self._give_due()
        waiting = (job_id for job_id, state in self._states.items() if state == INCOMING)
        job_id = min(waiting, default=None)
        if job_id is None:
            return None
        self._states[job_id] = PROCESSING
        return Claim(self._jobs[job_id], entry_name(job_id))

    async def settle(self, claim: Claim, verdict: Verdict, attempt: Attempt) -> None:
        """End a job; raises SpoolError when it is not held."""
        if verdict.settled_at is None:
            verdict = verdict.model_copy(update={"settled_at": self._clock()})
        state = PROCESSED if verdict.outcome == "passed" else ERROR
        self._leave(claim, claim.job.settled(verdict, attempt), state)
        self._settled += 1
        self._versions[claim.job.id] = self._settled

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

    async def finished(
        self,
        cursor: Mapping[str, int],
        known: Callable[[str, int], bool],
        *,
        archived: bool = False,
    ) -> Finished:
        """Read jobs that ended since `cursor`, leaving out those `known(id, version)` knows."""
        states = (PROCESSED, ERROR, ARCHIVE) if archived else (PROCESSED, ERROR)
        seen = cursor.get("settled", 0)
        jobs = tuple(
            self._jobs[job_id]
            for job_id, version in sorted(self._versions.items())
            if self._states[job_id] in states and version > seen and not known(job_id, version)
        )
        return Finished(jobs, cursor={"settled": self._settled})

    async def archive(self, job_ids: Sequence[str]) -> int:
        """Move finished jobs to the archive; returns how many."""
        ended = [one for one in job_ids if self._states.get(one) in (PROCESSED, ERROR)]
        self._states.update(dict.fromkeys(ended, ARCHIVE))
        return len(ended)

    async def close(self) -> None:
        """Give back what is still held."""
        held = [job_id for job_id, state in self._states.items() if state == PROCESSING]
        self._states.update(dict.fromkeys(held, INCOMING))

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

    def _give_due(self) -> None:
        now = self._monotonic()
        for job_id in [one for one, due in self._due.items() if due <= now]:
            del self._due[job_id]
            self._states[job_id] = INCOMING
