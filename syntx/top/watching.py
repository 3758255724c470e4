"""Looking at a home from a thread of its own, so that a slow disk never holds up the keys."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue

from syntx.errors import SyntxError
from syntx.top.acting import Action, Told, carry_out
from syntx.top.reading import Reader
from syntx.top.view import View


class Watcher:
    """Looks again and again; `view` and `problem` (why there is no newer one) are the last."""

    def __init__(self, reader: Reader, every: float) -> None:
        self._reader = reader
        self.every = every
        self._ended = threading.Event()
        self._wanted = threading.Event()
        self._looked = time.monotonic()
        self._tell: Callable[[], None] = lambda: None
        self.paused = False
        self.view: View | None = None
        self.problem: str | None = None
        self._answers: SimpleQueue[Told] = SimpleQueue()

    @property
    def home(self) -> str:
        """The home that is looked at."""
        return str(self._reader.home.root)

    def start(self, tell: Callable[[], None]) -> None:
        """Begin to look; `tell` is called from another thread when there is something new.

        The threads end with the process, whatever the disk does.
        """
        self._tell = tell
        threading.Thread(target=self._watch, name="top-look", daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._ended.set()
        self._wanted.set()

    def pause(self) -> None:
        """Look no more, or go on."""
        self.paused = not self.paused
        self._wanted.set()

    def age(self) -> str:
        """Say how old the view is where it is older than it should be, or that it is paused."""
        seconds = time.monotonic() - self._looked
        old = f" ({seconds:.0f} s old)" if seconds > self.every + 1 else ""
        return f"{old} paused" if self.paused else old

    def take_answer(self) -> Told | None:
        """Return what an action told, once; None while none has ended."""
        try:
            return self._answers.get_nowait()
        except Empty:
            return None

    def act(self, action: Action) -> None:
        """Have something done beside; `take_answer` gives what it told."""

        def run() -> None:
            self._answers.put(carry_out(self.home, action))
            self._wanted.set()
            self._tell()

        threading.Thread(target=run, name="top-act", daemon=True).start()

    def _watch(self) -> None:
        while not self._ended.is_set():
            if not self.paused:
                self._look()
                self._tell()
            self._wanted.wait(self.every)
            self._wanted.clear()

    def _look(self) -> None:
        try:
            self.view = self._reader.read()
            self.problem, self._looked = None, time.monotonic()
        except SyntxError as error:
            self.problem = f"{error.message} (fix: {error.fix})" if error.fix else error.message
        except Exception as error:
            # Files come and go below it; the view must outlive whatever it did not expect.
            self.problem = f"{type(error).__name__}: {error}"
