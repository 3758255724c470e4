"""The spool on files: jobs as directory entries, moved by one rename at a time.

::

    submit   .tmp/ME/N ──────────────► incoming/ID.json
    claim    incoming/ID.json ───────► processing/ME/ID.json
    settle   rewritten in place, then ► processed/DAY/ID.json  or  error/DAY/ID.json
    retry    rewritten in place, then ► retry/DUE~ID.json ─(when due)─► incoming/ID.json
    release  processing/ME/ID.json ──► incoming/ID.json
    rescue   processing/DEAD/ID.json ► incoming/ID.t1.json
    archive  processed/DAY/ID.json ──► archive/DAY/ID.json
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from syntx.errors import JobExists, SpoolError
from syntx.job import Attempt, Job, Verdict
from syntx.spool import finding
from syntx.spool.batching import Batch, Promise, Result
from syntx.spool.claiming import Claiming
from syntx.spool.committing import Committer
from syntx.spool.contract import Claim, Counts, Finished
from syntx.spool.counting import count
from syntx.spool.finishing import final_folder, set_aside
from syntx.spool.holding import Holding
from syntx.spool.intake import Taking
from syntx.spool.layout import INCOMING, RETRY, Folders, due_name, entry_name, stamp
from syntx.spool.opening import SpoolOptions, prepare
from syntx.spool.presence import Presence, be_born, end
from syntx.spool.recovery import Rescuing, give_back, rescue_all
from syntx.spool.storage import ENVELOPE_LIMIT, Storage, translating
from syntx.spool.syscalls import Disk

T = TypeVar("T")

_TRAVEL_TIME = timedelta(seconds=10)
"""An ID older than this may be anywhere; a fresh one is looked for in the likely places only."""


class FileSpool:
    """A queue in a folder; open it with `FileSpool.open` and close it, or use `async with`."""

    def __init__(self, storage: Storage, presence: Presence, options: SpoolOptions) -> None:
        self.options = options
        self._storage = storage
        self._folders = storage.folders
        self._presence = presence
        self._closed = False
        taking = Taking(
            storage,
            presence.worker,
            options.max_entry_bytes,
            options.clock,
            lambda job_id: finding.locate(storage, job_id) is not None,
            options.notice,
        )
        self._rescuing = Rescuing(taking, options.max_rescues)
        self._orphans: set[str] = set()
        self._fresh, self._fresh_at = "", float("-inf")
        self._batch = Batch(storage, presence.worker)
        self._committer = Committer(self._batch)
        self._hand = ThreadPoolExecutor(1, thread_name_prefix="spool-hand")
        self._eye = ThreadPoolExecutor(1, thread_name_prefix="spool-eye")
        self._holding = Holding(self._rescuing)
        self._claiming = Claiming(self._holding, taking, options, self._hand)

    @classmethod
    def open(
        cls, root: Path, options: SpoolOptions | None = None, *, disk: Disk | None = None
    ) -> FileSpool:
        """Open the spool below `root`, making what is missing; raises ConfigError, SpoolError."""
        options = options or SpoolOptions()
        durable = options.durability == "full"
        storage = Storage(disk or Disk(), Folders.at(root), durable=durable)
        prepare(storage)
        with translating("start a worker"):
            presence = be_born(storage)
        return cls(storage, presence, options)

    @property
    def worker(self) -> str:
        """The name of this worker, which no other ever has."""
        return self._presence.worker

    @property
    def root(self) -> Path:
        """The folder this spool lives in."""
        return Path(self._folders.root)

    @property
    def failure(self) -> str | None:
        """Why this spool neither claims nor submits any more, or None while it is well."""
        return self._batch.failure

    async def __aenter__(self) -> Self:
        """Use the spool as a context."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the spool."""
        await self.close()

    async def submit(self, jobs: Sequence[Job]) -> None:
        """Make jobs claimable, each whole or not at all; raises JobExists or SpoolError."""
        self._check_well()
        with translating("submit jobs"):
            promises, problem = self._submissions(jobs)
        for promise, result in zip(promises, await self._keep(promises), strict=True):
            if result is None:
                self._claiming.add(promise.name)
            problem = problem or result
        if problem is not None:
            raise problem

    async def claim(self) -> Claim | None:
        """Take the oldest waiting job for this worker alone; None when nothing waits."""
        self._check_well()
        return await self._claiming.claim()

    async def settle(self, claim: Claim, verdict: Verdict, attempt: Attempt) -> None:
        """End a job; raises SpoolError when it is not held, or when the disk fails."""
        if verdict.settled_at is None:
            verdict = verdict.model_copy(update={"settled_at": self.options.clock()})
        job = claim.job.settled(verdict, attempt)
        folder = final_folder(self._folders, job.id, verdict.outcome)
        promise = Promise(job.to_bytes(), folder, entry_name(job.id), self._holding.path(claim))
        with self._holding.leaving(claim):
            (result,) = await self._keep([promise])
            if isinstance(result, JobExists):
                await self._run(self._eye, "settle", lambda: self._set_aside(promise))
            elif result is not None:
                raise result

    async def retry(self, claim: Claim, attempt: Attempt, delay: float) -> None:
        """Give a job back with one more attempt on record; claimable again in `delay` seconds."""
        job = claim.job.with_attempt(attempt)
        wait = min(max(delay, 0.0), self.options.max_retry_delay)
        name = due_name(self.options.clock() + timedelta(seconds=wait), claim.entry)
        promise = Promise(
            job.to_bytes(), self._folders.path(RETRY), name, self._holding.path(claim)
        )
        with self._holding.leaving(claim):
            (result,) = await self._keep([promise])
            if result is not None:
                raise result
        self._claiming.add_retry(name)

    async def release(self, claim: Claim) -> None:
        """Give a job back untouched, to its old place in the order."""
        with translating(f"release {claim.entry}"):
            name = self._holding.put_back(claim)
        if name is not None:
            self._claiming.add(name)

    async def rescue(self) -> int:
        """Give back the jobs of dead workers; returns how many. Never takes a living one's."""
        given, self._orphans = await self._run(
            self._hand, "rescue", lambda: rescue_all(self._rescuing, self._orphans)
        )
        for name in given:
            self._claiming.add(name)
        return len(given)

    async def wait(self, timeout: float) -> None:
        """Return when there may be new work, at the latest after `timeout` seconds."""
        await self._claiming.wait(timeout)

    async def counts(self) -> Counts:
        """Count the jobs in every state."""
        return await self._run(
            self._eye, "count", lambda: count(self.root, now=self.options.clock())
        )

    async def locate(self, job_id: str) -> str | None:
        """Name the state a job is in (`incoming` … `archive`), or None if there is no such job."""
        return await self._run(self._eye, "look", lambda: finding.locate(self._storage, job_id))

    async def finished(
        self,
        cursor: Mapping[str, int],
        known: Callable[[str, int], bool],
        *,
        archived: bool = False,
    ) -> Finished:
        """Read jobs that ended since `cursor`, leaving out those `known(id, version)` knows."""
        return await self._run(
            self._eye,
            "read",
            lambda: finding.finished(self._storage, cursor, known, archived=archived),
        )

    async def archive(self, job_ids: Sequence[str]) -> int:
        """Move finished jobs to the archive; returns how many."""
        return await self._run(
            self._eye, "archive", lambda: finding.archive(self._storage, job_ids)
        )

    async def close(self) -> None:
        """Give back what is still held and end this worker's presence."""
        if self._closed:
            return
        self._closed = True
        self._claiming.close()
        await self._committer.close()
        try:
            await self._run(self._hand, "close", self._end)
        finally:
            self._hand.shutdown()
            self._eye.shutdown()
            self._storage.close()
            self._storage.quietly_close(self._presence.lock)

    def _end(self) -> None:
        give_back(self._rescuing, self.worker, died=False)
        end(self._storage, self._presence)

    def _check_well(self) -> None:
        if self._closed:
            raise SpoolError("the spool is closed")
        if self.failure is not None:
            raise SpoolError(
                f"{self.failure}; this spool neither claims nor submits any more",
                fix="check the disk (dmesg), then start the service again",
            )

    def _submissions(self, jobs: Iterable[Job]) -> tuple[list[Promise], SpoolError | None]:
        promises: list[Promise] = []
        problem: SpoolError | None = None
        for job in jobs:
            data = job.to_bytes()
            if len(data) > ENVELOPE_LIMIT:
                problem = SpoolError(f"{job.id} is larger than {ENVELOPE_LIMIT} bytes")
            elif self._is_known(job.id):
                problem = JobExists(f"{job.id} is already there")
            else:
                promises.append(Promise(data, self._folders.path(INCOMING), entry_name(job.id)))
        return promises, problem

    def _is_known(self, job_id: str) -> bool:
        if self._holding.holds(job_id) or finding.ended(self._storage, job_id) is not None:
            return True
        if job_id[2 * (job_id[1] == "-") :] > self._fresh_since():
            return False
        return finding.locate(self._storage, job_id) is not None

    def _fresh_since(self) -> str:
        """Return the stamp from which on IDs are fresh, worked out once a second."""
        now = self.options.monotonic()
        if now - self._fresh_at >= 1.0:
            self._fresh_at = now
            self._fresh = stamp(self.options.clock() - _TRAVEL_TIME)
        return self._fresh

    async def _keep(self, promises: list[Promise]) -> list[Result]:
        if not self._storage.durable:
            return self._batch.commit(promises)
        return await self._committer.keep(promises)

    def _set_aside(self, promise: Promise) -> None:
        assert promise.over is not None
        set_aside(self._storage, promise.over, promise.target, self.options.notice)

    async def _run(self, thread: ThreadPoolExecutor, doing: str, work: Callable[[], T]) -> T:
        with translating(f"{doing} in the queue"):
            return await asyncio.get_running_loop().run_in_executor(thread, work)
