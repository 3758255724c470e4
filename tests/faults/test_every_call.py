"""A fault at every file-system call of every verb: no job is lost, doubled or torn."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from syntx.ids import new_ids
from syntx.job import Attempt, Job, Verdict

NOW = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
DENIED = pytest.param("EACCES", marks=pytest.mark.slow)
"""What is denied takes the way of what fails otherwise; it is looked at with `-m slow`."""

MODES = ("EIO", "ENOSPC", DENIED, "killed before", "killed after", "short write", "full midway")
FEWER_MODES = ("EIO", "killed before", "killed after")
PROMPT = "Erkläre die Größe des Universums."


def attempt() -> Attempt:
    """One attempt."""
    return Attempt(worker="w", started=NOW, ended=NOW)


def some_jobs(count: int = 2) -> list[Job]:
    """Make jobs."""
    ids = new_ids([("topic", "style")] * count, at=NOW)
    return [Job(id=one, created_at=NOW, prompt=PROMPT) for one in ids]


@dataclass
class Scenario:
    """What is there before, what is done while the disk fails, and what was promised before."""

    prepare: Callable[[Any, list[Job]], Awaitable[Any]]
    act: Callable[[Any, list[Job], Any], Awaitable[Any]]
    promised: int = 2
    dropped: bool = False
    outcomes: tuple[str | None, ...] = (None,)
    jobs: int = 2


async def nothing(spool: Any, jobs: list[Job]) -> None:
    """Prepare nothing."""


async def waiting(spool: Any, jobs: list[Job]) -> None:
    """Let the jobs wait."""
    await spool.submit(jobs)


async def held(spool: Any, jobs: list[Job]) -> Any:
    """Let one job be held."""
    await spool.submit(jobs)
    return await spool.claim()


async def ended(spool: Any, jobs: list[Job]) -> None:
    """Let one job have ended."""
    await spool.settle(await held(spool, jobs), Verdict(outcome="passed"), attempt())


async def retried(spool: Any, jobs: list[Job]) -> None:
    """Let one job be due again."""
    await spool.retry(await held(spool, jobs), attempt(), 0)


async def pair(spool: Any, jobs: list[Job]) -> None:
    """Drop a prompt with its metadata."""
    (spool.root / "incoming" / "a.json").write_text('{"topic": "T", "style": "s"}')
    (spool.root / "incoming" / "a.txt").write_text(PROMPT)


async def binary(spool: Any, jobs: list[Job]) -> None:
    """Drop what is no text."""
    (spool.root / "incoming" / "a.txt").write_bytes(b"\xff\0")


async def fifo(spool: Any, jobs: list[Job]) -> None:
    """Drop what must not be opened."""
    os.mkfifo(spool.root / "incoming" / "a.txt")


async def settling(spool: Any, jobs: list[Job], claim: Any) -> None:
    """Settle the held job."""
    await spool.settle(claim, Verdict(outcome="passed"), attempt())


async def all_held(spool: Any, jobs: list[Job]) -> Any:
    """Let all jobs be held."""
    await spool.submit(jobs)
    return [await spool.claim() for _ in jobs]


async def settling_all(spool: Any, jobs: list[Job], claims: Any) -> None:
    """Settle all held jobs at the same time, so that they share their flushes."""
    settles = [spool.settle(claim, Verdict(outcome="passed"), attempt()) for claim in claims]
    results = await asyncio.gather(*settles, return_exceptions=True)
    for error in results:
        if error is not None:
            raise error


SCENARIOS = {
    "submit": Scenario(nothing, lambda spool, jobs, _: spool.submit(jobs), promised=0),
    "submit many": Scenario(nothing, lambda spool, jobs, _: spool.submit(jobs), promised=0, jobs=4),
    "claim": Scenario(waiting, lambda spool, jobs, _: spool.claim()),
    "settle": Scenario(held, settling, outcomes=(None, "passed")),
    "settle many": Scenario(all_held, settling_all, outcomes=(None, "passed"), jobs=4, promised=4),
    "retry": Scenario(held, lambda spool, jobs, claim: spool.retry(claim, attempt(), 0)),
    "due": Scenario(retried, lambda spool, jobs, _: spool.claim()),
    "release": Scenario(held, lambda spool, jobs, claim: spool.release(claim)),
    "archive": Scenario(
        ended, lambda spool, jobs, _: spool.archive([jobs[0].id]), outcomes=("passed",)
    ),
    "close": Scenario(held, lambda spool, jobs, _: spool.close()),
    "intake": Scenario(pair, lambda spool, jobs, _: spool.claim(), promised=0, dropped=True),
}


async def run(bench: Any, scenario: Scenario, jobs: list[Job], at: int, fault: str | None) -> bool:
    """Prepare, act with the fault, and end the process one way or the other."""
    spool = bench.open()
    before = await scenario.prepare(spool, jobs)
    with bench.going_wrong(at, fault):
        await scenario.act(spool, jobs, before)
    if not bench.disk.dead:
        await spool.close()
    return bool(bench.done)


async def calls_of(bench: Any, scenario: Scenario) -> list[str]:
    """Return the calls a verb makes when nothing fails."""
    assert await run(bench, scenario, some_jobs(scenario.jobs), -1, None)
    return list(bench.disk.calls)


@pytest.mark.parametrize("fault", MODES)
@pytest.mark.parametrize("verb", list(SCENARIOS))
async def test_no_job_is_lost_doubled_or_torn(
    bench: Callable[[], Any], verb: str, fault: str
) -> None:
    """Whatever call fails, each promised job is in one place afterwards, whole."""
    scenario = SCENARIOS[verb]
    calls = await calls_of(bench(), scenario)
    assert calls
    for at, call in enumerate(calls):
        if fault in ("short write", "full midway") and call != "write":
            continue
        one, jobs = bench(), some_jobs(scenario.jobs)
        done = await run(one, scenario, jobs, at, fault)
        found = await one.recovered()
        where = f"{fault} at call {at} ({call}) of {verb}"
        assert done or fault != "short write", where
        assert all(len(places) == 1 for places in found.values()), f"{where}: {found}"
        check_content(scenario, jobs, found, done, where)


def check_content(
    scenario: Scenario, jobs: list[Job], found: dict[str, Any], done: bool, where: str
) -> None:
    """Each job is there if it was promised, with its text and at most the one outcome."""
    if scenario.dropped:
        return check_dropped(found, where)
    promised = jobs if done else jobs[: scenario.promised]
    assert {job.id for job in promised} <= set(found), where
    for places in found.values():
        ((_, job),) = places
        assert job.prompt == PROMPT, where
    verdict = found[jobs[0].id][0][1].verdict if jobs[0].id in found else None
    outcome = None if verdict is None else verdict.outcome
    assert outcome in scenario.outcomes, where
    if done:
        assert outcome == scenario.outcomes[-1], where
    return None


def check_dropped(found: dict[str, Any], where: str) -> None:
    """A dropped pair is one job with its metadata, or lies where it was dropped."""
    jobs = [job for places in found.values() for _, job in places]
    assert len(jobs) <= 1, where
    for job in jobs:
        assert job.prompt == PROMPT, where
        assert job.recipe.topic == "T", where


@pytest.mark.parametrize("fault", FEWER_MODES)
async def test_a_dropped_pair_becomes_one_job(bench: Callable[[], Any], fault: str) -> None:
    """After any fault the next claim, or the one after the rescue, has it with its metadata."""
    scenario = SCENARIOS["intake"]
    for at, call in enumerate(await calls_of(bench(), scenario)):
        one = bench()
        await run(one, scenario, [], at, fault)
        async with one.fresh() as spool:
            await spool.rescue()
            claim = await spool.claim()
            refused = list(one.root.glob("error/*/*.refused/dropped-*"))
            assert claim is not None or len(refused) == 2, f"{fault} at {at} ({call})"
            if claim is not None:
                assert (claim.job.prompt, claim.job.recipe.topic) == (PROMPT, "T")
                assert await spool.claim() is None
        assert os.listdir(one.root / "incoming") == ([] if claim is None else [claim.entry])


@pytest.mark.parametrize("fault", MODES[:5])
@pytest.mark.parametrize("thing", [binary, fifo])
async def test_a_refusal_is_finished(
    bench: Callable[[], Any], thing: Callable[..., Any], fault: str
) -> None:
    """After any fault what was dropped is refused with its reason, and nothing else is left."""

    async def refusing(spool: Any, jobs: list[Job], _: Any) -> None:
        assert await spool.claim() is None

    scenario = Scenario(thing, refusing)
    for at, call in enumerate(await calls_of(bench(), scenario)):
        one = bench()
        await run(one, scenario, [], at, fault)
        async with one.fresh() as spool:
            await spool.rescue()
            assert await spool.claim() is None
        records = list(one.root.glob("error/*/*.refused/refusal.json"))
        assert len(records) == 1, f"{fault} at {at} ({call})"
        assert os.listdir(one.root / "incoming") == []
        await one.recovered()


@pytest.mark.parametrize("fault", FEWER_MODES)
@pytest.mark.parametrize("died_with", ["a claim", "a verdict", "its last claim", "a pair"])
async def test_a_rescue_may_fail_anywhere(
    bench: Callable[[], Any], died_with: str, fault: str
) -> None:
    """A rescuer that fails or dies is itself recovered from; the job is in one place."""
    calls = await rescue_with_fault(bench(), died_with, -1, None)
    for at, call in enumerate(calls):
        one = bench()
        await rescue_with_fault(one, died_with, at, fault)
        found = await one.recovered()
        where = f"{fault} at call {at} ({call}) of a rescue after {died_with}"
        refused = list(one.root.glob("error/*/*.refused/dropped-*"))
        assert len(found) == 1 or (died_with == "a pair" and len(refused) == 2), where
        assert all(len(places) == 1 for places in found.values()), where
        for ((place, job),) in found.values():
            assert job.prompt == PROMPT, where
            assert (place in ("processed", "error")) == (job.verdict is not None), where


async def rescue_with_fault(one: Any, died_with: str, at: int, fault: str | None) -> list[str]:
    """Leave a dead worker behind, and let the next one's rescue go wrong."""
    spool = one.open()
    await leave(spool, died_with)
    one.disk.die()
    one.disk = type(one.disk)()
    rescuer = one.open()
    with one.going_wrong(at, fault):
        await rescuer.rescue()
    if not one.disk.dead:
        await rescuer.close()
    return list(one.disk.calls)


