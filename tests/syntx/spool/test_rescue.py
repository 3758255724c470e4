"""The dead give their jobs back; the living keep theirs, however slow."""

from __future__ import annotations

import os
from typing import Any

from gathering import gathered

from syntx.job import Verdict
from syntx.spool.files import FileSpool


def die(spool: FileSpool) -> None:
    """Free the lock, as the kernel does when a process ends, and leave all else."""
    os.close(spool._presence.lock)


async def test_a_dead_workers_job_goes_back_and_says_so(yard: Any) -> None:
    """It is claimable under its place in the order, and tells how often a worker died."""
    dead = yard.open()
    job = yard.job()
    await dead.submit([job])
    assert await dead.claim() is not None
    die(dead)

    async with yard.open() as spool:
        assert await spool.rescue() == 1
        claim = await spool.claim()

        assert claim is not None
        assert (claim.job, claim.rescues) == (job, 1)
        assert os.listdir(yard.root / "processing") == [spool.worker]
        assert os.listdir(yard.root / ".tmp") == [spool.worker]


async def test_a_living_workers_job_is_never_taken(yard: Any) -> None:
    """However often somebody looks."""
    async with yard.open() as slow, yard.open() as other:
        await slow.submit([yard.job()])
        assert await slow.claim() is not None
        yard.clock.turn(1_000_000)

        assert [await other.rescue() for _ in range(3)] == [0, 0, 0]
        assert await other.claim() is None


async def test_a_job_that_kills_its_workers_ends_as_failed(yard: Any) -> None:
    """After the limit it is settled with the reason, and its history tells of it."""
    job = yard.job()
    async with yard.open(max_rescues=2) as spool:
        await spool.submit([job])
        for _ in range(3):
            victim = yard.open()
            assert await victim.claim() is not None
            die(victim)
            assert await spool.rescue() == 1

        (ended,) = (await gathered(spool)).jobs
        assert ended.verdict is not None
        assert (ended.verdict.outcome, ended.verdict.reason) == ("failed", "worker_killed")
        assert ended.verdict.message == "killed its worker 3 times"
        assert ended.attempts[-1].reason == "worker_killed"
        assert await spool.locate(job.id) == "error"


async def test_a_rescued_jobs_count_is_gone_when_it_ends(yard: Any) -> None:
    """The mark stands in names of waiting jobs only."""
    dead = yard.open()
    await dead.submit([yard.job()])
    assert await dead.claim() is not None
    die(dead)
    async with yard.open() as spool:
        await spool.rescue()
        claim = await spool.claim()
        assert claim is not None
        assert claim.entry.endswith(".t1.json")
        await spool.settle(claim, Verdict(outcome="passed"), yard.attempt())

    assert yard.names("processed") == [f"{claim.job.id}.json"]


async def test_a_held_folder_without_a_lock_is_adopted(yard: Any) -> None:
    """After a power cut a job's holder may have lost its scratch folder; two looks free it."""
    dead = yard.open()
    await dead.submit([yard.job()])
    assert await dead.claim() is not None
    die(dead)
    os.rmdir(yard.root / ".tmp" / dead.worker)

    async with yard.open() as spool:
        assert [await spool.rescue() for _ in range(2)] == [0, 1]
        assert await spool.claim() is not None


async def test_a_worker_that_died_at_birth_is_swept(yard: Any) -> None:
    """Its half-made folder does not stay."""
    async with yard.open() as spool:
        (yard.root / ".tmp" / "new-host-1-2-3").mkdir()
        await spool.rescue()

        assert os.listdir(yard.root / ".tmp") == [spool.worker]


async def test_a_stray_file_among_held_jobs_is_refused(yard: Any) -> None:
    """It does not keep a dead worker's folder from being removed."""
    dead = yard.open()
    (yard.root / "processing" / dead.worker / "notes").write_text("x")
    die(dead)

    async with yard.open() as spool:
        await spool.rescue()
        assert os.listdir(yard.root / "processing") == [spool.worker]
    assert yard.events[0][1]["reason"] == "stray"


async def test_a_broken_envelope_of_a_dead_worker_is_not_lost(yard: Any) -> None:
    """It goes back and is then refused with its bytes kept."""
    dead = yard.open()
    job = yard.job()
    (yard.root / "processing" / dead.worker / f"{job.id}.json").write_text("{torn")
    die(dead)

    async with yard.open() as spool:
        assert await spool.rescue() == 1
        assert await spool.claim() is None
    (kept,) = yard.root.glob("error/*/*.refused/dropped-*")
    assert kept.read_text() == "{torn"
