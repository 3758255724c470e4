from __future__ import annotations

import asyncio
import itertools
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from turning import Maker, word

from producer.order import Order
from producer.service import Service
from syntx.errors import ModelUnavailable
from syntx.job import Attempt, Score, Verdict
from syntx.llm.contract import Request
from syntx.llm.scripted import ScriptedModel
from syntx.service import Stop
from syntx.spool.memory import MemorySpool


async def _consume(spool: MemorySpool) -> None:
    """Answer every job as it comes, until cancelled; every fifth fails without a score."""
    for number in itertools.count():
        while (claim := await spool.claim()) is None:
            await asyncio.sleep(0.001)
        now = datetime.now(UTC)
        scored = Verdict(outcome="passed", score=Score(total=91), score_version="1")
        verdict = Verdict(outcome="failed", reason="timeout") if number % 5 == 0 else scored
        await spool.settle(claim, verdict, Attempt(worker="w", started=now, ended=now))


async def _in_step(service: Service, spool: MemorySpool, generations: int) -> None:
    consuming = asyncio.create_task(_consume(spool))
    async with asyncio.timeout(20):
        await service.in_step(generations)
    consuming.cancel()


async def test_generations_run_in_step_and_are_accounted_for(
    make_desk: Maker, evolution_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each generation is consumed before the next; every recipe is in the summary once."""
    monkeypatch.setattr("producer.service.SETTLE_LOOK_SECONDS", 0.01)
    spool = MemorySpool()
    service = Service(make_desk(ScriptedModel(word), spool), Stop(), Order(size=10))
    await _in_step(service, spool, 3)

    summary = service.summary()
    assert (summary["recipes"], summary["passed"], summary["failed"]) == (30, 24, 6)
    assert summary["unfinished"] == summary["failed_drafts"] == 0
    learned = [json.loads(line)["learned_from"] for line in evolution_log.read_text().splitlines()]
    assert [line["sample_count"] for line in learned] == [0, 8, 16]


async def test_an_open_plan_is_finished_on_top(
    make_desk: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan left open counts as none of the generations asked for."""
    monkeypatch.setattr("producer.service.SETTLE_LOOK_SECONDS", 0.01)
    spool = MemorySpool()
    down = Service(
        make_desk(ScriptedModel(lambda _: ModelUnavailable("down")), spool), Stop(), Order(size=4)
    )
    with pytest.raises(ModelUnavailable):
        await down.in_step(1)
    service = Service(make_desk(ScriptedModel(word), spool), Stop(), Order(size=3))
    await _in_step(service, spool, 1)
    plans = [service.desk.store.plan(number) for number in service.numbers]
    assert [len(plan.items) for plan in plans if plan is not None] == [4, 3]


async def test_a_job_that_vanished_does_not_hold_the_loop(
    make_desk: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A submitted job somebody took away is told and given up, not waited for."""
    monkeypatch.setattr("producer.service.SETTLE_LOOK_SECONDS", 0.001)
    spool = MemorySpool()
    service = Service(make_desk(ScriptedModel(word), spool), Stop(), Order(size=2))

    async def nowhere(_: str) -> None:
        return None

    monkeypatch.setattr(spool, "locate", nowhere)
    async with asyncio.timeout(10):
        await service.in_step(1)
    assert service.summary()["unfinished"] == 2


async def test_the_service_waits_out_an_endpoint_that_is_down(
    make_desk: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By demand, a dead endpoint ends nothing: the plan waits, and goes on when it is back."""
    stop, spool = Stop(), MemorySpool()
    calls = itertools.count()

    def first_down(request: Request) -> str | Exception:
        if next(calls) < 5:
            return ModelUnavailable("down")
        stop.ask()
        return word(request)

    monkeypatch.setattr("producer.service.MAX_PAUSE_SECONDS", 0.01)
    async with asyncio.timeout(10):
        await Service(make_desk(ScriptedModel(first_down), spool), stop, Order()).by_demand()
    assert (await spool.counts()).incoming >= 1
