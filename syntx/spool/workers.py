"""Who holds jobs, since when, and who of them is alive; for people who look, it changes nothing."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from dataclasses import dataclass
from pathlib import Path

from syntx.spool.layout import PROCESSING, TMP, parse_entry

MOST_NAMED = 100
"""So many of the jobs a worker holds are named at most."""

_ROLES = ("consumer", "producer")


@dataclass(frozen=True, slots=True)
class Held:
    """A job that a worker holds, for so many seconds by now."""

    id: str
    seconds: float


@dataclass(frozen=True, slots=True)
class WorkerState:
    """One worker: whether it lives, what service it is, and the jobs it holds.

    `role` is `consumer` or `producer`; None for a command, and where it cannot be told. `jobs`
    are those it holds longest, `held` is the number of all.
    """

    name: str
    alive: bool
    held: int
    role: str | None = None
    jobs: tuple[Held, ...] = ()


def workers(root: Path) -> list[WorkerState]:
    """Return the workers that have a folder below `processing/`, by name."""
    try:
        names = sorted(os.listdir(root / PROCESSING))
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [_state(root, name) for name in names]


def _state(root: Path, name: str) -> WorkerState:
    alive = is_alive(root, name)
    held, jobs = _held(root, name)
    return WorkerState(name, alive, held, role_of(name) if alive else None, jobs)


def role_of(name: str) -> str | None:
    """Return which service a worker's process is, as its command line says; None if none does."""
    pid = name.split("-")[1] if name.count("-") >= 4 else ""
    if not pid.isdigit():
        return None
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            words = file.read(4096).decode("utf-8", "replace").split("\0")
    except OSError:
        return None
    return _role(words)


def _role(words: list[str]) -> str | None:
    """Return the first command among the words of a command line behind `syntx`."""
    calls = [place for place, word in enumerate(words) if os.path.basename(word) == "syntx"]
    for place in calls:
        rest = iter(words[place + 1 :])
        for word in rest:
            if word == "--home":
                next(rest, None)
            elif not word.startswith("-"):
                if word in _ROLES:
                    return word
                break
    return None


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


def _held(root: Path, name: str) -> tuple[int, tuple[Held, ...]]:
    """Return how many jobs a worker holds, and which; a rename into its folder sets the ctime."""
    now = time.time()
    found = []
    with (
        contextlib.suppress(FileNotFoundError, NotADirectoryError),
        os.scandir(root / PROCESSING / name) as entries,
    ):
        for entry in entries:
            job = parse_entry(entry.name)
            with contextlib.suppress(FileNotFoundError):
                since = entry.stat(follow_symlinks=False).st_ctime
                found.append((since, entry.name if job is None else job.id))
    found.sort()
    jobs = tuple(Held(job_id, max(0.0, now - since)) for since, job_id in found[:MOST_NAMED])
    return len(found), jobs
