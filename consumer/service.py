"""The consumer as a service: keeps a bounded number of jobs in flight until told to stop."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from dataclasses import dataclass, field

import structlog

from consumer.worker import Bench, work
from syntx.errors import ConfigError, NotAuthorised, SpoolError
from syntx.notify import Notifier
from syntx.service import Stop
from syntx.settings.models import Settings
from syntx.spool.contract import Claim

RESCUE_EVERY = 0.5
"""Seconds between looks for dead workers."""

MOST_REFUSALS = 30
"""So many claims in a row the disk may refuse, a second apart, before the service ends."""

REPORT_EVERY = 10.0
"""Seconds between lines of status to the service manager."""

CLOSING_SECONDS = 60.0
"""What an end may take on top of the drain: giving jobs back to a slow disk, closing."""

log = structlog.get_logger()


@dataclass
class Tally:
    """What a consumer did: outcomes by name, and how many jobs went back to the queue."""

    outcomes: Counter[str] = field(default_factory=Counter)
    returned: int = 0
    blocked: int = 0
    """Consecutive jobs that met what would stop every job."""


class Service:
    """Claims, works and settles; `until_empty` ends when nothing waits and nothing is in flight."""

    def __init__(
        self,
        bench: Bench,
        stop: Stop,
        *,
        until_empty: bool = False,
        notifier: Notifier | None = None,
    ) -> None:
        self._bench = bench
        self._stop = stop
        self._until_empty = until_empty
        self._notifier = notifier or Notifier()
        self._flying: set[asyncio.Task[None]] = set()
        self._bell = asyncio.Event()
        self._ending: BaseException | None = None
        self._refusals = 0
        self.tally = Tally()

    async def run(self) -> Tally:
        """Serve until stopped; raises what would stop every job: key, configuration, disk."""
        aside = [asyncio.create_task(self._rescue()), asyncio.create_task(self._heed_stop())]
        if self._notifier.is_heard:
            aside.append(asyncio.create_task(self._report()))
        for task in aside:
            task.add_done_callback(self._end_with)
        self._notifier.ready()
        try:
            await self._serve()
        finally:
            await self._drain()
            for task in aside:
                task.cancel()
            await asyncio.wait(aside)
        if self._ending is not None:
            raise self._ending
        return self.tally

    async def _serve(self) -> None:
        while not self._stop.wanted and self._ending is None:
            # Here and nowhere else while we serve: a claim that hangs must silence the watchdog.
            self._notifier.beat()
            settings = self._bench.settings()
            if len(self._flying) >= settings.system.consumer.in_flight:
                await self._wait_for_room()
                continue
            claim = await self._claim()
            if claim is not None:
                self._start(claim, settings)
            elif self._until_empty and not self._flying and await self._is_empty():
                return
            else:
                await self._idle(self._notifier.bounded(settings.queue.poll_seconds))

    async def _wait_for_room(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._notifier.pause):
                await self._bell.wait()
        self._bell.clear()

    async def _heed_stop(self) -> None:
        await self._stop.asked()
        self._bell.set()

    async def _claim(self) -> Claim | None:
        try:
            claim = await self._bench.spool.claim()
        except SpoolError as error:
            self._refusals += 1
            if self._refusals >= MOST_REFUSALS:
                # A spool whose flush failed is well again only in a fresh process.
                self._ending = error
            log.error("spool_paused", message=error.message, fix=error.fix)
            await self._stop.within(1.0)
            return None
        self._refusals = 0
        return claim

    def _start(self, claim: Claim, settings: Settings) -> None:
        task = asyncio.create_task(self._handle(claim, settings), name=claim.job.id)
        self._flying.add(task)
        task.add_done_callback(self._landed)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._flying.discard(task)
        self._end_with(task)
        self._bell.set()

    def _end_with(self, task: asyncio.Task[None]) -> None:
        """A task that fails ends the service with its error; nothing fails unseen."""
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("service_ends", error=repr(error))
            self._ending = self._ending or error
            self._bell.set()

    async def _handle(self, claim: Claim, settings: Settings) -> None:
        try:
            verdict = await work(self._bench, claim, settings)
        except (NotAuthorised, ConfigError) as error:
            self.tally.blocked += 1
            if self.tally.blocked >= settings.system.consumer.stop_after_errors:
                self._ending = error
            self.tally.returned += 1
            log.error("job_returned", job_id=claim.job.id, message=error.message, fix=error.fix)
        except SpoolError as error:
            # The job stays in our processing folder until we end; a start gives it back.
            log.error("job_kept", job_id=claim.job.id, message=error.message, fix=error.fix)
            self._ending = self._ending or error
        else:
            self.tally.blocked = 0
            if verdict is None:
                self.tally.returned += 1
            else:
                self.tally.outcomes[verdict.outcome] += 1

    async def _is_empty(self) -> bool:
        # What the dead hold waits too; a start must not end before it is given back.
        with contextlib.suppress(SpoolError):
            await self._bench.spool.rescue()
        return (await self._bench.spool.counts()).waiting == 0

    async def _idle(self, seconds: float) -> None:
        """Wait for new work, for a job to land, or for the wish to stop."""
        waits = [
            asyncio.create_task(self._bench.spool.wait(seconds)),
            asyncio.create_task(self._bell.wait()),
        ]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for task in waits:
            task.cancel()
        await asyncio.wait(waits)
        self._bell.clear()

    async def _rescue(self) -> None:
        while True:
            try:
                await self._bench.spool.rescue()
            except SpoolError as error:
                log.error("rescue_failed", message=error.message)
            await asyncio.sleep(RESCUE_EVERY)

    async def _report(self) -> None:
        while True:
            with contextlib.suppress(SpoolError, OSError):
                waiting = (await self._bench.spool.counts()).waiting
                settled = sum(self.tally.outcomes.values())
                self._notifier.status(
                    f"{len(self._flying)} in flight, {settled} settled, {waiting} waiting"
                )
            await asyncio.sleep(REPORT_EVERY)

    async def _drain(self) -> None:
        """Let jobs in flight finish within the drain time; the rest go back to the queue."""
        seconds = self._bench.settings().system.consumer.drain_seconds
        self._notifier.stopping(seconds + CLOSING_SECONDS)
        if not self._flying:
            return
        _, late = await asyncio.wait(set(self._flying), timeout=seconds)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)
