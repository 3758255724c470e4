"""What an operator may do with jobs that ended, on every backend: reopen, discard, restore."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from gathering import gathered

from evolution.analyzer import absorb
from evolution.evidence import EvidenceStore
from syntx.errors import JobExists
from syntx.ids import new_ids
from syntx.job import Attempt, Job, Score, Verdict
from syntx.spool.contract import Claim, Spool

START = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
UNKNOWN = "20200101T000000.000000Z-0000"


def jobs_of(count: int) -> list[Job]:
    """Jobs made a microsecond apart."""
    ids = new_ids([("Topic", "style")] * count, at=START)
    return [Job(id=one, created_at=START, prompt="Frage", metadata={"n": 1}) for one in ids]


def attempt(reason: str | None = None) -> Attempt:
    """One attempt that took a second."""
    return Attempt(worker="w", started=START, ended=START + timedelta(seconds=1), reason=reason)


async def claimed(spool: Spool) -> Claim:
    """Claim what must be there."""
    claim = await spool.claim()
    assert claim is not None
    return claim


async def failed(spool: Spool, count: int = 1) -> list[str]:
    """Let jobs end in error after two tries each; returns their IDs."""
    jobs = jobs_of(count)
    await spool.submit(jobs)
    for _ in jobs:
        await spool.retry(await claimed(spool), attempt("unavailable"), 0)
        await fail(spool)
    return [job.id for job in jobs]


async def fail(spool: Spool, reason: str = "timeout") -> None:
    """Claim a job and let it end in error."""
    verdict = Verdict(outcome="failed", reason=reason)
    await spool.settle(await claimed(spool), verdict, attempt(reason))


async def test_a_reopened_job_waits_again_as_if_new(spool: Spool) -> None:
    """It has no verdict and no attempts, so it is tried as often as a new one."""
    (job_id,) = await failed(spool)

    moved = await spool.reopen([job_id])

    claim = await claimed(spool)
    assert (moved.moved, moved.missing, moved.stayed) == ((job_id,), (), ())
    assert (claim.job.id, claim.job.prompt, claim.rescues) == (job_id, "Frage", 0)
    assert (claim.job.verdict, claim.job.attempts) == (None, ())


async def test_what_was_before_is_kept_as_history(spool: Spool) -> None:
    """Each earlier verdict stands in the metadata, with the attempts that led to it."""
    (job_id,) = await failed(spool)
    await spool.reopen([job_id])
    await fail(spool, "bug")
    await spool.reopen([job_id])

    job = (await claimed(spool)).job

    first, second = job.metadata["earlier_verdicts"]
    assert job.metadata["n"] == 1
    assert (first["reason"], second["reason"]) == ("timeout", "bug")
    assert [one["reason"] for one in first["attempts"]] == ["unavailable", "timeout"]
    assert [one["reason"] for one in second["attempts"]] == ["bug"]


async def test_a_reopened_job_ends_anew(spool: Spool) -> None:
    """It is found once, with its latest verdict, although it was read before."""
    (job_id,) = await failed(spool)
    before = await gathered(spool)
    await spool.reopen([job_id])
    await spool.settle(await claimed(spool), Verdict(outcome="passed"), attempt())

    after = await gathered(spool, before.cursor, lambda *_: False)

    assert await spool.locate(job_id) == "processed"
    assert [job.verdict.outcome for job in after.jobs if job.verdict] == ["passed"]


async def test_reopened_jobs_keep_their_place_in_the_order(spool: Spool) -> None:
    """They are older than what was submitted since, so they come first."""
    ids = await failed(spool, 3)
    late = Job(id=new_ids([(None, None)], at=START + timedelta(days=1))[0], created_at=START)
    await spool.submit([late])

    await spool.reopen(ids[::-1])

    assert [(await claimed(spool)).job.id for _ in range(4)] == [*ids, late.id]


async def test_only_what_ended_in_error_is_reopened(spool: Spool) -> None:
    """Waiting, held, passed and archived jobs stay, each with the reason; unknown IDs are told."""
    held, passed, archived, waiting = (job.id for job in jobs_of(4))
    await spool.submit([Job(id=one, created_at=START) for one in (held, passed, archived, waiting)])
    await claimed(spool)
    for _ in range(2):
        await spool.settle(await claimed(spool), Verdict(outcome="passed"), attempt())
    await spool.archive([archived])

    moved = await spool.reopen([held, passed, archived, waiting, UNKNOWN])

    assert moved.moved == ()
    assert moved.missing == (UNKNOWN,)
    assert dict(moved.stayed) == {
        held: "it is in processing",
        passed: "it is in processed",
        archived: "it is in archive",
        waiting: "it is in incoming",
    }


async def test_a_job_named_twice_is_reopened_once(spool: Spool) -> None:
    """It is one job."""
    (job_id,) = await failed(spool)

    moved = await spool.reopen([job_id, job_id])

    assert moved.moved == (job_id,)
    assert (await spool.counts()).incoming == 1


async def test_a_discarded_job_is_out_of_the_way(spool: Spool) -> None:
    """It is neither counted nor learned from, and its ID stays taken."""
    first, second = await failed(spool, 2)

    moved = await spool.discard([first, UNKNOWN])

    counts = await spool.counts()
    assert (moved.moved, moved.missing) == ((first,), (UNKNOWN,))
    assert (counts.error, counts.archive) == (1, 0)
    assert await spool.locate(first) == "discarded"
    found = await gathered(spool, archived=True)
    assert [job.id for job in found.jobs] == [second]
    with pytest.raises(JobExists):
        await spool.submit([Job(id=first, created_at=START)])


async def test_only_what_ended_in_error_is_discarded(spool: Spool) -> None:
    """A job that waits stays, with the reason; nothing is restored that was not discarded."""
    waiting, ended = (job.id for job in jobs_of(2))
    await spool.submit([Job(id=ended, created_at=START)])
    await fail(spool)
    await spool.submit([Job(id=waiting, created_at=START)])

    discarded, restored = await spool.discard([waiting]), await spool.restore([ended])

    assert (discarded.moved, discarded.stayed) == ((), ((waiting, "it is in incoming"),))
    assert (restored.moved, restored.stayed) == ((), ((ended, "it is in error"),))


async def test_a_restored_job_is_as_it_was(spool: Spool) -> None:
    """Discarding is undone, and the job can be reopened."""
    (job_id,) = await failed(spool)
    before = (await gathered(spool)).jobs
    await spool.discard([job_id])

    moved = await spool.restore([job_id, UNKNOWN])

    assert (moved.moved, moved.missing) == ((job_id,), (UNKNOWN,))
    assert (await gathered(spool)).jobs == before
    assert (await spool.reopen([job_id])).moved == (job_id,)


async def test_evolution_counts_a_reopened_job_once(spool: Spool, tmp_path: Path) -> None:
    """It learns from the latest verdict, although it had learned from the one before."""
    (job,) = jobs_of(1)
    await spool.submit([job])
    low = Verdict(outcome="low_score", score=Score(total=10), score_version="1")
    await spool.settle(await claimed(spool), low, attempt())
    with EvidenceStore(tmp_path / "evidence.sqlite") as store:
        await absorb(spool, store)
        before = store.outcomes([job.id])
        await spool.reopen([job.id])
        await absorb(spool, store)
        high = Verdict(outcome="passed", score=Score(total=95), score_version="1")
        await spool.settle(await claimed(spool), high, attempt())
        await absorb(spool, store)

        assert (before, store.outcomes([job.id])) == ({job.id: "low_score"}, {job.id: "passed"})
        assert store.count() == 1
