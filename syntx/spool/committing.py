"""Group commit: promises made at the same time share their flushes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from syntx.spool.batching import Batch, Promise, Result

_QUICK_SECONDS = 0.02
_ALONE = 4
_TURN_SECONDS = 0.005


@dataclass(slots=True)
class _Ticket:
    """Promises made by one caller, and the future it waits on once others share the batch."""

    promises: list[Promise]
    future: asyncio.Future[list[Result]] | None = None


class Committer:
    """The asynchronous face: one batch at a time, made of all promises that wait.

    The first to come waits one turn of the loop, so that what other tasks promise in this turn
    shares its flushes. If nobody joins, it commits at once; else a thread commits for all.
    Where nobody has joined for a while, the turn is skipped, but for one every few milliseconds.
    """

    def __init__(self, batch: Batch, *, now: Callable[[], float] = time.perf_counter) -> None:
        self._batch = batch
        self._now = now
        self._queue: list[_Ticket] = []
        self._led = False
        self._quick = True
        self._alone = 0
        self._turned_at = float("-inf")
        self._idle = asyncio.Event()
        self._idle.set()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="spool-commit")

    async def keep(self, promises: list[Promise]) -> list[Result]:
        """Keep promises; after a cancellation they may be kept all the same."""
        if self._may_skip_turn(promises):
            return self._commit_alone(promises)
        ticket = _Ticket(promises)
        self._queue.append(ticket)
        if self._led:
            return await self._wait_for(ticket)
        self._led = True
        self._idle.clear()
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            self._start(asyncio.get_running_loop())
            raise
        self._turned_at = self._now()
        if len(self._queue) == 1 and len(promises) == 1 and self._quick:
            self._alone += 1
            return self._commit_alone(promises)
        self._alone = 0
        waiting = self._wait_for(ticket)
        self._start(asyncio.get_running_loop())
        return await waiting

    async def close(self) -> None:
        """Keep what was promised, then end the thread."""
        await self._idle.wait()
        self._thread.shutdown(wait=False)
        self._batch.close()

    def _may_skip_turn(self, promises: list[Promise]) -> bool:
        if self._led or len(promises) != 1 or not self._quick or self._alone < _ALONE:
            return False
        return self._now() - self._turned_at < _TURN_SECONDS

    def _wait_for(self, ticket: _Ticket) -> asyncio.Future[list[Result]]:
        ticket.future = asyncio.get_running_loop().create_future()
        return ticket.future

    def _commit_alone(self, promises: list[Promise]) -> list[Result]:
        # On a quick disk a thread's wake-up would cost as much as a flush.
        self._queue.clear()
        started = self._now()
        try:
            return self._batch.commit(promises)
        finally:
            self._quick = self._now() - started < _QUICK_SECONDS
            self._led = False
            self._idle.set()

    def _start(self, loop: asyncio.AbstractEventLoop) -> None:
        batch, self._queue = self._queue, []
        promises = [promise for ticket in batch for promise in ticket.promises]
        started = self._now()
        work = self._thread.submit(_outcome, self._batch, promises)
        work.add_done_callback(
            lambda done: loop.call_soon_threadsafe(
                self._finish, loop, batch, done.result(), started
            )
        )

    def _finish(
        self,
        loop: asyncio.AbstractEventLoop,
        batch: list[_Ticket],
        outcome: list[Result] | BaseException,
        started: float,
    ) -> None:
        count = sum(len(ticket.promises) for ticket in batch)
        self._quick = self._now() - started < _QUICK_SECONDS * count
        _hand_out(batch, outcome)
        if self._queue:
            # Those who were woken just now may promise anew and share the next batch.
            loop.call_soon(loop.call_soon, self._start, loop)
        else:
            self._led = False
            self._idle.set()


def _hand_out(batch: list[_Ticket], outcome: list[Result] | BaseException) -> None:
    at = 0
    for ticket in batch:
        end = at + len(ticket.promises)
        if ticket.future is not None and not ticket.future.done():
            if isinstance(outcome, BaseException):
                ticket.future.set_exception(outcome)
            else:
                ticket.future.set_result(outcome[at:end])
        at = end


def _outcome(batch: Batch, promises: list[Promise]) -> list[Result] | BaseException:
    try:
        return batch.commit(promises)
    except BaseException as error:
        # Handed to those who wait: they would hang for ever otherwise.
        return error
