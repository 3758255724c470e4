"""What every spool keeps, run once for each backend."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from gathering import gathered
from spool_jobs import attempt, jobs_of, take

from syntx.errors import JobExists, SpoolError
from syntx.job import Verdict
from syntx.spool.contract import Spool
from syntx.spool.files import FileSpool


async def test_a_submitted_job_is_claimed_whole(spool: Spool) -> None:
    """What is claimed equals what was submitted."""
    (job,) = jobs_of(1)
    await spool.submit([job])

    claim = await spool.claim()

    assert claim is not None
    assert claim.job == job
    assert claim.rescues == 0


async def test_jobs_are_claimed_oldest_first(spool: Spool) -> None:
    """The order of the IDs is the order of the claims, whatever the order of submission."""
    jobs = jobs_of(20)
    await spool.submit(jobs[10:])
    await spool.submit(list(reversed(jobs[:10])))

    assert [await take(spool) for _ in jobs] == jobs


async def test_a_claim_is_exclusive(spool: Spool) -> None:
    """A held job is not handed out a second time."""
    await spool.submit(jobs_of(1))

    first, second = await spool.claim(), await spool.claim()

    assert first is not None
    assert second is None


async def test_many_claims_at_once_share_nothing(spool: Spool) -> None:
    """Tasks that claim at the same time each get a job of their own."""
    jobs = jobs_of(50)
    await spool.submit(jobs)

    claims = await asyncio.gather(*(spool.claim() for _ in range(60)))

    held = [claim.job.id for claim in claims if claim is not None]
    assert sorted(held) == [job.id for job in jobs]


async def test_a_known_id_is_refused_wherever_its_job_stands(spool: Spool) -> None:
    """Waiting, held, delayed, ended, archived: a second job of that ID is not taken."""
    (job,) = jobs_of(1)
    await spool.submit([job])
    with pytest.raises(JobExists):
        await spool.submit([job])
    claim = await spool.claim()
    assert claim is not None
    with pytest.raises(JobExists):
        await spool.submit([job])
    await spool.retry(claim, attempt(), 0)
    with pytest.raises(JobExists):
        await spool.submit([job])
    await take(spool)
    with pytest.raises(JobExists):
        await spool.submit([job])
    await spool.archive([job.id])
    with pytest.raises(JobExists):
        await spool.submit([job])
    assert await spool.claim() is None


async def test_a_known_id_keeps_no_other_job_out(spool: Spool) -> None:
    """The others of a batch are submitted although one was refused."""
    jobs = jobs_of(3)
    await spool.submit(jobs[1:2])

    with pytest.raises(JobExists):
        await spool.submit(jobs)

    assert (await spool.counts()).incoming == 3


@pytest.mark.parametrize(
    ("outcome", "state"),
    [("passed", "processed"), ("low_score", "error"), ("failed", "error"), ("refused", "error")],
)
async def test_the_outcome_decides_where_a_job_ends(spool: Spool, outcome: str, state: str) -> None:
    """Passed jobs end in processed, all others in error."""
    (job,) = jobs_of(1)
    await spool.submit([job])
    claim = await spool.claim()
    assert claim is not None

    await spool.settle(claim, Verdict.model_validate({"outcome": outcome}), attempt())

    assert await spool.locate(job.id) == state


async def test_a_settled_job_carries_verdict_and_attempt(spool: Spool) -> None:
    """What ended can be read back with its whole history."""
    (job,) = jobs_of(1)
    await spool.submit([job])
    claim = await spool.claim()
    assert claim is not None
    await spool.settle(
        claim, Verdict(outcome="failed", reason="timeout"), attempt(reason="timeout")
    )

    (ended,) = (await gathered(spool)).jobs

    assert ended.verdict is not None
    assert (ended.verdict.outcome, ended.verdict.reason) == ("failed", "timeout")
    assert ended.verdict.settled_at is not None
    assert [one.reason for one in ended.attempts] == ["timeout"]
    assert ended.prompt == job.prompt


async def test_a_claim_can_be_left_only_once(spool: Spool) -> None:
    """After settle neither settle, retry nor release does anything but raise."""
    await spool.submit(jobs_of(1))
    claim = await spool.claim()
    assert claim is not None
    await spool.settle(claim, Verdict(outcome="passed"), attempt())

    with pytest.raises(SpoolError):
        await spool.settle(claim, Verdict(outcome="failed"), attempt())
    with pytest.raises(SpoolError):
        await spool.retry(claim, attempt(), 0)
    with pytest.raises(SpoolError):
        await spool.release(claim)
    assert (await spool.counts()).processed == 1


async def test_a_retried_job_comes_back_after_its_delay(spool: Spool) -> None:
    """It waits, counts as waiting, and comes back with one more attempt."""
    (job,) = jobs_of(1)
    await spool.submit([job])
    claim = await spool.claim()
    assert claim is not None

    await spool.retry(claim, attempt(error="ModelUnavailable"), 0.05)

    assert await spool.claim() is None
    assert (await spool.counts()).waiting == 1
    while (again := await spool.claim()) is None:
        await spool.wait(1)
    assert [one.error for one in again.job.attempts] == ["ModelUnavailable"]


async def test_a_released_job_keeps_its_place(spool: Spool) -> None:
    """It is the next one to be claimed, and unchanged."""
    jobs = jobs_of(3)
    await spool.submit(jobs)
    claim = await spool.claim()
    assert claim is not None

    await spool.release(claim)

    assert [await take(spool) for _ in jobs] == jobs


async def test_waiting_ends_with_new_work(spool: Spool) -> None:
    """A submit wakes those who wait."""
    waiting = asyncio.create_task(spool.wait(30))
    await asyncio.sleep(0)

    await spool.submit(jobs_of(1))

    await asyncio.wait_for(waiting, 5)
    assert await spool.claim() is not None


async def test_waiting_ends_after_its_timeout(spool: Spool) -> None:
    """Without work, `wait` returns when its time is up."""
    await asyncio.wait_for(spool.wait(0.01), 5)

    assert await spool.claim() is None


async def test_a_living_workers_jobs_are_not_rescued(spool: Spool) -> None:
    """Rescue takes nothing from the living."""
    await spool.submit(jobs_of(1))
    claim = await spool.claim()
    assert claim is not None

    assert await spool.rescue() == 0

    assert await spool.claim() is None


async def test_closing_gives_back_what_is_held(spool: Spool) -> None:
    """After close the held job waits again, untouched."""
    (job,) = jobs_of(1)
    await spool.submit([job])
    assert await spool.claim() is not None

    await spool.close()

    reopened = FileSpool.open(Path(spool.root)) if isinstance(spool, FileSpool) else spool
    claim = await reopened.claim()
    assert claim is not None
    assert claim.job == job
    await reopened.close()
