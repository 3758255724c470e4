from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from evolution.evidence import EvidenceStore
from producer.budget import BudgetReached
from producer.cycle import turn
from producer.desk import Desk
from producer.order import Order
from producer.writing import Interrupted
from syntx.errors import ConfigError, ModelUnavailable, NotAuthorised
from syntx.home import Home
from syntx.ids import new_ids
from syntx.job import Attempt, Job, Score, Verdict
from syntx.llm.contract import Answer, Request
from syntx.llm.scripted import ScriptedModel
from syntx.settings.models import Settings
from syntx.spool.memory import MemorySpool

Maker = Callable[..., Desk]
_numbers = itertools.count()


def _word(_: Request) -> str:
    return f"Schreibe Nummer {next(_numbers)}: Was würdest du daran ändern, und weshalb?"


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def _waiting(count: int) -> list[Job]:
    now = datetime.now(UTC)
    return [Job(id=i, created_at=now, prompt="?") for i in new_ids([(None, None)] * count)]


async def _consume(spool: MemorySpool, score: int = 80) -> int:
    done = 0
    while (claim := await spool.claim()) is not None:
        now = datetime.now(UTC)
        verdict = Verdict(
            outcome="passed", score=Score(total=score), score_version="1", settled_at=now
        )
        await spool.settle(claim, verdict, Attempt(worker="w", started=now, ended=now))
        done += 1
    return done


def _changed(settings: Settings, **generator: Any) -> Settings:
    return settings.model_copy(
        update={"generator": settings.generator.model_copy(update=generator)}
    )


async def test_an_empty_queue_gets_a_generation(make_desk: Maker, evolution_log: Path) -> None:
    """A starving queue gets twenty prompts; the log has one line with the older names."""
    spool = MemorySpool()
    await turn(make_desk(ScriptedModel(_word), spool), Order())

    assert (await spool.counts()).incoming == 20
    (line,) = _lines(evolution_log)
    assert line["generation"] == 1
    assert line["prompts_generated"] == 20
    assert line["feedback_strength"] == 0.8
    assert line["learned_from"]["sample_count"] == 0
    assert line["coverage"]["styles"] == 4


@pytest.mark.parametrize(("waiting", "written"), [(0, 20), (4, 15), (24, 10), (25, 0), (60, 0)])
async def test_the_queue_decides_how_many(make_desk: Maker, waiting: int, written: int) -> None:
    """20, 15, 10 or no prompts are written, as many as the state of the queue asks for."""
    spool = MemorySpool()
    await spool.submit(_waiting(waiting))
    await turn(make_desk(ScriptedModel(_word), spool), Order())
    assert (await spool.counts()).incoming == waiting + written


async def test_force_writes_a_batch_and_says_so(make_desk: Maker, evolution_log: Path) -> None:
    """Forced, a full queue gets its batch all the same, and the log line tells."""
    spool = MemorySpool()
    await spool.submit(_waiting(60))
    await turn(make_desk(ScriptedModel(_word), spool), Order(force=True, size=3))

    assert (await spool.counts()).incoming == 63
    assert _lines(evolution_log)[0]["forced"] is True


async def test_a_job_carries_its_recipe_and_where_it_came_from(make_desk: Maker) -> None:
    """The drafted text is the prompt byte for byte; recipe, plan, arm and model are recorded."""
    text = "  Was „kostet“ Vertrauen?\r\nÄußere dich bitte ausführlich dazu. "
    spool = MemorySpool()
    (plan,) = await turn(make_desk(ScriptedModel(lambda _: text), spool), Order(size=1, force=True))
    claim = await spool.claim()

    assert claim is not None
    job = claim.job
    assert job.prompt == text
    assert job.recipe == plan.items[0].recipe
    assert None not in job.recipe.model_dump().values()
    assert (job.generation, job.plan_id, job.arm) == (1, plan.plan_id, "control")
    assert job.drafted_by is not None
    assert job.drafted_by.model == "simulator-writer"
    assert job.gpt_quality is not None
    assert job.gpt_quality["max_score"] == 10


async def test_the_configured_sampling_is_sent(make_desk: Maker, settings: Settings) -> None:
    """One request per recipe, with the model and sampling of generator.yaml."""
    openai = settings.generator.openai.model_copy(
        update={"model": "simulator-writer", "temperature": 0.3, "top_p": 0.9, "max_tokens": 222}
    )
    model = ScriptedModel(_word)
    desk = make_desk(model, MemorySpool(), _changed(settings, openai=openai))
    await turn(desk, Order(size=5, force=True))

    assert len(model.requests) == 5
    limits = model.requests[0].limits
    assert (limits.temperature, limits.top_p, limits.max_tokens) == (0.3, 0.9, 222)


