"""Moments between two calls in which another worker, another task or the kernel gets in."""

from __future__ import annotations

import asyncio
import errno
import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from syntx.errors import SpoolError
from syntx.ids import new_ids
from syntx.job import Attempt, Job, Verdict
from syntx.spool.files import FileSpool
from syntx.spool.syscalls import Disk

NOW = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
ATTEMPT = Attempt(worker="w", started=NOW, ended=NOW)


def some_jobs(count: int) -> list[Job]:
    """Make jobs."""
    ids = new_ids([(None, None)] * count, at=NOW)
    return [Job(id=one, created_at=NOW, prompt="Frage") for one in ids]


class SlowRetries(Disk):
    """A disk on which flushing `retry/` takes until it is let go."""

    def __init__(self) -> None:
        self.go_on = threading.Event()

    def fsync(self, fd: int) -> None:
        """Flush, but wait before `retry/`."""
        if os.readlink(f"/proc/self/fd/{fd}").endswith("/retry"):
            self.go_on.wait(60)
        super().fsync(fd)


class Meddling(Disk):
    """A disk on which another takes an entry just before us, and puts it back at once."""

    meddled = False

    def rename(self, source: str, target: str) -> None:
        """Rename, but find nothing the first time."""
        if "/incoming/" not in source or self.meddled:
            return super().rename(source, target)
        self.meddled = True
        os.rename(source, f"{source}~")
        try:
            return super().rename(source, target)
        finally:
            os.rename(f"{source}~", source)


class GoneDown(Disk):
    """A disk that flushes folders without effect and without an error, as XFS does once down."""

    down = False

    def fsync(self, fd: int) -> None:
        """Say that all is well."""
        self.down = self.down or ("incoming" in os.readlink(f"/proc/self/fd/{fd}"))

    def fstat(self, fd: int) -> os.stat_result:
        """Say how it is."""
        if self.down:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return super().fstat(fd)


async def until(claim: Callable[[], Any]) -> Any:
    """Claim until there is something; the suite's timeout ends it."""
    while (found := await claim()) is None:
        await asyncio.sleep(0.01)
    return found


async def test_a_retry_can_be_held_anew_before_its_flush_is_done(tmp_path: Path) -> None:
    """The first hold's end does not end the second; the job is settled as any other."""
    disk = SlowRetries()
    async with FileSpool.open(tmp_path / "queue", disk=disk) as spool:
        await spool.submit(some_jobs(2))
        first = [await spool.claim(), await spool.claim()]
        retrying = [asyncio.create_task(spool.retry(one, ATTEMPT, 0)) for one in first]
        again = await until(spool.claim)
        disk.go_on.set()
        await asyncio.gather(*retrying)

        await spool.settle(again, Verdict(outcome="passed"), ATTEMPT)

        assert await spool.locate(again.job.id) == "processed"


async def test_an_entry_that_is_taken_and_put_back_meanwhile_is_no_error(tmp_path: Path) -> None:
    """The claim goes on to the next, or comes back to it; the disk is not to blame."""
    async with FileSpool.open(tmp_path / "queue", disk=Meddling()) as spool:
        (job,) = some_jobs(1)
        await spool.submit([job])

        claim = await until(spool.claim)

        assert claim.job.id == job.id


async def test_a_folders_flush_that_came_to_nothing_is_noticed(tmp_path: Path) -> None:
    """A submit does not return as if all were well, and the spool takes no more."""
    spool = FileSpool.open(tmp_path / "queue", disk=GoneDown())
    with pytest.raises(SpoolError, match="flush"):
        await spool.submit(some_jobs(1))

    assert spool.failure is not None
    await spool.close()
