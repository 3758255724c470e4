"""Who is alive: a scratch folder whose lock a worker holds for its whole life."""

from __future__ import annotations

import itertools
import os
import re
import socket
from dataclasses import dataclass
from pathlib import Path

from syntx.errors import SpoolError
from syntx.spool.layout import BIRTH_PREFIX, PROCESSING, TMP
from syntx.spool.storage import Storage

_TRIES = 16
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Presence:
    """One worker's name, and the lock that says it lives."""

    worker: str
    lock: int


def worker_name() -> str:
    """Make a name that is never used again: host, pid, boot and start time of the process."""
    host = re.sub(r"[^A-Za-z0-9_]+", "_", socket.gethostname()).strip("_")[:40] or "host"
    boot = _first_line("/proc/sys/kernel/random/boot_id").replace("-", "")[:8] or "0"
    # Field 22, counted behind the command's name, which may hold spaces and parentheses.
    fields = _first_line("/proc/self/stat").rpartition(")")[2].split()
    start = fields[19] if len(fields) > 19 else "0"
    return f"{host}-{os.getpid()}-{boot}-{start}-{next(_numbers)}"


def _first_line(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def be_born(storage: Storage) -> Presence:
    """Make a scratch folder, lock it, name it, and make the folder for held jobs.

    A step that fails because a rescuer swept the folder starts over under a new name.
    """
    for _ in range(_TRIES):
        worker = worker_name()
        lock = lock_newborn(storage, f"{BIRTH_PREFIX}{worker}", worker)
        if lock is not None:
            storage.disk.mkdir(storage.folders.hold(worker))
            storage.sync_once(storage.folders.path(PROCESSING))
            return Presence(worker, lock)
    raise SpoolError(f"could not start a worker in {TMP}/ after {_TRIES} tries")


def lock_newborn(storage: Storage, newborn: str, worker: str) -> int | None:
    """Make `.tmp/NEWBORN`, lock it and rename it to `.tmp/WORKER`; None when it came to nothing."""
    disk, path = storage.disk, storage.folders.scratch(newborn)
    disk.mkdir(path)
    fd = None
    try:
        fd = disk.open(path, os.O_RDONLY | os.O_DIRECTORY)
        if disk.lock(fd):
            disk.rename_new(path, storage.folders.scratch(worker))
            return fd
    except (FileNotFoundError, FileExistsError):
        storage.remove_tree(path)
    except OSError:
        if fd is not None:
            storage.quietly_close(fd)
        raise
    if fd is not None:
        storage.quietly_close(fd)
    return None


def lock_if_dead(storage: Storage, name: str) -> int | None:
    """Lock `.tmp/NAME` if its owner is dead and the name still means it; None otherwise."""
    disk, path = storage.disk, storage.folders.scratch(name)
    try:
        fd = disk.open(path, os.O_RDONLY | os.O_DIRECTORY)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        if disk.lock(fd) and _is_same(storage, fd, path):
            return fd
    except OSError:
        storage.quietly_close(fd)
        raise
    storage.quietly_close(fd)
    return None


def _is_same(storage: Storage, fd: int, path: str) -> bool:
    """Whether a path still leads to what a descriptor is open on."""
    try:
        there = storage.disk.lstat(path)
    except FileNotFoundError:
        return False
    here = storage.disk.fstat(fd)
    return (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino)


def end(storage: Storage, presence: Presence) -> None:
    """Remove the folder of held jobs (it must be empty), then the scratch folder."""
    storage.disk.rmdir(storage.folders.hold(presence.worker))
    trash = storage.folders.scratch(f"{BIRTH_PREFIX}{presence.worker}-end")
    storage.disk.rename(storage.folders.scratch(presence.worker), trash)
    storage.remove_tree(trash)