async def test_one_failed_draft_costs_one_prompt(
    make_desk: Maker, store: EvidenceStore, home: Home
) -> None:
    """Of ten drafts one fails: nine jobs, one failure with its reason, ten generator lines."""
    calls = itertools.count(1)

    def third_fails(request: Request) -> str | Exception:
        return ModelUnavailable("503") if next(calls) == 3 else _word(request)

    spool = MemorySpool()
    (plan,) = await turn(make_desk(ScriptedModel(third_fails), spool), Order(size=10, force=True))

    assert (await spool.counts()).incoming == 9
    assert [item.reason for item in plan.in_state("failed")] == ["unavailable"]
    lines = _lines(home.root / "logs" / "gpt_prompts.jsonl")
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
    lines = _lines(home.root / "logs" / "gpt_prompts.jsonl")
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

    (plan,) = await turn(make_desk(ScriptedModel(_word), spool), Order())
    assert plan.number == kept.number == 1
    assert len(_lines(evolution_log)) == 1


async def test_the_budget_stops_before_the_call_that_could_exceed_it(
    make_desk: Maker, settings: Settings, store: EvidenceStore
) -> None:
    """With a budget for some calls only so many are made; the rest of the plan stays planned."""
    priced = _changed(
        settings,
        budget=settings.generator.budget.model_copy(update={"daily": 0.0}),
        concurrency=1,
    )
    model = ScriptedModel(_word)
    with pytest.raises(BudgetReached):
        await turn(make_desk(model, MemorySpool(), priced), Order())

    assert model.requests == []
    kept = store.open_plan()
    assert kept is not None
    assert len(kept.in_state("planned")) == 20


async def test_generations_count_up_and_learn(make_desk: Maker, evolution_log: Path) -> None:
    """Each turn after consumption is the next generation, and tells how many it learned from."""
    spool = MemorySpool()
    desk = make_desk(ScriptedModel(_word), spool)
    for _ in range(3):
        await turn(desk, Order())
        await _consume(spool)

    lines = _lines(evolution_log)
    assert [line["generation"] for line in lines] == [1, 2, 3]
    assert [line["learned_from"]["sample_count"] for line in lines] == [0, 20, 40]
    assert lines[2]["arms"]["steered"]["prompts"] == 16


async def test_learned_jobs_are_archived_after_the_new_ones_are_safe(make_desk: Maker) -> None:
    """The jobs of generation 1 lie in the archive once generation 2 is submitted and logged."""
    spool = MemorySpool()
    desk = make_desk(ScriptedModel(_word), spool)
    await turn(desk, Order())
    await _consume(spool)
    await turn(desk, Order())

    counts = await spool.counts()
    assert (counts.processed, counts.archive, counts.incoming) == (0, 20, 20)


