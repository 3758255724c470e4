"""A worker that met an error and lives on: its next call finds everything in order."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from syntx.errors import SpoolError
from syntx.ids import new_id
from syntx.job import Attempt, Job, Verdict

NOW = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
ERRORS = ("EIO", "ENOSPC", "EACCES")


def waiting_job(root: Any) -> None:
    """Let a job wait."""
    job = Job(id=new_id(at=NOW), created_at=NOW, prompt="Frage")
    (root / "incoming" / f"{job.id}.json").write_bytes(job.to_bytes())


def dropped_pair(root: Any) -> None:
    """Let a pair lie in incoming."""
    (root / "incoming" / "a.json").write_text('{"topic": "T"}')
    (root / "incoming" / "a.txt").write_text("Frage")


async def fail_then_claim(
    one: Any, thing: Callable[[Any], None], at: int, fault: str | None
) -> Any:
    """Claim with a fault at one call, then claim once more without."""
    spool = one.open()
    thing(one.root)
    with one.going_wrong(at, fault):
        first = await spool.claim()
    if one.done and first is not None:
        await spool.release(first)
    if spool.failure is not None:
        # A spool whose flush failed claims no more; a fresh process goes on.
        await spool.close()
        spool = one.fresh()
    second = await spool.claim()
    if second is None:
        # What may not be moved is left alone for a minute, with what belongs to it.
        one.seconds += 61
        second = await spool.claim()
    scratch = os.listdir(one.root / ".tmp" / spool.worker)
    await spool.close()
    return second, scratch


@pytest.mark.parametrize("fault", ERRORS)
@pytest.mark.parametrize("thing", [waiting_job, dropped_pair])
async def test_the_next_claim_has_what_the_failed_one_lost_hold_of(
    bench: Callable[[], Any], thing: Callable[[Any], None], fault: str
) -> None:
    """Whatever call of a claim failed, the next claim gets the job."""
    counted = bench()
    await fail_then_claim(counted, thing, -1, None)
    for at, call in enumerate(counted.disk.calls):
        one = bench()
        claim, scratch = await fail_then_claim(one, thing, at, fault)
        refused = list(one.root.glob("error/*/*.refused"))
        where = f"{fault} at call {at} ({call})"
        assert claim is not None or refused, where
        assert claim is None or claim.job.prompt == "Frage", where
        assert scratch == [] or call == "unlink", where


@pytest.mark.parametrize("fault", ERRORS)
async def test_a_failed_settle_can_be_tried_again(bench: Callable[[], Any], fault: str) -> None:
    """Unless a flush failed, the second try ends the job; either way it ends once."""
    attempt = Attempt(worker="w", started=NOW, ended=NOW)
    at = 0
    while True:
        one = bench()
        spool = one.open()
        waiting_job(one.root)
        claim = await spool.claim()
        with one.going_wrong(at, fault):
            await spool.settle(claim, Verdict(outcome="passed"), attempt)
        if len(one.disk.calls) <= at:
            await spool.close()
            return
        if not one.done and spool._holding.holds(claim.job.id):
            await spool.settle(claim, Verdict(outcome="passed"), attempt)
        assert len(list(one.root.glob("processed/*/*.json"))) == 1, at
        await spool.close()
        assert list(one.root.glob("error/*/*")) == [], at
        at += 1


@pytest.mark.parametrize("fault", ERRORS)
async def test_a_failed_settle_can_be_released_instead(
    bench: Callable[[], Any], fault: str
) -> None:
    """The job waits again, or has ended if its verdict was already inside; never both."""
    attempt = Attempt(worker="w", started=NOW, ended=NOW)
    for at in range(20):
        one = bench()
        spool = one.open()
        waiting_job(one.root)
        claim = await spool.claim()
        with one.going_wrong(at, fault):
            await spool.settle(claim, Verdict(outcome="passed"), attempt)
        if not one.done and spool._holding.holds(claim.job.id):
            await spool.release(claim)
        await spool.close()
        for ((place, job),) in one.jobs().values():
            assert (place == "processed") == (job.verdict is not None), at


async def test_a_full_disk_leaves_no_scratch_behind(bench: Callable[[], Any]) -> None:
    """A job that could not be written is not half there."""
    one = bench()
    spool = one.open()
    job = Job(id=new_id(at=NOW), created_at=NOW, prompt="Frage")
    with one.going_wrong(_call_of(await _submit_calls(bench()), "write"), "ENOSPC"):
        await spool.submit([job])

    assert not one.done
    assert os.listdir(one.root / ".tmp" / spool.worker) == []
    await spool.submit([job])
    with pytest.raises(SpoolError):
        await spool.submit([job])
    await spool.close()


async def _submit_calls(one: Any) -> list[str]:
    spool = one.open()
    with one.going_wrong(-1, None):
        await spool.submit([Job(id=new_id(at=NOW), created_at=NOW, prompt="Frage")])
    await spool.close()
    return list(one.disk.calls)


def _call_of(calls: list[str], name: str) -> int:
    return calls.index(name)
