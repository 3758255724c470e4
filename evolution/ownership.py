"""One writer at a time: whoever changes what was learned holds a lock while it does."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from syntx.errors import SpoolError


@contextmanager
def only_one(state: Path) -> Iterator[None]:
    """Hold the lock of a state folder; it frees itself when the process dies.

    Raises SpoolError when another producer holds it.
    """
    state.mkdir(parents=True, exist_ok=True)
    lock = state / "producer.lock"
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SpoolError(
                f"another producer works in this home ({lock} is held)",
                fix="let it work, or stop it first",
            ) from error
        yield
    finally:
        os.close(descriptor)
