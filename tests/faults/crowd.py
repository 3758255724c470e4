"""Processes that work on one queue, and are killed and stopped."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.process import BaseProcess

from loading import Load, Role, run
from telling import KILLED, Log, Reader

PATIENCE = 100.0
"""Seconds after which a test gives up waiting; nothing takes that long unless it hangs."""


class Crowd:
    """Starts processes, ends them, and tells the log whom it killed."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.log = Log(load.log)
        # Each process is forked from a server that never opened a queue, so that it holds
        # nobody's lock; this saves the second that a fresh interpreter takes to import.
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["producing", "consuming"])
        self._started: list[BaseProcess] = []
        self._reader = Reader(load.log, load.log.stat().st_size)
        self._spoken: Counter[int | None] = Counter()
        self._keys: dict[object, list[str]] = defaultdict(list)
        self._seeds = iter(range(self.load.seed, self.load.seed + 1_000_000))

    def start(self, role: Role, **changes: object) -> BaseProcess:
        """Start a process in a role; it is told apart by its seed."""
        load = replace(self.load, seed=next(self._seeds), **changes)  # type: ignore[arg-type]
        process = self._context.Process(target=run, args=(role, load))
        process.start()
        self._started.append(process)
        return process

    def kill(self, process: BaseProcess) -> float:
        """Kill a process with SIGKILL; returns when it was dead, on the monotonic clock."""
        self.log.tell(KILLED, pid=process.pid)
        process.kill()
        process.join()
        return time.monotonic()

    def finish(self, patience: float = PATIENCE) -> None:
        """Let the workers empty the queue and end; raises if one does not end well."""
        self.load.stop.touch()
        for process in self._started:
            process.join(patience)
            if process.exitcode not in (0, -signal.SIGKILL):
                raise AssertionError(f"{process}: {self.told('failed')}")
        self.load.stop.unlink()

    def told(self, word: str, *, by: BaseProcess | None = None) -> list[str]:
        """Return what was told with this word so far, in order."""
        self.listen()
        keys = self._keys[word] if by is None else self._keys[word, by.pid]
        return list(keys)

    def spoken(self, process: BaseProcess) -> int:
        """Return how many lines a process has told so far."""
        self.listen()
        return self._spoken[process.pid]

    def listen(self) -> None:
        """Take in what was told since the last time."""
        for pid, word, key in self._reader.read():
            self._spoken[pid] += 1
            self._keys[word].append(key)
            self._keys[word, pid].append(key)

    def wait_until(self, holds: Callable[[], bool]) -> float:
        """Wait until something is so; returns when it was. Raises when a process failed."""
        end = time.monotonic() + PATIENCE
        while not holds():
            failed = self.told("failed")
            if failed or time.monotonic() > end:
                raise AssertionError(f"it never came to that: {failed}")
            time.sleep(0.01)
        return time.monotonic()

    def end(self) -> None:
        """Kill whoever is left."""
        for process in self._started:
            process.kill()
            process.join()

    def close(self) -> None:
        """Kill whoever is left, and what they started."""
        self.end()
        for child in self.told("child"):
            os.kill(int(child), signal.SIGKILL)
        self.log.close()