async def leave(spool: Any, died_with: str) -> None:
    """Bring a worker to where it will die."""
    hold: Path = spool.root / "processing" / spool.worker
    if died_with == "a pair":
        leave_intake(hold, spool.root / "incoming")
        return
    claim = await held(spool, some_jobs()[:1])
    if died_with == "a verdict":
        settled = claim.job.settled(Verdict(outcome="passed"), attempt())
        replace(hold / claim.entry, settled.to_bytes())
    if died_with == "its last claim":
        os.rename(hold / claim.entry, hold / f"{claim.job.id}.t1.json")


def leave_intake(hold: Path, incoming: Path) -> None:
    """Leave an intake that had the prompt, but not yet its sidecar."""
    folder = hold / f"{some_jobs()[0].id}~intake"
    folder.mkdir()
    (folder / "a.txt").write_text(PROMPT)
    (incoming / "a.json").write_text('{"topic": "T"}')


def replace(path: Path, content: bytes) -> None:
    """Write a file anew."""
    path.write_bytes(content)


@pytest.mark.parametrize("fault", FEWER_MODES)
async def test_a_birth_may_fail_anywhere(bench: Callable[[], Any], fault: str) -> None:
    """A worker that fails or dies while it is born leaves nothing behind."""
    counted = bench()
    counted.disk.arm()
    await counted.open().close()
    for at in range(len(counted.disk.calls)):
        one = bench()
        with one.going_wrong(at, fault):
            await one.open().close()
        if not one.disk.dead:
            one.disk.die()
        assert await one.recovered() == {}
