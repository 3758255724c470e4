"""A terminal taken over for a while: single keys in, whole screens out, and all given back."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import sys
import termios
import tty
from collections.abc import Iterator
from types import FrameType, TracebackType
from typing import Any

_ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J"
_LEAVE = "\x1b[?7h\x1b[?25h\x1b[0m\x1b[?1049l"
_CRLF = "\r\n"
_USUAL = (80, 24)
_ENDING = (signal.SIGTERM, signal.SIGHUP)

_NAMES = {
    "\x1b[A": "up",
    "\x1b[B": "down",
    "\x1bOA": "up",
    "\x1bOB": "down",
    "\x1b[5~": "page up",
    "\x1b[6~": "page down",
    "\x1b": "escape",
    "\r": "enter",
    "\n": "enter",
    "\x7f": "backspace",
    "\x08": "backspace",
    "\x03": "ctrl-c",
}
_KEY = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1bO.|.", re.DOTALL)


def keys(text: str) -> Iterator[str]:
    """Tell the keys in what a terminal sent; sequences that mean nothing here are passed over."""
    for found in _KEY.findall(text):
        name = _NAMES.get(found, found)
        if (len(found) == 1 and found.isprintable()) or found in _NAMES:
            yield name


class Terminal:
    """The terminal of this process; as a context it shows another screen and then the old one.

    A signal that ends the process raises SystemExit inside, so that the terminal is given back.
    `is_fresh` is True as long as nothing of ours stands on the screen, as after a resize.
    """

    def __init__(self) -> None:
        self._input = sys.stdin.fileno()
        self._before: list[Any] = []
        self._handlers: dict[signal.Signals, Any] = {}
        self._wake, self._waker = os.pipe()
        self.is_fresh = True

    def __enter__(self) -> Terminal:
        self._before = termios.tcgetattr(self._input)
        for name in (self._wake, self._waker):
            os.set_blocking(name, False)
        try:
            for number in _ENDING:
                self._handlers[number] = signal.signal(number, _end)
            self._handlers[signal.SIGTSTP] = signal.signal(signal.SIGTSTP, self._suspend)
            self._handlers[signal.SIGWINCH] = signal.signal(signal.SIGWINCH, self._resized)
            self._take()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number in _ENDING:
            signal.signal(number, signal.SIG_IGN)
        self._give_back()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        for name in (self._wake, self._waker):
            os.close(name)

    def wake(self) -> None:
        """End a wait for keys; safe from any thread."""
        # A pipe that is full wakes as well; one that is closed has nobody to wake.
        with contextlib.suppress(OSError):
            os.write(self._waker, b".")

    def read(self, seconds: float) -> list[str]:
        """Wait so long for keys and return them; `ctrl-c` where the terminal is gone."""
        ready, _, _ = select.select([self._input, self._wake], [], [], seconds)
        if self._wake in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self._wake, 4096)
        if self._input not in ready:
            return []
        data = os.read(self._input, 4096)
        return list(keys(data.decode("utf-8", "ignore"))) if data else ["ctrl-c"]

    def draw(self, lines: list[str]) -> None:
        """Show these lines, which are as wide as the terminal, and nothing else."""
        clear = "\x1b[2J" if self.is_fresh else ""
        self.is_fresh = False
        _write(f"{clear}\x1b[H{_CRLF.join(lines)}")

    def size(self) -> tuple[int, int]:
        """Return columns and rows."""
        try:
            found = os.get_terminal_size(sys.stdout.fileno())
        except OSError:
            return _USUAL
        return (found.columns, found.lines) if found.columns and found.lines else _USUAL

    def _take(self) -> None:
        tty.setcbreak(self._input, termios.TCSANOW)
        self.is_fresh = True
        _write(_ENTER)

    def _give_back(self) -> None:
        # The terminal may be gone; then there is nothing to give back.
        with contextlib.suppress(OSError, termios.error):
            termios.tcsetattr(self._input, termios.TCSANOW, self._before)
        with contextlib.suppress(OSError):
            _write(_LEAVE)

    def _suspend(self, number: int, frame: FrameType | None) -> None:
        """Ctrl-Z: give the terminal back, stop, and take it again when the process goes on."""
        self._give_back()
        os.kill(os.getpid(), signal.SIGSTOP)
        self._take()
        self.wake()

    def _resized(self, number: int, frame: FrameType | None) -> None:
        self.is_fresh = True
        self.wake()


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
