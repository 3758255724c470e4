"""Looking from a thread of its own: neither a slow disk nor an error holds up the view."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from syntx.errors import ConfigError
from syntx.home import Home
from syntx.top.reading import Reader
from syntx.top.view import View
from syntx.top.watching import Watcher


def until(true: Callable[[], object]) -> None:
    """Wait for something to become true."""
    ends = time.monotonic() + 60
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.02)


class Slow(Reader):
    """A reader whose disk answers only when it is let."""

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self.may = threading.Event()

    def read(self) -> View:
        """Wait, and look."""
        self.may.wait(60)
        return super().read()


class Failing(Reader):
    """A reader that meets wrong settings at every second look."""

    looks = 0

    def read(self) -> View:
        """Look, or fail."""
        self.looks += 1
        if self.looks % 2 == 0:
            raise ConfigError("queue.yaml is wrong", fix="mend it")
        return super().read()


def test_a_slow_disk_is_told_and_blocks_nobody(home: Home) -> None:
    """While a look hangs, the view says how old it is; then it goes on."""
    reader = Slow(home)
    watcher = Watcher(reader, 0.2)
    watcher.start(lambda: None)

    until(lambda: "s old)" in watcher.age())
    assert watcher.view is None
    reader.may.set()

    until(lambda: watcher.view is not None and not watcher.age())
    watcher.stop()


def test_an_error_is_told_and_the_last_view_stays(home: Home) -> None:
    """Wrong settings end nothing: the next look that works takes the complaint away."""
    watcher = Watcher(Failing(home), 0.05)
    watcher.start(lambda: None)

    until(lambda: watcher.problem == "queue.yaml is wrong (fix: mend it)")
    assert watcher.view is not None
    until(lambda: watcher.problem is None)
    watcher.stop()


def test_a_pause_stops_the_looks(home: Home) -> None:
    """While it is paused the view does not change."""
    watcher = Watcher(Reader(home), 0.05)
    watcher.pause()
    watcher.start(lambda: None)
    assert watcher.age().endswith("paused")

    watcher.pause()

    until(lambda: watcher.view is not None)
    watcher.stop()
