"""What the spool on files promises beyond the contract."""

from __future__ import annotations

import asyncio
import errno
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from syntx.errors import ConfigError, SpoolError, SpoolFull
from syntx.job import Verdict, new_id, new_ids
from syntx.spool.committing import Batch
from syntx.spool.contract import Claim
from syntx.spool.files import FileSpool
from syntx.spool.opening import SpoolOptions
from syntx.spool.presence import worker_name
from syntx.spool.storage import spool_error
from syntx.spool.syscalls import Disk


class CountingDisk(Disk):
    """Counts the flushes, and fails them when told to."""

    def __init__(self) -> None:
        self.flushes = 0
        self.fail_flushes_of: str | None = None

    def fsync(self, fd: int) -> None:
        self.flushes += 1
        path = os.readlink(f"/proc/self/fd/{fd}")
        if self.fail_flushes_of is not None and self.fail_flushes_of in path:
            raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_missing_folders_are_made(tmp_path: Path) -> None:
    """A spool opens below a root that is not there yet."""
    asyncio.run(FileSpool.open(tmp_path / "a" / "b").close())

    made = {path.name for path in (tmp_path / "a" / "b").iterdir()}
    assert made == {
        "incoming", "processing", "retry", "processed", "error", "archive", ".tmp"
    }  # fmt: skip


def test_a_root_that_is_no_folder_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    """The program does not start, and says what to do."""
    (tmp_path / "queue").write_text("")

    with pytest.raises(ConfigError) as caught:
        FileSpool.open(tmp_path / "queue")
    assert caught.value.fix


def test_folders_on_two_file_systems_are_an_error(tmp_path: Path) -> None:
    """Renames would not be atomic, so the program does not start."""
    other = Path("/dev/shm") / tmp_path.name
    if not other.parent.is_dir() or other.parent.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second file system here")
    other.mkdir()
    (tmp_path / "incoming").symlink_to(other)
    try:
        with pytest.raises(ConfigError, match="another file system"):
            FileSpool.open(tmp_path)
    finally:
        other.rmdir()


def test_no_two_workers_share_a_name() -> None:
    """Not even two of one process."""
    assert len({worker_name() for _ in range(100)}) == 100


async def test_a_closed_spool_leaves_nothing_of_its_worker(yard: Any) -> None:
    """Its folders go with it."""
    async with yard.open() as spool:
        await spool.submit([yard.job()])
        assert await spool.claim() is not None

    assert os.listdir(yard.root / ".tmp") == []
    assert os.listdir(yard.root / "processing") == []


async def test_two_workers_see_each_others_jobs(yard: Any) -> None:
    """What one submits the other claims, each job once, oldest first."""
    jobs = [yard.job(id=one) for one in new_ids([(None, None)] * 40, at=yard.clock.now)]
    async with yard.open() as one, yard.open() as other:
        await one.submit(jobs)
        claims: list[Claim | None] = []
        for spool in (one, other) * 20:
            claims.append(await spool.claim())
        assert await other.claim() is None

        assert [claim.job.id for claim in claims if claim] == [job.id for job in jobs]


async def test_a_job_submitted_elsewhere_is_seen_by_the_next_poll(yard: Any) -> None:
    """Without events, a job with an older ID still goes first after a poll."""
    async with yard.open() as one, yard.open() as other:
        await one.submit([yard.job(), yard.job()])
        assert await one.claim() is not None
        older = yard.job(id=new_id(at=yard.clock.now - timedelta(seconds=5)))
        await other.submit([older])
        yard.clock.turn(2.1)

        claim = await one.claim()

        assert claim is not None
        assert claim.job.id == older.id


async def test_promises_made_together_share_their_flushes(tmp_path: Path) -> None:
    """Sixty-four submits cost one flush each and one for the folder."""
    disk = CountingDisk()
    async with FileSpool.open(tmp_path / "q", disk=disk) as spool:
        jobs = [_job() for _ in range(64)]
        disk.flushes = 0

        await asyncio.gather(*(spool.submit([job]) for job in jobs))

        assert disk.flushes == 65
        assert (await spool.counts()).incoming == 64


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


async def test_a_cancelled_settle_still_happens(yard: Any) -> None:
    """What was promised before the cancellation is kept, once."""
    async with yard.open() as spool:
        await spool.submit([yard.job()])
        claim = await spool.claim()
        assert claim is not None
        settling = asyncio.create_task(
            spool.settle(claim, Verdict(outcome="passed"), yard.attempt())
        )
        await asyncio.sleep(0)
        settling.cancel()
        await asyncio.gather(settling, return_exceptions=True)

    assert await _states(yard) == ["processed"]


async def test_a_cancelled_intake_gives_its_job_back(yard: Any) -> None:
    """A dropped file whose claim was cancelled waits as an entry."""
    async with yard.open(settle_seconds=0) as spool:
        yard.drop("a.txt", "Frage")
        claiming = asyncio.create_task(spool.claim())
        while not os.listdir(yard.root / "processing" / spool.worker) and not claiming.done():
            await asyncio.sleep(0)
        claiming.cancel()
        await asyncio.gather(claiming, return_exceptions=True)
        assert (await spool.counts()).processing == 0

    assert await _states(yard) == ["incoming"]


async def _states(yard: Any) -> list[str]:
    return [
        state for state in ("incoming", "processing", "processed", "error") if yard.names(state)
    ]


