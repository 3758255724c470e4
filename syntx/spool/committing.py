"""Group commit: promises made at the same time share their flushes.

A promise is one rewrite, one rename, or both in that order. A batch writes all files, flushes
all files, renames all, flushes each folder once, and only then is any promise kept.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from syntx.errors import JobExists, SpoolError
from syntx.spool.storage import Storage, spool_error

_QUICK_SECONDS = 0.02
_FLUSHERS = 4
_AT_ONCE = 256
"""So many files are open at the same time; a process has a thousand descriptors or so."""


@dataclass(frozen=True, slots=True)
class Promise:
    """New content for an entry, and the name it is published under."""

    data: bytes
    folder: str
    """The folder it is published in."""
    name: str
    over: str | None = None
    """The held entry that is rewritten in place before it is moved."""

    @property
    def target(self) -> str:
        """The path it is published at."""
        return f"{self.folder}/{self.name}"


Result = SpoolError | None


class Batch:
    """The synchronous core: keeps promises together, and says of each what became of it."""

    def __init__(self, storage: Storage, worker: str) -> None:
        self.failure: str | None = None
        """What made a flush fail; once set, nothing more may be claimed or submitted."""
        self._storage = storage
        self._worker = worker
        self._pool: ThreadPoolExecutor | None = None

    def commit(self, promises: Sequence[Promise]) -> list[Result]:
        """Keep the promises; a result is None when the promise is kept."""
        results: list[Result] = []
        for start in range(0, len(promises), _AT_ONCE):
            results += self._commit_some(promises[start : start + _AT_ONCE])
        return results

    def _commit_some(self, promises: Sequence[Promise]) -> list[Result]:
        results: list[Result] = [None] * len(promises)
        staged = self._write_all(promises, results)
        self._flush_all(staged, results)
        moved = self._move_all(promises, staged, results)
        self._flush_folders(promises, moved, results)
        return results

    def close(self) -> None:
        """End the threads that flush."""
        if self._pool is not None:
            self._pool.shutdown()

    def _write_all(
        self, promises: Sequence[Promise], results: list[Result]
    ) -> dict[int, tuple[str, int]]:
        staged = {}
        for index, promise in enumerate(promises):
            path = self._storage.scratch_name(self._worker)
            try:
                staged[index] = path, self._storage.write(path, promise.data)
            except OSError as error:
                results[index] = spool_error(error, f"write {promise.name}")
        return staged

    def _flush_all(self, staged: dict[int, tuple[str, int]], results: list[Result]) -> None:
        descriptors = [fd for _, fd in staged.values()]
        for index, error in zip(list(staged), self._flushes(descriptors), strict=True):
            path, fd = staged[index]
            self._storage.quietly_close(fd)
            if error is not None:
                results[index] = self._failed_flush(error, path)
                self._storage.quietly_unlink(path)
                del staged[index]

    def _flushes(self, descriptors: list[int]) -> Iterable[OSError | None]:
        if not self._storage.durable:
            return itertools.repeat(None, len(descriptors))
        if len(descriptors) < 2:
            return [self._flush(fd) for fd in descriptors]
        if self._pool is None:
            self._pool = ThreadPoolExecutor(_FLUSHERS, thread_name_prefix="spool-flush")
        return list(self._pool.map(self._flush, descriptors))

    def _flush(self, fd: int) -> OSError | None:
        try:
            self._storage.disk.fsync(fd)
        except OSError as error:
            return error
        return None

    def _move_all(
        self,
        promises: Sequence[Promise],
        staged: dict[int, tuple[str, int]],
        results: list[Result],
    ) -> list[int]:
        moved = []
        for index, (path, _) in staged.items():
            try:
                self._move(promises[index], path)
                moved.append(index)
            except FileExistsError:
                results[index] = JobExists(f"{promises[index].name} is already there")
            except OSError as error:
                results[index] = spool_error(error, f"publish {promises[index].name}")
        return moved

    def _move(self, promise: Promise, scratch: str) -> None:
        source = scratch
        try:
            if promise.over is not None:
                self._storage.disk.rename(scratch, promise.over)
                source = promise.over
            self._storage.publish(source, promise.folder, promise.name)
        except OSError:
            if source == scratch:
                self._storage.quietly_unlink(scratch)
            raise

    def _flush_folders(
        self, promises: Sequence[Promise], moved: list[int], results: list[Result]
    ) -> None:
        for folder in dict.fromkeys(promises[index].folder for index in moved):
            try:
                self._storage.sync_folder(folder)
            except OSError as error:
                failed = self._failed_flush(error, folder)
                for index in moved:
                    if promises[index].folder == folder:
                        results[index] = failed

    def _failed_flush(self, error: OSError, path: str) -> SpoolError:
        # The kernel tells of a failed flush once; a second try would lie.
        self.failure = f"a flush failed ({error.strerror or error}: {path})"
        return SpoolError(
            f"{self.failure}; this spool neither claims nor submits any more",
            fix="check the disk (dmesg), then start the service again",
        )


class Committer:
    """The asynchronous face: one batch at a time, made of all promises that wait."""

    def __init__(self, batch: Batch, *, now: Callable[[], float] = time.perf_counter) -> None:
        self._batch = batch
        self._now = now
        self._waiting: list[tuple[Promise, asyncio.Future[Result]]] = []
        self._busy = False
        self._scheduled = False
        self._quick = True
        self._idle = asyncio.Event()
        self._idle.set()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="spool-commit")

    def promise(self, promise: Promise) -> asyncio.Future[Result]:
        """Queue a promise; the future ends when it is kept or broken."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self._waiting.append((promise, future))
        if not (self._busy or self._scheduled):
            # Not at once: what other tasks promise in this turn of the loop shares the flush.
            self._scheduled = True
            self._idle.clear()
            loop.call_soon(self._start, loop)
        return future

    async def close(self) -> None:
        """Keep what was promised, then end the thread."""
        await self._idle.wait()
        self._thread.shutdown(wait=False)
        self._batch.close()

    def _start(self, loop: asyncio.AbstractEventLoop) -> None:
        self._scheduled = False
        batch, self._waiting = self._waiting, []
        promises = [promise for promise, _ in batch]
        started = self._now()
        if len(batch) == 1 and self._quick:
            # A lone promise on a quick disk: a thread's wake-up would cost as much as a flush.
            self._settle(batch, _outcome(self._batch, promises), started)
            return self._next(loop)
        self._busy = True
        work = self._thread.submit(_outcome, self._batch, promises)
        work.add_done_callback(
            lambda done: loop.call_soon_threadsafe(
                self._finish, loop, batch, done.result(), started
            )
        )
        return None

    def _finish(
        self,
        loop: asyncio.AbstractEventLoop,
        batch: list[tuple[Promise, asyncio.Future[Result]]],
        outcome: list[Result] | BaseException,
        started: float,
    ) -> None:
        self._busy = False
        self._settle(batch, outcome, started)
        self._next(loop)

    def _settle(
        self,
        batch: list[tuple[Promise, asyncio.Future[Result]]],
        outcome: list[Result] | BaseException,
        started: float,
    ) -> None:
        self._quick = self._now() - started < _QUICK_SECONDS * len(batch)
        for index, (_, future) in enumerate(batch):
            if future.done():
                continue
            if isinstance(outcome, BaseException):
                future.set_exception(outcome)
            else:
                future.set_result(outcome[index])

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._waiting:
            self._scheduled = True
            loop.call_soon(self._start, loop)
        else:
            self._idle.set()


def _outcome(batch: Batch, promises: list[Promise]) -> list[Result] | BaseException:
    try:
        return batch.commit(promises)
    except BaseException as error:
        # Handed to those who wait: they would hang for ever otherwise.
        return error
