"""What a promise rests on: flushes are shared, never skipped, and never pretended."""

from __future__ import annotations

import asyncio
import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from syntx.errors import SpoolError
from syntx.ids import new_id, new_ids
from syntx.job import Attempt, Job, Verdict
from syntx.spool import batching
from syntx.spool.files import FileSpool
from syntx.spool.opening import SpoolOptions
from syntx.spool.syscalls import Disk


class CountingDisk(Disk):
    """Counts the flushes, and fails them when told to."""

    def __init__(self) -> None:
        self.flushes = 0
        self.open_files = 0
        self.most_open = 0
        self.fail_flushes_of: str | None = None

    def open(self, path: str, flags: int, mode: int = 0o640) -> int:
        self.open_files += 1
        self.most_open = max(self.most_open, self.open_files)
        return super().open(path, flags, mode)

    def close(self, fd: int) -> None:
        self.open_files -= 1
        super().close(fd)

    def syncfs(self, fd: int) -> None:
        self.flushes += 1
        if self.fail_flushes_of == "all":
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    def fsync(self, fd: int) -> None:
        self.flushes += 1
        path = os.readlink(f"/proc/self/fd/{fd}")
        if self.fail_flushes_of is not None and self.fail_flushes_of in path:
            raise OSError(errno.EIO, os.strerror(errno.EIO))


def _job() -> Job:
    return Job(id=new_id(), created_at=datetime.now(UTC), prompt="Frage")


def _attempt() -> Attempt:
    now = datetime.now(UTC)
    return Attempt(worker="w", started=now, ended=now)


async def test_promises_made_together_share_their_flushes(tmp_path: Path) -> None:
    """Sixty-four submits cost two flushes: one for all files, one for the folder."""
    disk = CountingDisk()
    async with FileSpool.open(tmp_path / "q", disk=disk) as spool:
        jobs = [_job() for _ in range(64)]
        disk.flushes = 0

        await asyncio.gather(*(spool.submit([job]) for job in jobs))

        assert disk.flushes == 2
        assert (await spool.counts()).incoming == 64


