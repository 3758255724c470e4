"""A child process that dies, or is refused something, at one of its calls."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Callable
from typing import Any

_EVENTS = {"open", "os.rename", "os.remove", "os.chmod", "os.chown", "os.scandir", "fcntl.flock"}
_CALLS = ("write", "fsync", "ftruncate", "pread")
REFUSED, ALL_DONE, KILLED = 3, 0, 9


def run(act: Callable[[], Any], at: int, fault: str) -> int:
    """Run `act` in a child whose call number `at` goes wrong; returns how the child ended.

    `fault` is "before" or "after" (killed then), or the number of an error that is raised.
    """
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 1
    try:
        _go_wrong(at, fault)
        act()
        code = ALL_DONE
    except OSError:
        code = REFUSED
    finally:
        os._exit(code)


def _go_wrong(at: int, fault: str) -> None:
    calls = iter(range(1 << 30))

    def count() -> None:
        if next(calls) == at:
            if fault.isdigit():
                raise OSError(int(fault), os.strerror(int(fault)))
            os._exit(KILLED)

    # What the interpreter tells of is told before it is done; the next one's "before" is after.
    sys.addaudithook(lambda event, given: count() if event in _EVENTS else None)
    for name in _CALLS:
        setattr(os, name, _counted(getattr(os, name), count, fault))
    fcntl.flock = _counted(fcntl.flock, lambda: None, fault)


def _counted(real: Callable[..., Any], count: Callable[[], None], fault: str) -> Any:
    def call(*given: Any) -> Any:
        if fault == "after":
            done = real(*given)
            count()
            return done
        count()
        return real(*given)

    return call
