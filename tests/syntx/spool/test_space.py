"""A disk that runs full: nothing new begins, what runs comes to its end, work goes on by itself."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from syntx.errors import SpoolError, SpoolFull
from syntx.job import Verdict
from syntx.spool.files import FileSpool
from syntx.spool.opening import SpoolOptions
from syntx.spool.space import DiskState, Watermarks, disk_state
from syntx.spool.syscalls import Disk

MARKS = Watermarks(bytes=1_000_000, inodes=100, reserve=50_000)
PASSED = Verdict(outcome="passed")


class SmallDisk(Disk):
    """A disk that tells of as much room as a test says, and may be full to the last byte."""

    def __init__(self) -> None:
        self.free_bytes = 10_000_000
        self.free_inodes = 1_000
        self.inodes = 2_000
        self.full = False
        self.full_flush = False
        self.looks = 0
        self.allocated: list[int] = []

    def statvfs(self, path: str) -> os.statvfs_result:
        """Tell of the room there is."""
        self.looks += 1
        free, files = self.free_inodes, self.inodes
        return os.statvfs_result((1, 1, 10**9, 10**9, self.free_bytes, files, free, free, 0, 255))

    def allocate(self, fd: int, size: int) -> None:
        """Set room aside."""
        self.allocated.append(size)
        super().allocate(fd, size)

    def unlink(self, path: str) -> None:
        """Remove a name; without the reserve there is room for a while."""
        super().unlink(path)
        if path.endswith("/.reserve"):
            self.full = False

    def write(self, fd: int, data: memoryview) -> int:
        """Write, unless the disk is full."""
        if self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(fd, data)

    def fsync(self, fd: int) -> None:
        """Flush, unless that finds the disk full."""
        if self.full_flush:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        super().fsync(fd)


@pytest.fixture
def disk() -> SmallDisk:
    """A disk with room."""
    return SmallDisk()


@pytest.fixture
async def tight(yard: Any, disk: SmallDisk) -> AsyncIterator[FileSpool]:
    """A spool with watermarks on that disk."""
    options = SpoolOptions(
        watch=False,
        watermarks=MARKS,
        settle_seconds=0,
        clock=lambda: yard.clock.now,
        monotonic=lambda: yard.clock.seconds,
        notice=lambda event, details: yard.events.append((event, dict(details))),
    )
    async with FileSpool.open(yard.root, options, disk=disk) as spool:
        yield spool


def told(yard: Any) -> list[str]:
    """Return the names of the events."""
    return [event for event, _ in yard.events]


async def held(yard: Any, spool: FileSpool) -> Any:
    """Submit a job and claim it."""
    await spool.submit([yard.job()])
    claim = await spool.claim()
    assert claim is not None
    return claim


async def test_below_the_watermark_nothing_new_begins(
    yard: Any, disk: SmallDisk, tight: FileSpool
) -> None:
    """Submits, deposits and retries say why; claims find nothing, though jobs wait."""
    job = yard.job()
    await tight.submit([job])
    disk.free_bytes = 900_000
    yard.clock.turn(1)

    with pytest.raises(SpoolFull, match=r"0\.9 MB free, less than the 1\.0 MB wanted"):
        await tight.submit([yard.job()])
    with pytest.raises(SpoolFull):
        tight.check_room()
    with pytest.raises(SpoolFull):
        await tight.deposit([yard.job().settled(PASSED, yard.attempt())])
    with pytest.raises(SpoolFull):
        await tight.reopen([job.id])
    assert await tight.claim() is None
    assert (await tight.counts()).incoming == 1


async def test_inodes_run_out_as_well(yard: Any, disk: SmallDisk, tight: FileSpool) -> None:
    """Room for bytes is of no use without room for files."""
    disk.free_inodes = 99
    yard.clock.turn(1)

    with pytest.raises(SpoolFull, match="99 inodes free, less than the 100 wanted"):
        await tight.submit([yard.job()])


async def test_a_file_system_without_a_count_of_inodes_has_no_limit(
    yard: Any, disk: SmallDisk, tight: FileSpool
) -> None:
    """It makes them as it needs them."""
    disk.inodes, disk.free_inodes = 0, 0
    yard.clock.turn(1)

    await tight.submit([yard.job()])

    assert disk_state("/", disk) == DiskState(10_000_000, None)


async def test_what_runs_comes_to_its_end(yard: Any, disk: SmallDisk, tight: FileSpool) -> None:
    """Below the watermark jobs are settled, retried and released as ever."""
    settled, retried, released = [await held(yard, tight) for _ in range(3)]
    disk.free_bytes = 0
    yard.clock.turn(1)

    await tight.settle(settled, PASSED, yard.attempt())
    await tight.retry(retried, yard.attempt(), 60)
    await tight.release(released)

    counts = await tight.counts()
    assert (counts.processed, counts.retry, counts.incoming) == (1, 1, 1)


async def test_dropped_files_and_due_retries_wait_too(
    yard: Any, disk: SmallDisk, tight: FileSpool
) -> None:
    """They stay where they are until there is room."""
    await tight.retry(await held(yard, tight), yard.attempt(), 0)
    yard.drop("a.txt", "Frage")
    disk.free_bytes = 0
    yard.clock.turn(5)

    assert [await tight.claim() for _ in range(3)] == [None] * 3
    assert (await tight.counts()).retry == 1
    assert (yard.root / "incoming" / "a.txt").exists()


async def test_it_is_told_once_and_ends_by_itself(
    yard: Any, disk: SmallDisk, tight: FileSpool
) -> None:
    """One event when room runs out, one when it is back, none for flickering in between."""
    await tight.submit([yard.job()])
    for free in (900_000, 1_050_000, 990_000, 1_099_999, 1_100_000, 1_050_000):
        disk.free_bytes = free
        yard.clock.turn(1)
        claim = await tight.claim()
        assert (claim is not None) == (free == 1_100_000)

    assert told(yard) == ["disk_low", "disk_recovered"]


async def test_the_disk_is_looked_at_once_a_second(
    yard: Any, disk: SmallDisk, tight: FileSpool
) -> None:
    """However many claims and submits there are."""
    for _ in range(50):
        await tight.submit([yard.job()])
        await tight.claim()
        yard.clock.turn(0.001)
    yard.clock.turn(1)
    await tight.claim()

    assert disk.looks == 2


async def test_waiting_for_room_is_waiting(yard: Any, disk: SmallDisk, tight: FileSpool) -> None:
    """Jobs that may not be claimed do not make `wait` return at once."""
    await tight.submit([yard.job()])
    disk.free_bytes = 0
    yard.clock.turn(1)

    waiting = asyncio.create_task(tight.wait(30))
    for _ in range(20):
        await asyncio.sleep(0)

    assert not waiting.done()
    waiting.cancel()


async def test_without_marks_nobody_looks(yard: Any, disk: SmallDisk) -> None:
    """Zeros switch the watch off."""
    disk.free_bytes = 0
    options = SpoolOptions(watch=False)
    async with FileSpool.open(yard.root, options, disk=disk) as spool:
        await spool.submit([yard.job()])

        assert await spool.claim() is not None
    assert disk.looks == 0


async def test_the_reserve_ends_a_job_on_a_full_disk(
    yard: Any, disk: SmallDisk, tight: FileSpool
) -> None:
    """It is set aside while there is room, spent by a settle, and set aside again."""
    claim = await held(yard, tight)
    reserve = yard.root / ".reserve"
    size = reserve.stat().st_size
    disk.full, disk.free_bytes = True, 0
    yard.clock.turn(1)

    await tight.settle(claim, PASSED, yard.attempt())

    assert size == MARKS.reserve
    assert await tight.locate(claim.job.id) == "processed"
    assert not reserve.exists()
    disk.free_bytes = 10_000_000
    yard.clock.turn(1)
    assert await tight.claim() is None
    assert reserve.stat().st_size == MARKS.reserve
    assert disk.allocated == [MARKS.reserve] * 2


async def test_a_retry_spends_the_reserve_too(yard: Any, disk: SmallDisk, tight: FileSpool) -> None:
    """A job that failed for a passing reason is not stuck with its worker."""
    claim = await held(yard, tight)
    disk.full = True

    await tight.retry(claim, yard.attempt(), 60)

    assert await tight.locate(claim.job.id) == "retry"
    assert told(yard) == ["reserve_spent"]


async def test_a_full_disk_without_a_reserve_keeps_the_job(
    yard: Any, disk: SmallDisk, tight: FileSpool
) -> None:
    """The settle says so, and may be tried again when there is room."""
    claim = await held(yard, tight)
    (yard.root / ".reserve").unlink()
    disk.full = True

    with pytest.raises(SpoolFull):
        await tight.settle(claim, PASSED, yard.attempt())

    disk.full = False
    await tight.settle(claim, PASSED, yard.attempt())
    assert await tight.locate(claim.job.id) == "processed"


async def test_a_flush_that_finds_the_disk_full_stays_failed(
    yard: Any, disk: SmallDisk, tight: FileSpool
) -> None:
    """The kernel tells of it once; no reserve makes it good."""
    claim = await held(yard, tight)
    disk.full_flush = True

    with pytest.raises(SpoolError, match="a flush failed"):
        await tight.settle(claim, PASSED, yard.attempt())

    disk.full_flush = False
    assert (yard.root / ".reserve").exists()
    assert tight.failure is not None


async def test_processes_share_one_reserve(yard: Any, disk: SmallDisk, tight: FileSpool) -> None:
    """Who comes second finds it spent, and uses the room that made."""
    await held(yard, tight)
    await tight.submit([yard.job()])
    other_disk = SmallDisk()
    async with FileSpool.open(yard.root, tight.options, disk=other_disk) as other:
        claim = await other.claim()
        assert claim is not None
        assert other_disk.allocated == []
        (yard.root / ".reserve").unlink()
        failures = iter([True])

        def write(fd: int, data: memoryview) -> int:
            if next(failures, False):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return os.write(fd, data)

        other_disk.write = write  # type: ignore[method-assign]
        await other.settle(claim, PASSED, yard.attempt())

    assert await tight.locate(claim.job.id) == "processed"


async def test_only_who_claims_sets_room_aside(yard: Any, disk: SmallDisk) -> None:
    """Who only submits has nothing to bring to its end."""
    options = SpoolOptions(watch=False, watermarks=MARKS)
    async with FileSpool.open(yard.root, options, disk=disk) as spool:
        await spool.submit([yard.job()])

    assert not (yard.root / ".reserve").exists()


async def test_a_refused_reserve_stops_nothing(yard: Any, disk: SmallDisk) -> None:
    """Where no room can be set aside, the queue works without."""

    def allocate(fd: int, size: int) -> None:
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    disk.allocate = allocate  # type: ignore[method-assign]
    options = SpoolOptions(watch=False, watermarks=MARKS)
    async with FileSpool.open(yard.root, options, disk=disk) as spool:
        await spool.submit([yard.job()])
        assert await spool.claim() is not None

    assert not (yard.root / ".reserve").exists()
    assert list((yard.root / ".tmp").iterdir()) == []


def test_the_state_of_a_disk_is_told_without_a_spool(tmp_path: Path) -> None:
    """What `status` shows agrees with the kernel."""
    found = disk_state(tmp_path)

    assert found.free_bytes > 0
    assert found.shortage(Watermarks()) is None
    assert found.shortage(Watermarks(bytes=found.free_bytes + 10**15)) is not None
