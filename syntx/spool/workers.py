"""Who holds jobs, and who of them is alive; for people who look, it changes nothing."""

from __future__ import annotations

import contextlib
import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

from syntx.spool.layout import PROCESSING, TMP


@dataclass(frozen=True, slots=True)
class WorkerState:
    """One worker: whether it lives, and how many jobs it holds."""

    name: str
    alive: bool
    held: int


def workers(root: Path) -> list[WorkerState]:
    """Return the workers that have a folder below `processing/`, by name."""
    try:
        names = sorted(os.listdir(root / PROCESSING))
    except FileNotFoundError:
        return []
    return [WorkerState(name, is_alive(root, name), _held(root, name)) for name in names]


def is_alive(root: Path, name: str) -> bool:
    """Whether a worker's process lives: it holds the lock of its scratch folder."""
    try:
        descriptor = os.open(root / TMP / name, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return False
    try:
        # A shared lock for a moment: a rescuer that meets it looks again half a second later.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _held(root: Path, name: str) -> int:
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        return len(os.listdir(root / PROCESSING / name))
    return 0