async def test_a_second_outcome_is_kept_as_a_conflict(yard: Any) -> None:
    """The first stands where it stood; the second lies in error under another name."""
    async with yard.open() as spool:
        await spool.submit([yard.job()])
        claim = await spool.claim()
        assert claim is not None
        first = yard.root / "processed" / claim.job.day / f"{claim.job.id}.json"
        first.parent.mkdir()
        first.write_text("first")

        await spool.settle(claim, Verdict(outcome="passed"), yard.attempt())

        assert first.read_text() == "first"
        assert [event for event, _ in yard.events] == ["settle_conflicted"]
        (kept,) = yard.root.glob("error/*/*.conflict-*.json")
        assert b'"passed"' in kept.read_bytes()


async def test_an_envelope_whose_name_lies_is_refused(yard: Any, spool: FileSpool) -> None:
    """A name that says another ID than the content is nobody's job."""
    job = yard.job()
    yard.drop(f"{new_id(at=yard.clock.now)}.json", job.to_bytes())

    assert await spool.claim() is None
    assert yard.events[0][1]["reason"] == "not_a_job"


async def test_a_retry_that_is_due_in_a_jumped_clock_waits_its_delay(yard: Any) -> None:
    """The wait is measured on the monotonic clock, and capped."""
    async with yard.open(max_retry_delay=100) as spool:
        await spool.submit([yard.job()])
        claim = await spool.claim()
        assert claim is not None
        await spool.retry(claim, yard.attempt(), 10)
        yard.clock.now += timedelta(days=1)
        assert await spool.claim() is None
        yard.clock.now -= timedelta(days=9)
        yard.clock.seconds += 10.1
        assert await spool.claim() is not None


async def test_a_retry_stranded_in_the_future_waits_no_longer_than_the_cap(yard: Any) -> None:
    """A restart with the clock set back does not wait for years."""
    async with yard.open() as spool:
        await spool.submit([yard.job()])
        claim = await spool.claim()
        assert claim is not None
        await spool.retry(claim, yard.attempt(), 10)
    yard.clock.now -= timedelta(days=1000)
    async with yard.open(max_retry_delay=100) as spool:
        assert await spool.claim() is None
        yard.clock.turn(100.1)
        assert await spool.claim() is not None


async def test_a_full_disk_has_an_error_of_its_own(yard: Any) -> None:
    """The service can tell it from a broken one."""
    error = spool_error(OSError(errno.ENOSPC, "No space left on device"), "submit")

    assert isinstance(error, SpoolFull)
    assert error.fix


async def test_finished_lists_only_folders_that_changed(yard: Any, monkeypatch: Any) -> None:
    """A quiet day folder is known by its mtime and not listed again."""
    async with yard.open() as spool:
        await yard.ended(spool)
        (day,) = (yard.root / "processed").iterdir()
        os.utime(day, (1_000_000_000, 1_000_000_000))
        first = await spool.finished({}, lambda *_: False)
        listed: list[str] = []
        real = Disk.listdir
        monkeypatch.setattr(
            Disk, "listdir", lambda disk, path: listed.append(path) or real(disk, path)
        )

        second = await spool.finished(first.cursor, lambda *_: False)

        assert len(first.jobs) == 1
        assert second.jobs == ()
        assert str(day) not in listed
        assert second.cursor == first.cursor


async def test_a_day_folder_that_just_changed_is_listed_again(yard: Any) -> None:
    """Two changes may share one mtime, so a fresh one is not trusted."""
    async with yard.open() as spool:
        await yard.ended(spool)
        first = await spool.finished({}, lambda *_: False)

        assert first.cursor == {}


async def test_finished_tells_what_it_could_not_read(yard: Any) -> None:
    """A broken envelope is named with its reason; what is no entry is passed over."""
    async with yard.open() as spool:
        job = await yard.ended(spool)
        day = yard.root / "processed" / job.day
        broken = f"{new_id(at=yard.clock.now)}.json"
        (day / broken).write_text("{")
        (day / "notes.txt").write_text("")
        (day / f"{job.id}.conflict-00.json").write_text("{}")

        found = await spool.finished({}, lambda *_: False)

        assert [one.id for one in found.jobs] == [job.id]
        assert [Path(path).name for path, _ in found.unreadable] == [broken]


async def test_a_job_that_ends_anew_has_a_new_version(yard: Any) -> None:
    """What was learned from the first ending does not hide the second."""
    versions: list[int] = []
    async with yard.open() as spool:
        job = await yard.ended(spool, outcome="failed")
        await spool.finished({}, lambda _, version: bool(versions.append(version)))
        path = yard.root / "error" / job.day / f"{job.id}.json"
        os.utime(path, (1, 1))
        path.rename(yard.root / "incoming" / path.name)
        yard.clock.turn(3)
        claim = await spool.claim()
        assert claim is not None
        await spool.settle(claim, Verdict(outcome="passed"), yard.attempt())
        await spool.finished({}, lambda _, version: bool(versions.append(version)))

    assert versions[0] != versions[1]


async def test_a_batch_larger_than_the_descriptors_is_submitted(yard: Any) -> None:
    """Ten thousand jobs at once do not open ten thousand files."""
    jobs = [yard.job(id=one) for one in new_ids([(None, None)] * 1_200, at=yard.clock.now)]
    async with yard.open() as spool:
        await spool.submit(jobs)

        assert (await spool.counts()).incoming == 1_200


def test_a_batch_reports_each_promise_apart() -> None:
    """The empty batch is kept without a call."""
    assert Batch(None, "w").failure is None  # type: ignore[arg-type]


def _job() -> Any:
    from datetime import UTC, datetime

    from syntx.job import Job

    return Job(id=new_id(), created_at=datetime.now(UTC), prompt="Frage")


def _attempt() -> Any:
    from datetime import UTC, datetime

    from syntx.job import Attempt

    now = datetime.now(UTC)
    return Attempt(worker="w", started=now, ended=now)
