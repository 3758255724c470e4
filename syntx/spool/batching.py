"""One batch of promises, kept together: all are written, flushed, renamed, flushed again.

A promise is one rewrite, one rename, or both in that order. Each folder is flushed once, and
only then is any promise kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

from syntx.errors import JobExists, SpoolError
from syntx.spool.failures import spool_error
from syntx.spool.layout import envelope_of
from syntx.spool.storage import Storage
from syntx.spool.syscalls import SYNCFS_TELLS

_FLUSHERS = 16
_TOGETHER = 4
"""So many files are cheaper to flush with their whole file system than one by one."""
_LONG_SECONDS = 0.25
_APART_SECONDS = 30.0
_AT_ONCE = 256
"""So many files are open at the same time; a process has a thousand descriptors or so."""


class Promise(NamedTuple):
    """New content for an entry, and the name it is published under."""

    data: bytes
    folder: str
    """The folder it is published in."""
    name: str
    entry: str | None = None
    """The held entry whose envelope is rewritten in place before it is moved."""

    @property
    def target(self) -> str:
        """The path it is published at."""
        return f"{self.folder}/{self.name}"


Result = SpoolError | None


@dataclass(slots=True)
class _Step:
    """Where one promise stands on its way through a batch."""

    promise: Promise
    path: str
    fd: int = -1
    result: Result = None
    moved: bool = False


class Batch:
    """The synchronous core: keeps promises together, and says of each what became of it."""

    def __init__(
        self, storage: Storage, worker: str, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._storage = storage
        self._worker = worker
        self._now = now
        self._apart_until = float("-inf")
        self._pool: ThreadPoolExecutor | None = None

    def commit(self, promises: Sequence[Promise]) -> list[Result]:
        """Keep the promises; a result is None when the promise is kept."""
        if len(promises) == 1:
            return [self._commit_one(promises[0])]
        results: list[Result] = []
        for start in range(0, len(promises), _AT_ONCE):
            results += self._commit_some(promises[start : start + _AT_ONCE])
        return results

    def close(self) -> None:
        """End the threads that flush."""
        if self._pool is not None:
            self._pool.shutdown()

    def _commit_one(self, promise: Promise) -> Result:
        step = _Step(promise, self._storage.scratch_name(self._worker))
        self._write(step)
        if step.result is None:
            self._flush_file(step)
        if step.result is None:
            self._move(step)
        if step.moved:
            self._flush_folders([step])
        return step.result

    def _commit_some(self, promises: Sequence[Promise]) -> list[Result]:
        steps = [_Step(one, self._storage.scratch_name(self._worker)) for one in promises]
        for step in steps:
            self._write(step)
        self._flush_files([step for step in steps if step.result is None])
        for step in steps:
            if step.result is None:
                self._move(step)
        self._flush_folders([step for step in steps if step.moved])
        return [step.result for step in steps]

    def _write(self, step: _Step) -> None:
        try:
            step.fd = self._storage.write(step.path, step.promise.data)
        except OSError as error:
            step.result = spool_error(error, f"write {step.promise.name}")

    def _flush_files(self, steps: list[_Step]) -> None:
        if not self._storage.durable or len(steps) < 2:
            for step in steps:
                self._flush_file(step)
            return
        if SYNCFS_TELLS and len(steps) >= _TOGETHER and self._now() >= self._apart_until:
            self._flush_together(steps)
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(_FLUSHERS, thread_name_prefix="spool-flush")
        list(self._pool.map(self._flush_file, steps))

    def _flush_together(self, steps: list[_Step]) -> None:
        """Flush the whole file system once, unless others write so much that it takes long."""
        started = self._now()
        try:
            self._storage.sync_all()
        except OSError as error:
            for step in steps:
                step.result = spool_error(error, f"flush {step.promise.name}")
                self._storage.quietly_unlink(step.path)
        finally:
            for step in steps:
                self._storage.quietly_close(step.fd)
        if self._now() - started > _LONG_SECONDS:
            self._apart_until = self._now() + _APART_SECONDS

    def _flush_file(self, step: _Step) -> None:
        try:
            self._storage.flush(step.fd, step.path)
        except OSError as error:
            step.result = spool_error(error, f"flush {step.promise.name}")
            self._storage.quietly_unlink(step.path)
        finally:
            self._storage.quietly_close(step.fd)

    def _move(self, step: _Step) -> None:
        promise, source = step.promise, step.path
        try:
            if promise.entry is not None:
                is_folder = not promise.entry.endswith(".json")
                if is_folder:
                    # First: a verdict inside would say that all of its outputs are safe.
                    self._storage.sync_work(promise.entry)
                self._storage.disk.rename(source, envelope_of(promise.entry))
                source = promise.entry
                if is_folder:
                    self._storage.sync_once(source)
            self._storage.publish(source, promise.folder, promise.name)
            step.moved = True
        except OSError as error:
            if source == step.path:
                self._storage.quietly_unlink(source)
            step.result = _not_published(error, promise)

    def _flush_folders(self, moved: list[_Step]) -> None:
        try:
            for folder in dict.fromkeys([step.promise.folder for step in moved]):
                self._storage.sync_folder(folder)
        except OSError as error:
            # What one folder lost, another may have relied on: none of the batch is kept.
            for step in moved:
                step.result = spool_error(error, f"flush {step.promise.name}")


def _not_published(error: OSError, promise: Promise) -> SpoolError:
    if isinstance(error, FileExistsError):
        return JobExists(f"{promise.name} is already there")
    return spool_error(error, f"publish {promise.name}")