async def test_files_are_flushed_one_by_one_where_others_write_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a flush of the whole file system that took long, each file is flushed alone."""
    monkeypatch.setattr(batching, "_LONG_SECONDS", -1.0)
    disk = CountingDisk()
    async with FileSpool.open(tmp_path / "q", disk=disk) as spool:
        await spool.submit([_job() for _ in range(5)])
        disk.flushes = 0

        await spool.submit([_job() for _ in range(5)])

        assert disk.flushes == 6


async def test_a_failed_flush_of_all_breaks_every_promise_of_the_batch(tmp_path: Path) -> None:
    """None of the jobs that shared it is taken for safe, and nothing of them is left."""
    disk = CountingDisk()
    async with FileSpool.open(tmp_path / "q", SpoolOptions(watch=False), disk=disk) as spool:
        disk.fail_flushes_of = "all"
        results = await asyncio.gather(
            *(spool.submit([_job()]) for _ in range(8)), return_exceptions=True
        )

        assert [type(result) for result in results] == [SpoolError] * 8
        assert (await spool.counts()).incoming == 0
        assert os.listdir(tmp_path / "q" / ".tmp" / spool.worker) == []


async def test_a_lone_promise_after_a_crowd_is_kept(tmp_path: Path) -> None:
    """Whether others share its flush or not, a job that was submitted is there."""
    async with FileSpool.open(tmp_path / "q") as spool:
        for count in (1, 1, 1, 1, 1, 1, 20, 1, 2, 1):
            await asyncio.gather(*(spool.submit([_job()]) for _ in range(count)))

        assert (await spool.counts()).incoming == 30


async def test_many_lone_promises_let_others_run(tmp_path: Path) -> None:
    """A task that only submits does not keep the loop to itself."""
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    async with FileSpool.open(tmp_path / "q", SpoolOptions(watch=False)) as spool:
        busy = asyncio.create_task(other())
        for _ in range(100):
            await spool.submit([_job()])
        busy.cancel()

    assert turns >= 5


async def test_a_relaxed_spool_flushes_nothing(tmp_path: Path) -> None:
    """Scratch homes do not wait for the disk."""
    disk = CountingDisk()
    options = SpoolOptions(durability="relaxed", watch=False)
    async with FileSpool.open(tmp_path / "q", options, disk=disk) as spool:
        await spool.submit([_job()])
        claim = await spool.claim()
        assert claim is not None
        await spool.settle(claim, Verdict(outcome="passed"), _attempt())

    assert disk.flushes == 0


@pytest.mark.parametrize("where", [".tmp", "incoming"])
async def test_a_failed_flush_is_never_a_success(tmp_path: Path, where: str) -> None:
    """The submit raises, and nothing more is submitted or claimed, though the disk seems well."""
    disk = CountingDisk()
    async with FileSpool.open(tmp_path / "q", SpoolOptions(watch=False), disk=disk) as spool:
        await spool.submit([_job()])
        disk.fail_flushes_of = where
        with pytest.raises(SpoolError, match="flush failed"):
            await spool.submit([_job()])
        disk.fail_flushes_of = None

        with pytest.raises(SpoolError, match="neither claims nor submits"):
            await spool.submit([_job()])
        with pytest.raises(SpoolError, match="neither claims nor submits"):
            await spool.claim()


async def test_a_settle_whose_flush_failed_keeps_the_job(tmp_path: Path) -> None:
    """It is held on, unchanged, and goes back when the spool closes."""
    disk = CountingDisk()
    spool = FileSpool.open(tmp_path / "q", SpoolOptions(watch=False), disk=disk)
    await spool.submit([_job()])
    claim = await spool.claim()
    assert claim is not None
    disk.fail_flushes_of = ".tmp"
    with pytest.raises(SpoolError):
        await spool.settle(claim, Verdict(outcome="passed"), _attempt())
    disk.fail_flushes_of = None
    await spool.close()

    (path,) = (tmp_path / "q" / "incoming").iterdir()
    assert path.read_bytes() == claim.job.to_bytes()


async def test_a_large_batch_opens_few_files_at_once(tmp_path: Path) -> None:
    """A thousand jobs at once do not need a thousand descriptors."""
    disk = CountingDisk()
    now = datetime.now(UTC)
    ids = new_ids([(None, None)] * 1_000, at=now)
    async with FileSpool.open(tmp_path / "q", disk=disk) as spool:
        await spool.submit([Job(id=one, created_at=now, prompt="Frage") for one in ids])

        assert (await spool.counts()).incoming == 1_000
    assert disk.most_open < 300


@pytest.mark.parametrize("made", ["outputs/o.pdf", "workflow/state.json"])
async def test_work_that_was_lost_is_never_settled(tmp_path: Path, made: str) -> None:
    """The kernel tells once that a flush failed; a second try must not pass for a success."""
    disk = CountingDisk()
    async with FileSpool.open(tmp_path / "q", SpoolOptions(settle_seconds=0.0), disk=disk) as spool:
        dropped = tmp_path / "q" / "incoming" / "d"
        dropped.mkdir()
        (dropped / "request.md").write_text("Frage")
        claim = await spool.claim()
        assert claim is not None
        held = tmp_path / "q" / "processing" / spool.worker / claim.entry
        (held / made).parent.mkdir(exist_ok=True)
        (held / made).write_text("Antwort")

        for lost in (made, None):
            disk.fail_flushes_of = lost
            with pytest.raises(SpoolError, match="a flush failed"):
                await spool.settle(claim, Verdict(outcome="passed"), _attempt())

    content = (tmp_path / "q" / "incoming" / claim.entry / "job.json").read_bytes()
    assert Job.from_bytes(content).verdict is None


async def test_a_discard_whose_flush_fails_is_told(tmp_path: Path) -> None:
    """Nothing more is moved after the flush of a new day's folder failed."""
    disk = CountingDisk()
    async with FileSpool.open(tmp_path / "q", disk=disk) as spool:
        jobs = [_job(), _job()]
        for job in jobs:
            await spool.submit([job])
            claim = await spool.claim()
            assert claim is not None
            await spool.settle(claim, Verdict(outcome="failed"), _attempt())
        disk.fail_flushes_of = "archive/discarded"

        with pytest.raises(SpoolError, match="a flush failed"):
            await spool.discard([job.id for job in jobs])

        assert [await spool.locate(job.id) for job in jobs] == ["error", "error"]
        disk.fail_flushes_of = None
