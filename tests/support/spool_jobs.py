"""Jobs for the tests of every spool, and their ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from syntx.ids import new_ids
from syntx.job import Attempt, Job, Verdict
from syntx.spool.contract import Spool

START = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)


def jobs_of(count: int) -> list[Job]:
    """Jobs made a microsecond apart."""
    ids = new_ids([("Topic", "style")] * count, at=START)
    return [
        Job(id=one, created_at=START, prompt=f"Frage {n} äöü", metadata={"n": n})
        for n, one in enumerate(ids)
    ]


def attempt(**extra: str) -> Attempt:
    """One attempt that took a second."""
    return Attempt(worker="w", started=START, ended=START + timedelta(seconds=1), **extra)


async def take(spool: Spool) -> Job:
    """Claim what must be there and end it as passed."""
    claim = await spool.claim()
    assert claim is not None
    await spool.settle(claim, Verdict(outcome="passed"), attempt())
    return claim.job
