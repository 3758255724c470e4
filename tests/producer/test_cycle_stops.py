from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from turning import Maker, changed, lines_of, word

from evolution.evidence import EvidenceStore
from producer.budget import BudgetReached
from producer.cycle import turn
from producer.order import Order
from producer.writing import Interrupted
from syntx.errors import ConfigError, ModelUnavailable, NotAuthorised
from syntx.home import Home
from syntx.llm.contract import Answer, Request
from syntx.llm.scripted import ScriptedModel
from syntx.settings.models import Settings
from syntx.spool.memory import MemorySpool


async def test_one_failed_draft_costs_one_prompt(
    make_desk: Maker, store: EvidenceStore, home: Home
) -> None:
    """Of ten drafts one fails: nine jobs, one failure with its reason, ten generator lines."""
    calls = itertools.count(1)

    def third_fails(request: Request) -> str | Exception:
        return ModelUnavailable("503") if next(calls) == 3 else word(request)

    spool = MemorySpool()
    (plan,) = await turn(make_desk(ScriptedModel(third_fails), spool), Order(size=10, force=True))

    assert (await spool.counts()).incoming == 9
    assert [item.reason for item in plan.in_state("failed")] == ["unavailable"]
    lines = lines_of(home.root / "logs" / "gpt_prompts.jsonl")
    assert Counter(line["success"] for line in lines) == {True: 9, False: 1}
    assert store.open_plan() is None


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(text="Abgeschnitten mitten im", model="m", endpoint="e", finish_reason="length"),
         "truncated"),
        (Answer(text="I’m sorry, I can’t help.", model="m", endpoint="e", refused=True), "refused"),
        (Answer(text=" ", model="m", endpoint="e"), "empty_draft"),
    ],
)  # fmt: skip
async def test_what_is_no_prompt_never_becomes_a_job(
    make_desk: Maker, home: Home, answer: Answer, reason: str
) -> None:
    """Cut, refused and empty drafts are logged with their outcome, once, and asked no more."""
    model, spool = ScriptedModel(lambda _: answer), MemorySpool()
    await turn(make_desk(model, spool), Order(size=2, force=True))

    assert (await spool.counts()).incoming == 0
    lines = lines_of(home.root / "logs" / "gpt_prompts.jsonl")
    assert [line["outcome"] for line in lines] == [reason, reason]
    assert len(model.requests) == 2


async def test_a_refused_key_stops_the_plan_and_keeps_it(
    make_desk: Maker, store: EvidenceStore, evolution_log: Path
) -> None:
    """401 again and again ends the turn with one error; with a good key the same plan goes on."""
    spool = MemorySpool()
    model = ScriptedModel(lambda _: NotAuthorised("401"))
    with pytest.raises(NotAuthorised):
        await turn(make_desk(model, spool), Order())
    kept = store.open_plan()
    assert kept is not None
    assert len(kept.in_state("planned")) == 20
    assert len(model.requests) < 20

    (plan,) = await turn(make_desk(ScriptedModel(word), spool), Order())
    assert plan.number == kept.number == 1
    assert len(lines_of(evolution_log)) == 1


async def test_the_budget_stops_before_the_call_that_could_exceed_it(
    make_desk: Maker, settings: Settings, store: EvidenceStore
) -> None:
    """With a budget for some calls only so many are made; the rest of the plan stays planned."""
    priced = changed(
        settings,
        budget=settings.generator.budget.model_copy(update={"daily": 0.0}),
        concurrency=1,
    )
    model = ScriptedModel(word)
    with pytest.raises(BudgetReached):
        await turn(make_desk(model, MemorySpool(), priced), Order())

    assert model.requests == []
    kept = store.open_plan()
    assert kept is not None
    assert len(kept.in_state("planned")) == 20


async def test_an_endpoint_that_is_down_costs_no_generation(
    make_desk: Maker, store: EvidenceStore, evolution_log: Path
) -> None:
    """When no draft comes through the plan waits: no number, no log line, no recipe is spent."""
    spool = MemorySpool()
    with pytest.raises(ModelUnavailable):
        await turn(make_desk(ScriptedModel(lambda _: ModelUnavailable("down")), spool), Order())
    kept = store.open_plan()
    assert kept is not None
    assert len(kept.in_state("planned")) == 20
    assert not evolution_log.exists()

    (plan,) = await turn(make_desk(ScriptedModel(word), spool), Order())
    assert len(plan.in_state("submitted")) == 20


async def test_a_wish_to_stop_leaves_the_rest_planned(
    make_desk: Maker, store: EvidenceStore
) -> None:
    """Asked to stop, no further draft begins; what is left stays planned."""
    model = ScriptedModel(word)
    desk = replace(make_desk(model, MemorySpool()), stopping=lambda: len(model.requests) >= 3)
    with pytest.raises(Interrupted):
        await turn(desk, Order())

    kept = store.open_plan()
    assert kept is not None
    assert 3 <= len(kept.in_state("submitted")) <= 8
    assert len(kept.in_state("failed")) == 0


async def test_a_model_nobody_offers_spends_no_generation(
    make_desk: Maker, store: EvidenceStore
) -> None:
    """A wrong model name stops the plan at the first call and keeps it."""
    model = ScriptedModel(lambda _: ConfigError("no file offers 'nope'"))
    with pytest.raises(ConfigError):
        await turn(make_desk(model, MemorySpool()), Order())
    kept = store.open_plan()
    assert kept is not None
    assert len(kept.in_state("planned")) == 20


async def test_a_prompt_that_never_comes_through_is_given_up_in_the_end(
    make_desk: Maker, store: EvidenceStore
) -> None:
    """A plan cannot be blocked for ever: after twenty turns its prompt is a failed draft."""
    desk = make_desk(ScriptedModel(lambda _: ModelUnavailable("500")), MemorySpool())
    for _ in range(20):
        with pytest.raises(ModelUnavailable):
            await turn(desk, Order(topics=("Brettspiele",)) if not store.has_plans() else Order())
    kept = store.plan(1)
    assert kept is not None
    assert [item.reason for item in kept.items] == ["unavailable"]
