"""The spool on files: jobs as directory entries, moved by one rename at a time.

::

    submit   .tmp/ME/N ──────────────► incoming/ID.json  (a folder: incoming/ID)
    deposit  .tmp/ME/N ──────────────► processed/DAY/ID.json  or  error/DAY/ID.json
    claim    incoming/ID.json ───────► processing/ME/ID.json
    settle   rewritten in place, then ► processed/DAY/ID.json  or  error/DAY/ID.json
    retry    rewritten in place, then ► retry/DUE~ID.json ─(when due)─► incoming/ID.json
    release  processing/ME/ID.json ──► incoming/ID.json
    rescue   processing/DEAD/ID.json ► incoming/ID.t1.json
    archive  processed/DAY/ID.json ──► archive/DAY/ID.json
    reopen   error/DAY/ID.json ──────► processing/ME/ID.json, rewritten ──► incoming/ID.json
    discard  error/DAY/ID.json ──────► archive/discarded/DAY/ID.json  (and back: restore)
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Self

from syntx.errors import JobExists, SpoolError, SpoolFull
from syntx.job import Attempt, Job, Verdict
from syntx.spool.admitting import Admitting
from syntx.spool.batching import Batch, Promise, Result
from syntx.spool.claiming import Claiming
from syntx.spool.committing import Committer
from syntx.spool.contract import Claim, Moved
from syntx.spool.dropped.arriving_folders import DropLimits
from syntx.spool.dropped.intake import Taking
from syntx.spool.failures import stopped, translating
from syntx.spool.finishing import final_folder, set_aside
from syntx.spool.holding import Holding
from syntx.spool.layout import RETRY, Folders, bare_name, due_name
from syntx.spool.looking import Looking
from syntx.spool.opening import SpoolOptions, prepare
from syntx.spool.presence import Presence, be_born, end
from syntx.spool.rationing import Rationing
from syntx.spool.recovery import Rescuing, give_back, rescue_all
from syntx.spool.reopening import Reopening
from syntx.spool.storage import Storage
from syntx.spool.submitting import submit_folder
from syntx.spool.syscalls import Disk

_ROOM_SECONDS = 1.0
"""How often a worker that waits for room looks again."""


class FileSpool(Looking):
    """A queue in a folder; open it with `FileSpool.open` and close it, or use `async with`."""

    def __init__(self, storage: Storage, presence: Presence, options: SpoolOptions) -> None:
        self.options = options
        self._storage = storage
        self._folders = storage.folders
        self._presence = presence
        self._closed = False
        self._taking = taking = Taking(
            storage,
            presence.worker,
            DropLimits(options.max_entry_bytes, options.max_folder_bytes),
            options.clock,
            lambda job_id: self._admitting.locate(job_id) is not None,
            options.notice,
        )
        self._rescuing = Rescuing(taking, options.max_rescues)
        self._orphans: set[str] = set()
        self._batch = Batch(storage, presence.worker)
        self._committer = Committer(self._batch)
        self._rationing = Rationing(storage, presence.worker, options)
        self._hand = ThreadPoolExecutor(1, thread_name_prefix="spool-hand")
        self._eye = ThreadPoolExecutor(1, thread_name_prefix="spool-eye")
        self._holding = Holding(self._rescuing)
        self._admitting = Admitting(storage, self._holding.holds, options)
        self._claiming = Claiming(self._holding, taking, options, self._hand)
        look = partial(self._run, self._eye, "retry")
        self._reopening = Reopening(taking, self.check_room, self._keep, look, self._claiming.add)

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
    def failure(self) -> str | None:
        """Why this spool neither claims nor submits any more, or None while it is well."""
        return self._storage.failure

    async def __aenter__(self) -> Self:
        """Use the spool as a context."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the spool."""
        await self.close()

    async def submit(self, jobs: Sequence[Job]) -> None:
        """Make jobs claimable, each whole or not at all; raises JobExists or SpoolError."""
        self.check_room()
        with translating("submit jobs"):
            promises, problem = self._admitting.submissions(jobs)
        for promise, result in zip(promises, await self._keep(promises), strict=True):
            if result is None:
                self._claiming.add(promise.name)
            problem = problem or result
        if problem is not None:
            raise problem

    async def submit_folder(self, job: Job, source: Path) -> None:
        """Make a document job of a folder claimable, whole or not at all; the folder stays."""
        self.check_room()
        name = await self._run(
            self._eye,
            "submit a folder",
            lambda: submit_folder(
                self._taking, self._rationing.check_for, job, str(source.absolute())
            ),
        )
        self._claiming.add(name)

    def folder_of(self, claim: Claim) -> Path:
        """Return the folder of a document job that is held; raises SpoolError for any other."""
        return self._holding.folder_of(claim)

    async def deposit(self, jobs: Sequence[Job]) -> int:
        """Store jobs that ended elsewhere; returns how many were new here."""
        self.check_room()
        promises = await self._run(self._eye, "look", lambda: self._admitting.deposits(jobs))
        results = await self._keep(promises)
        for result in results:
            if result is not None and not isinstance(result, JobExists):
                raise result
        return results.count(None)

    async def claim(self) -> Claim | None:
        """Take the oldest waiting job for this worker alone; None without one, or without room."""
        self._check_well()
        return await self._claiming.claim() if self._rationing.allows_claims else None

    async def settle(self, claim: Claim, verdict: Verdict, attempt: Attempt) -> None:
        """End a job; raises SpoolError when it is not held, or when the disk fails."""
        if verdict.settled_at is None:
            verdict = verdict.model_copy(update={"settled_at": self.options.clock()})
        job = claim.job.settled(verdict, attempt)
        folder = final_folder(self._folders, job.id, verdict.outcome)
        promise = Promise(job.to_bytes(), folder, bare_name(claim.entry), self._holding.path(claim))
        with self._holding.leaving(claim):
            result = await self._keep_surely(promise)
            if isinstance(result, JobExists):
                held, first = self._holding.path(claim), promise.target
                aside = partial(set_aside, self._storage, held, first, self.options.notice)
                await self._run(self._eye, "settle", aside)
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
            result = await self._keep_surely(promise)
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
        if self._rationing.is_low:
            # What waits may not be claimed, so there is nothing that could wake us.
            await asyncio.sleep(min(timeout, _ROOM_SECONDS))
        else:
            await self._claiming.wait(timeout)

    def check_room(self) -> None:
        """Raise SpoolError when submits are refused: SpoolFull, closed, or a failed flush."""
        self._check_well()
        self._rationing.check()

    async def reopen(self, job_ids: Sequence[str]) -> Moved:
        """Let jobs that ended in error wait again, their verdicts kept as history."""
        return await self._reopening.reopen(job_ids)

    async def close(self) -> None:
        """Give back what is still held and end this worker's presence."""
        if self._closed:
            return
        self._closed = True
        self._claiming.close()
        await self._committer.close()
        # An operator's retry that was cancelled may still be at work on what is given back now.
        await self._run(self._eye, "close", lambda: None)
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
            raise stopped(self.failure)

    async def _keep_surely(self, promise: Promise) -> Result:
        """Keep a promise; on a full disk the reserve is spent and it is tried once more."""
        (result,) = await self._keep([promise])
        if isinstance(result, SpoolFull) and self._rationing.spend_reserve():
            (result,) = await self._keep([promise])
        return result

    async def _keep(self, promises: list[Promise]) -> list[Result]:
        if not self._storage.durable:
            return self._batch.commit(promises)
        return await self._committer.keep(promises)
