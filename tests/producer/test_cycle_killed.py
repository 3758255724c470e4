from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from turning import Maker, changed, consume, lines_of, simulated, text_of, word

from evolution.evidence import EvidenceStore
from producer.cycle import turn
from producer.desk import Desk
from producer.order import Order
from syntx.home import Home
from syntx.llm.scripted import ScriptedModel
from syntx.settings.models import Settings
from syntx.spool.memory import MemorySpool


class Killed(BaseException):
    """The producer dies here."""


WRITES = (
    "save_plan", "mark_drafted", "mark_redrawn", "mark_submitted", "mark_logged", "close_plan",
)  # fmt: skip


async def _killed(
    desk: Desk, order: Order, at: int, monkeypatch: pytest.MonkeyPatch, *, before: bool = False
) -> bool:
    """Make a turn that dies at its k-th write, or just before it; returns whether it did."""
    steps = itertools.count(1)

    def dying(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **extra: Any) -> Any:
            dies = next(steps) == at
            if dies and before:
                raise Killed
            result = original(*args, **extra)
            if dies:
                raise Killed
            return result

        return call

    with monkeypatch.context() as patched:
        for name in WRITES:
            patched.setattr(desk.store, name, dying(getattr(desk.store, name)))
        patched.setattr(desk.logs, "write", dying(desk.logs.write))
        try:
            await turn(desk, order)
        except (Killed, BaseExceptionGroup):
            return True
    return False


@pytest.mark.parametrize("at", range(1, 12))
async def test_a_turn_killed_anywhere_is_finished_by_the_next(
    make_desk: Maker, evolution_log: Path, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed at its k-th write, the same plan goes on: one number, one line, no job twice."""
    spool = MemorySpool()
    desk = make_desk(ScriptedModel(word), spool)
    await _killed(desk, Order(size=2, force=True), at, monkeypatch)
    await turn(desk, Order(size=2, force=True))

    ids = [job.id for job in await consume(spool)]
    generations = [line["generation"] for line in lines_of(evolution_log)]
    assert len(ids) == len(set(ids))
    assert len(ids) == 2 * len(generations)
    assert generations == [1, 2]


@pytest.mark.parametrize("at", [1, 2, 3, 4, 5, 6, 8, 12, 15])
async def test_a_turn_killed_while_it_redraws_is_finished_within_bounds(
    make_desk: Maker, settings: Settings, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed anywhere, a prompt that is drawn anew is drawn no more often than it may be."""
    spool = MemorySpool()
    model = ScriptedModel(lambda _: text_of(1))
    desk = make_desk(model, spool, changed(settings, concurrency=1))
    died = await _killed(desk, Order(size=2, force=True), at, monkeypatch, before=True)
    while desk.store.open_plan() is not None:
        await turn(desk, Order())

    plan = desk.store.plan(1)
    assert (plan is None) == (at == 1)
    assert died
    if plan is not None:
        assert {item.state for item in plan.items} == {"submitted", "failed"}
        assert sorted(item.redraws for item in plan.items) == [0, 7]
        # The killed call was made, but nothing was known of it.
        assert len(model.requests) <= 8 + 1
        assert len(await consume(spool)) == 1


@pytest.mark.parametrize("at", [2, 14, 43])
async def test_children_survive_a_kill_with_their_parents(
    make_desk: Maker, spool_and_desk: tuple[MemorySpool, Desk], at: int,
    monkeypatch: pytest.MonkeyPatch, evolution_log: Path,
) -> None:  # fmt: skip
    """What was planned as a child of a prompt is that child, whoever finishes the plan."""
    spool, desk = spool_and_desk
    assert await _killed(desk, Order(size=20, force=True), at, monkeypatch)
    planned = desk.store.open_plan()
    assert planned is not None
    (plan,) = await turn(desk, Order())

    assert plan.number == planned.number
    assert [item.parents for item in plan.items] == [item.parents for item in planned.items]
    assert any(item.parents for item in plan.items)
    jobs = {job.id: job for job in await consume(spool)}
    for item in plan.in_state("submitted"):
        job = jobs[item.job_id]
        assert (job.parents, job.family, job.operator, job.advice_id) == (
            item.parents, item.family, item.operator, item.advice_id,
        )  # fmt: skip
    numbers = [line["generation"] for line in lines_of(evolution_log)]
    assert numbers == [*range(1, len(numbers) + 1)]


@pytest.fixture
async def spool_and_desk(make_desk: Maker) -> tuple[MemorySpool, Desk]:
    """Give a desk that has learned enough to write children."""
    spool = MemorySpool()
    desk = make_desk(ScriptedModel(simulated()), spool)
    for _ in range(3):
        await turn(desk, Order(size=20, force=True))
        await consume(spool, lambda job: 60 + sum(job.prompt.encode()) % 40)
    return spool, desk


async def test_the_number_survives_a_lost_store(
    make_desk: Maker, home: Home, evolution_log: Path
) -> None:
    """Without its store, and with a torn last log line, the next generation still counts on."""
    await turn(make_desk(ScriptedModel(word), MemorySpool()), Order())
    await turn(make_desk(ScriptedModel(word), MemorySpool()), Order())
    with evolution_log.open("ab") as log:
        log.write(b'{"generation": 99, "torn')

    with EvidenceStore(home.root / "elsewhere.sqlite") as fresh:
        desk = make_desk(ScriptedModel(word), MemorySpool())
        other = Desk(
            desk.spool, desk.gateway, fresh, desk.logs, desk.settings, desk.space, desk.catalogue
        )
        (plan,) = await turn(other, Order())
    assert plan.number == 3
