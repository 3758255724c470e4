"""Workers that tell each promise after the call that made it returned."""

from __future__ import annotations

import asyncio
import random
import subprocess
from datetime import UTC, datetime

from loading import Load, is_left_alone, open_spool, output_of
from telling import Log

from syntx.job import Attempt, Verdict
from syntx.spool.contract import Claim
from syntx.spool.files import FileSpool

RESCUE_SECONDS = 0.5
DEEDS = {"settle": 80, "retry": 8, "release": 6, "archive": 6}


def attempt_of(spool: FileSpool) -> Attempt:
    """One attempt, just now."""
    now = datetime.now(UTC)
    return Attempt(worker=spool.worker, started=now, ended=now)


class Worker:
    """Claims and does one of the deeds with each job, several in flight."""

    def __init__(self, load: Load, spool: FileSpool, log: Log) -> None:
        self._load, self._spool, self._log = load, spool, log
        self._random = random.Random(load.seed)
        self._done = False

    async def run(self) -> None:
        """Work and rescue until the queue is empty and work is to stop."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._rescue())
            for _ in range(self._load.flights):
                tasks.create_task(self._work())

    async def _rescue(self) -> None:
        while not self._done:
            await self._spool.rescue()
            await asyncio.sleep(RESCUE_SECONDS)

    async def _work(self) -> None:
        while not self._done:
            claim = await self._spool.claim()
            if claim is not None:
                await self._hold(claim)
                await self._leave(claim)
            elif is_left_alone() or await self._is_finished():
                self._done = True
            else:
                await self._spool.wait(0.2)

    async def _is_finished(self) -> bool:
        if not self._load.stop.exists():
            return False
        counts = await self._spool.counts()
        return counts.waiting == counts.processing == 0

    async def _hold(self, claim: Claim) -> None:
        self._log.tell("held", claim.job.id)
        if self._load.with_child:
            self._start_child()
        gate = self._load.gate
        while gate is not None and not gate.exists() and not is_left_alone():
            await asyncio.sleep(0.01)
        if self._random.random() < 0.2:
            await asyncio.sleep(self._random.random() * 0.005)

    def _start_child(self) -> None:
        """Start what may inherit all it can, and outlives us."""
        child = subprocess.Popen(["sleep", "600"], close_fds=False)
        self._log.tell("child", str(child.pid))

    async def _leave(self, claim: Claim) -> None:
        job_id = claim.job.id
        (deed,) = self._random.choices(list(DEEDS), list(DEEDS.values()))
        if claim.job.kind == "document":
            self._write_output(claim)
        self._log.tell("leaving", job_id)
        if deed == "retry":
            delay = self._random.random() * 0.1
            await self._spool.retry(claim, attempt_of(self._spool), delay)
            return self._log.tell("retried", job_id)
        if deed == "release":
            await self._spool.release(claim)
            return self._log.tell("released", job_id)
        await self._spool.settle(claim, Verdict(outcome="passed"), attempt_of(self._spool))
        self._log.tell("settled", job_id)
        if deed == "archive" and await self._spool.archive([job_id]):
            self._log.tell("archived", job_id)
        return None

    def _write_output(self, claim: Claim) -> None:
        """Leave something in a folder, which the settle has to flush."""
        hold = self._load.root / "processing" / self._spool.worker / claim.entry
        (hold / "outputs" / "answer.txt").write_text(output_of(claim.job.id))


async def be_born_often(load: Load, spool: FileSpool, log: Log) -> None:
    """Open a spool, hold a job, put it back and close, again and again."""
    for _ in range(load.count):
        async with open_spool(load) as born:
            claim = await born.claim()
            if claim is not None:
                assert (born.root / "processing" / born.worker / claim.entry).exists()
                await born.release(claim)
        log.tell("lived")


async def rescue_without_pause(load: Load, spool: FileSpool, log: Log) -> None:
    """Rescue until work is to stop; tell what was taken from anybody."""
    while not load.stop.exists() and not is_left_alone():
        given = await spool.rescue()
        log.tell("rescued" if given else "looked", str(given))


async def work(load: Load, spool: FileSpool, log: Log) -> None:
    """Be a worker."""
    await Worker(load, spool, log).run()
