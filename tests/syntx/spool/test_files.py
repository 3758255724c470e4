"""What the spool on files promises beyond the contract."""

from __future__ import annotations

import asyncio
import errno
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from syntx.errors import ConfigError, SpoolFull
from syntx.ids import new_id, new_ids
from syntx.job import Verdict
from syntx.spool.failures import spool_error
from syntx.spool.files import FileSpool
from syntx.spool.presence import worker_name


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
        claims = [await spool.claim() for spool in (one, other) * 20]
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
        for _ in range(10):
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


async def test_a_day_folder_that_was_removed_is_made_again(yard: Any) -> None:
    """An operator who clears away an empty folder stops nobody."""
    async with yard.open() as spool:
        job = await yard.ended(spool)
        await spool.archive([job.id])
        (yard.root / "processed" / job.day).rmdir()

        again = await yard.ended(spool)

        assert await spool.locate(again.id) == "processed"
