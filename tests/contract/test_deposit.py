"""Jobs that ended elsewhere are stored once, by every backend."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from gathering import gathered

from syntx.errors import JobExists, SpoolError
from syntx.ids import new_ids
from syntx.job import Attempt, Job, Verdict
from syntx.spool.contract import Spool

LONG_AGO = datetime(2025, 8, 3, 12, 0, tzinfo=UTC)


def ended(count: int, outcome: str = "passed") -> list[Job]:
    """Jobs that ended long ago."""
    verdict = Verdict.model_validate({"outcome": outcome, "settled_at": LONG_AGO})
    attempt = Attempt(worker="old", started=LONG_AGO, ended=LONG_AGO)
    ids = new_ids([("Topic", "style")] * count, at=LONG_AGO)
    return [Job(id=one, created_at=LONG_AGO).settled(verdict, attempt) for one in ids]


async def test_deposited_jobs_lie_where_they_would_have_ended(spool: Spool) -> None:
    """Passed ones are in processed, others in error, each whole."""
    passed, failed = ended(3), ended(2, "failed")

    stored = await spool.deposit([*passed, *failed])

    found = await gathered(spool)
    assert stored == 5
    assert {await spool.locate(job.id) for job in passed} == {"processed"}
    assert {await spool.locate(job.id) for job in failed} == {"error"}
    assert sorted(found.jobs, key=lambda job: job.id) == sorted(
        [*passed, *failed], key=lambda job: job.id
    )


async def test_a_second_deposit_stores_nothing(spool: Spool) -> None:
    """What is there already is passed over, within one call too."""
    jobs = ended(4)

    counts = [await spool.deposit([*jobs[:3], *jobs[:3]]), await spool.deposit(jobs)]

    assert counts == [3, 1]
    assert (await spool.counts()).processed == 4


async def test_a_job_that_lives_here_is_not_doubled(spool: Spool) -> None:
    """Waiting, held or delayed: its end is still to come, here."""
    waiting, held, delayed, archived = (
        job.model_copy(update={"verdict": None, "attempts": ()}) for job in ended(4)
    )
    attempt = Attempt(worker="w", started=LONG_AGO, ended=LONG_AGO)
    for job in (archived, delayed, held, waiting):
        await spool.submit([job])
        claim = await spool.claim() if job is not waiting else None
        if claim is not None and job is archived:
            await spool.settle(claim, Verdict(outcome="passed"), attempt)
            await spool.archive([job.id])
        elif claim is not None and job is delayed:
            await spool.retry(claim, attempt, 60)
    verdict = Verdict(outcome="failed")

    stored = await spool.deposit(
        [job.settled(verdict, attempt) for job in (waiting, held, delayed, archived)]
    )

    assert stored == 0
    assert await spool.locate(held.id) == "processing"
    assert (await spool.counts()).error == 0


async def test_a_deposited_job_cannot_be_submitted(spool: Spool) -> None:
    """Its ID is known from then on."""
    (job,) = ended(1)
    await spool.deposit([job])

    with pytest.raises(JobExists):
        await spool.submit([job.model_copy(update={"verdict": None})])


async def test_a_job_without_a_verdict_cannot_be_deposited(spool: Spool) -> None:
    """It has not ended; it would never be worked on."""
    (job,) = ended(1)

    with pytest.raises(SpoolError, match="no verdict"):
        await spool.deposit([job.model_copy(update={"verdict": None})])

    assert await spool.locate(job.id) is None


async def test_a_document_job_cannot_be_deposited(spool: Spool) -> None:
    """It is a folder with attachments, which an envelope alone does not bring."""
    (job,) = ended(1)

    with pytest.raises(SpoolError, match="no prompt job"):
        await spool.deposit([job.model_copy(update={"kind": "document"})])

    assert await spool.locate(job.id) is None
