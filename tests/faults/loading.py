"""What one process under test is to do, and the frame it does it in."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from telling import Log

from syntx.spool.files import FileSpool
from syntx.spool.opening import SpoolOptions
from syntx.spool.syscalls import Disk


@dataclass(frozen=True, slots=True)
class Load:
    """What one process does, to which queue, and where it tells it."""

    root: Path
    log: Path
    seed: int = 0
    flights: int = 4
    """How many jobs a worker holds at the same time."""
    flushes: str = "all"
    """Which flushes are made: all, none (relaxed), without files, without folders."""
    count: int = 0
    """How many jobs to make, or times to be born; 0: for ever."""
    with_child: bool = False
    gate: Path | None = None
    """Jobs are held until this file is there."""

    @property
    def stop(self) -> Path:
        """The file that ends the work once the queue is empty."""
        return self.log.with_suffix(".stop")


def prompt_of(key: str) -> str:
    """Return the prompt a job must have, of up to some kilobytes."""
    return f"Erkläre {key} größer.\n" * (1 + zlib.crc32(key.encode()) % 80)


def attachment_of(name: str) -> str:
    """Return what must lie in the attachment of a dropped folder."""
    return prompt_of(f"data of {name}")


def output_of(job_id: str) -> str:
    """Return what must lie in the outputs of a settled folder."""
    return prompt_of(f"output of {job_id}")


class WithoutFiles(Disk):
    """A disk that flushes folders only."""

    def fsync(self, fd: int) -> None:
        """Flush a folder; leave a file alone."""
        if os.path.isdir(f"/proc/self/fd/{fd}"):
            super().fsync(fd)

    def syncfs(self, fd: int) -> None:
        """Leave the files alone."""


class WithoutFolders(Disk):
    """A disk that flushes files only."""

    def fsync(self, fd: int) -> None:
        """Flush a file; leave a folder alone."""
        if not os.path.isdir(f"/proc/self/fd/{fd}"):
            super().fsync(fd)


DISKS = {"without files": WithoutFiles, "without folders": WithoutFolders}


def open_spool(load: Load) -> FileSpool:
    """Open the queue as a service does, but taking what was dropped sooner."""
    options = SpoolOptions(
        durability="relaxed" if load.flushes == "none" else "full",
        settle_seconds=0.3,
        poll_seconds=0.5,
    )
    return FileSpool.open(load.root, options, disk=DISKS.get(load.flushes, Disk)())


Role = Callable[[Load, FileSpool, Log], Awaitable[None]]


def run(role: Role, load: Load) -> None:
    """Be one process: open the queue, do the role, tell what fails."""
    log = Log(load.log)
    try:
        asyncio.run(_run(role, load, log))
    except* Exception as errors:
        log.tell("failed", repr(errors.exceptions).replace("\n", " "))


async def _run(role: Role, load: Load, log: Log) -> None:
    async with open_spool(load) as spool:
        log.tell("born", spool.worker)
        try:
            await role(load, spool, log)
        finally:
            # From here on it gives back what it holds.
            log.tell("closing")


def is_left_alone() -> bool:
    """Whether the test that started this process is gone."""
    parent = multiprocessing.parent_process()
    return parent is not None and not parent.is_alive()
