"""Looking at a home again and again, reading of it only what is new."""

from __future__ import annotations

import os
import time
from collections import deque
from datetime import UTC, datetime
from pathlib import Path

from syntx.home import Home
from syntx.journal.files import last_records
from syntx.observing.basics import read_basics
from syntx.observing.failures import Failures, failures
from syntx.observing.snapshot import Snapshot, for_caller, look
from syntx.top.following import Answers, Calls
from syntx.top.learning import gain, generations
from syntx.top.view import Gain, Generation, View

LOOKS = 240
"""So many looks are remembered for the history of the queue."""
GENERATIONS = 200
"""So many of the newest generations are shown."""
MOST_FAILED = 500
"""So many failed jobs are looked at for their causes."""

_FAILURES_SECONDS = 30.0
"""Causes are grouped anew after so long even when no number changed: their trends move on."""
_SETTLE_SECONDS = 2.0
"""A storm of failures is not grouped at every look."""


class Reader:
    """Looks at one home; keeps what was read so that the next look reads only what is new.

    `call` is how the program is called for this home.
    """

    def __init__(self, home: Home, call: str = "syntx") -> None:
        self.home = home
        self._call = call
        basics = read_basics(home)
        logs = Path(basics.logs)
        self._queue = Path(basics.queue)
        self._evolution = _Learned(Path(basics.evolution_log))
        self._calls = Calls(logs / "costs.jsonl")
        self._answers = Answers(logs / "wrapper_requests.jsonl")
        self._failed = _Failed(self._queue)
        self._waiting: deque[int] = deque(maxlen=LOOKS)
        self._processing: deque[int] = deque(maxlen=LOOKS)

    def read(self) -> View:
        """Look once; raises ConfigError when the home's settings are wrong."""
        started = time.monotonic()
        moment = datetime.now(UTC)
        now = for_caller(look(self.home), self._call)
        self._waiting.append(now.waiting)
        self._processing.append(now.counts.processing)
        curve, gained = self._evolution.read()
        return View(
            moment=moment.isoformat(timespec="seconds").replace("+00:00", "Z"),
            now=now,
            waiting=tuple(self._waiting),
            processing=tuple(self._processing),
            answers=self._answers.read(moment),
            generations=curve,
            gain=gained,
            today=self._calls.read(moment),
            failures=self._failed.read(now),
            took=round(time.monotonic() - started, 3),
        )


class _Learned:
    """The generations, read anew only when their log changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._found: tuple[tuple[Generation, ...], Gain | None] = ((), None)

    def read(self) -> tuple[tuple[Generation, ...], Gain | None]:
        stamp = _stamp(self._path)
        if stamp != self._stamp:
            records = last_records(self._path, GENERATIONS)
            self._stamp, self._found = stamp, (generations(records), gain(records))
        return self._found


class _Failed:
    """The failures by cause, grouped anew only when there may be others."""

    def __init__(self, queue: Path) -> None:
        self._queue = queue
        self._numbers: tuple[int, ...] | None = None
        self._at = -_FAILURES_SECONDS
        self._found = Failures((), 0, 0)

    def read(self, now: Snapshot) -> Failures:
        counts = now.counts
        numbers = (counts.retry, counts.error, counts.refused, counts.archive)
        age = time.monotonic() - self._at
        if age >= _FAILURES_SECONDS or (numbers != self._numbers and age >= _SETTLE_SECONDS):
            self._found = failures(self._queue, most=MOST_FAILED)
            self._numbers, self._at = numbers, time.monotonic()
        return self._found


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_ino, found.st_size