async def test_very_many_learned_jobs_are_archived_over_several_turns(
    make_desk: Maker, store: EvidenceStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A turn archives no more than its share; the next ones go on until nothing is left."""
    monkeypatch.setattr("producer.cycle.ARCHIVE_SLICE", 3)
    monkeypatch.setattr("producer.cycle.ARCHIVE_SLICES", 3)
    spool = MemorySpool()
    desk = make_desk(ScriptedModel(_word), spool)
    await turn(desk, Order())
    await _consume(spool)
    archived = []
    for _ in range(3):
        await turn(desk, Order(size=1, force=True))
        archived.append((await spool.counts()).archive)

    assert archived == [9, 18, 20]
    assert store.unarchived(9) == ()


async def test_nothing_is_archived_when_every_draft_failed(make_desk: Maker) -> None:
    """A generation that came to nothing moves nothing."""
    spool = MemorySpool()
    await turn(make_desk(ScriptedModel(_word), spool), Order())
    await _consume(spool)
    await turn(make_desk(ScriptedModel(lambda _: "Das kann ich nicht."), spool), Order())
    assert (await spool.counts()).archive == 0


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

    (plan,) = await turn(make_desk(ScriptedModel(_word), spool), Order())
    assert len(plan.in_state("submitted")) == 20


async def test_topics_by_hand_make_exactly_these_jobs(make_desk: Maker) -> None:
    """One named topic is one job, in its category; a topic nobody lists gets one of its own."""
    spool = MemorySpool()
    desk = make_desk(ScriptedModel(_word), spool)
    await turn(desk, Order(topics=("Quantencomputer",)))
    await turn(desk, Order(topics=("Höhlenmalerei", "Brettspiele"), style="casual"))

    recipes = []
    while (claim := await spool.claim()) is not None:
        recipes.append((claim.job.recipe.topic, claim.job.recipe.category))
    assert recipes[0] == ("Quantencomputer", "technologie")
    assert recipes[1:] == [("Höhlenmalerei", "eigene"), ("Brettspiele", "kultur")]


async def test_named_topics_keep_their_order_and_number(make_desk: Maker) -> None:
    """A topic that is named three times gets three jobs, in the order of the list."""
    topics = ("Alpha", "Beta", "Alpha", "Ümläut", "Alpha")
    (plan,) = await turn(make_desk(ScriptedModel(_word), MemorySpool()), Order(topics=topics))
    assert tuple(item.recipe.topic for item in plan.items) == topics


async def test_what_is_asked_for_comes_after_an_open_plan(
    make_desk: Maker, store: EvidenceStore
) -> None:
    """A plan that was left open is finished, and the named topic is written all the same."""
    spool = MemorySpool()
    down = make_desk(ScriptedModel(lambda _: ModelUnavailable("down")), spool)
    with pytest.raises(ModelUnavailable):
        await turn(down, Order())
    plans = await turn(make_desk(ScriptedModel(_word), spool), Order(topics=("Brettspiele",)))

    assert [len(plan.items) for plan in plans] == [20, 1]
    assert plans[1].items[0].recipe.topic == "Brettspiele"


async def test_a_wish_to_stop_leaves_the_rest_planned(
    make_desk: Maker, store: EvidenceStore
) -> None:
    """Asked to stop, no further draft begins; what is left stays planned."""
    model = ScriptedModel(_word)
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


async def test_an_unknown_style_names_the_valid_ones(make_desk: Maker) -> None:
    """A style nobody configured is an error before any call."""
    model = ScriptedModel(_word)
    with pytest.raises(ConfigError) as caught:
        await turn(make_desk(model, MemorySpool()), Order(style="barock"))
    assert "technisch" in (caught.value.fix or "")
    assert model.requests == []


async def test_the_number_survives_a_lost_store(
    make_desk: Maker, home: Home, evolution_log: Path
) -> None:
    """Without its store, and with a torn last log line, the next generation still counts on."""
    await turn(make_desk(ScriptedModel(_word), MemorySpool()), Order())
    await turn(make_desk(ScriptedModel(_word), MemorySpool()), Order())
    with evolution_log.open("ab") as log:
        log.write(b'{"generation": 99, "torn')

    with EvidenceStore(home.root / "elsewhere.sqlite") as fresh:
        desk = make_desk(ScriptedModel(_word), MemorySpool())
        other = Desk(
            desk.spool, desk.gateway, fresh, desk.logs, desk.settings, desk.space, desk.catalogue
        )
        (plan,) = await turn(other, Order())
    assert plan.number == 3


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


class Killed(BaseException):
    """The producer dies here."""


@pytest.mark.parametrize("at", range(1, 12))
async def test_a_turn_killed_anywhere_is_finished_by_the_next(
    make_desk: Maker, evolution_log: Path, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed at its k-th write, the same plan goes on: one number, one line, no job twice."""
    spool = MemorySpool()
    desk = make_desk(ScriptedModel(_word), spool)
    steps = itertools.count(1)

    def dying(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **extra: Any) -> Any:
            result = original(*args, **extra)
            if next(steps) == at:
                raise Killed
            return result

        return call

    for name in ("save_plan", "mark_drafted", "mark_submitted", "mark_logged", "close_plan"):
        monkeypatch.setattr(desk.store, name, dying(getattr(desk.store, name)))
    monkeypatch.setattr(desk.logs, "write", dying(desk.logs.write))
    try:
        await turn(desk, Order(size=2, force=True))
    except (Killed, BaseExceptionGroup):
        pass
    finally:
        monkeypatch.undo()
    await turn(desk, Order(size=2, force=True))

    ids = []
    while (claim := await spool.claim()) is not None:
        ids.append(claim.job.id)
    generations = [line["generation"] for line in _lines(evolution_log)]
    assert len(ids) == len(set(ids))
    assert generations == sorted(set(generations))
    assert len(ids) == 2 * len(generations)
    assert generations == [1, 2]
