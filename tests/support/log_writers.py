"""Processes that write logs at full speed through simulated days, and may be killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import syntx.journal.logs
from syntx.journal.names import Name

BEGIN = datetime(2026, 9, 1, tzinfo=UTC)
LAST_DAY = 60


def write_on(folder: Path, names: tuple[Name, ...], writer: int, today: Any, done: Any) -> None:
    """Write until killed or until `LAST_DAY`; `done` counts what was written."""
    logs = syntx.journal.logs.Logs(folder, f"writer-{writer}")
    setattr(syntx.journal.logs, "_now", lambda: BEGIN + timedelta(days=today.value))  # noqa: B010
    number = 0
    parent = os.getppid()
    while today.value < LAST_DAY and os.getppid() == parent:
        for name in names:
            logs.write(name, {"id": f"{writer}/{number}"})
        number += 1
        done[writer] = number
    logs.close()


class Crowd:
    """Some writers at a time, each with a number of its own."""

    def __init__(self, folder: Path, names: tuple[Name, ...], most: int) -> None:
        self._context = multiprocessing.get_context("spawn")
        self.today = self._context.Value("i", 0)
        self.done = self._context.Array("q", most)
        self._given = (folder, names)
        self._alive: dict[int, Any] = {}
        self.killed: list[int] = []

    def begin(self, count: int) -> None:
        """Start more writers."""
        for _ in range(count):
            number = len(self._alive) + len(self.killed)
            given = (*self._given, number, self.today, self.done)
            process = self._context.Process(target=write_on, args=given, daemon=True)
            process.start()
            self._alive[number] = process

    def kill_one(self) -> None:
        """Kill the oldest writer wherever it is, and start another."""
        number, process = next(iter(self._alive.items()))
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        self.begin(1)
        del self._alive[number]
        self.killed.append(number)

    def written(self) -> int:
        """Return how many lines of each log were written."""
        return sum(self.done)

    def next_day(self, lines: int) -> None:
        """Let a day pass in which so many lines of each log are written."""
        self.today.value += 1
        wanted, until = self.written() + lines, time.monotonic() + 60
        while self.written() < wanted:
            if time.monotonic() > until:
                raise TimeoutError("the writers stand still")
            time.sleep(0.0005)

    def finish(self) -> None:
        """Let all writers end."""
        self.today.value = LAST_DAY
        for process in self._alive.values():
            process.join(60)
            assert process.exitcode == 0


def check(ids: list[str], crowd: Crowd) -> None:
    """Each line that was written is there once; of who was killed at most one line more."""
    assert [one for one, count in Counter(ids).items() if count > 1] == []
    for number, count in enumerate(crowd.done):
        own = {int(one.partition("/")[2]) for one in ids if one.startswith(f"{number}/")}
        most = count + (number in crowd.killed)
        assert set(range(count)) <= own <= set(range(most))
