"""No prompt nearly repeats another: a repeat is drawn anew, a bounded number of times."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path

from structlog.testing import capture_logs
from turning import Maker, changed, consume, lines_of, text_of, word

from evolution.evidence import EvidenceStore
from evolution.novelty import jaccard
from producer.cycle import turn
from producer.drafting import REDRAWS
from producer.order import Order
from syntx.home import Home
from syntx.llm.contract import Answer, Request
from syntx.llm.scripted import ScriptedModel
from syntx.settings.models import Settings
from syntx.spool.memory import MemorySpool


async def test_a_repeat_is_drawn_anew(
    make_desk: Maker, store: EvidenceStore, home: Home, evolution_log: Path
) -> None:
    """Of two equal drafts one becomes a job; the other prompt is asked for again, and told so."""
    script = iter([text_of(1), text_of(1), text_of(2)])
    model = ScriptedModel(lambda _: next(script))
    (plan,) = await turn(make_desk(model, MemorySpool()), Order(size=2, force=True))

    assert [item.redraws for item in plan.in_state("submitted")] == [0, 1]
    assert "sehr ähnlichen Prompt" in model.requests[-1].messages[-1].content
    calls = lines_of(home.root / "logs" / "gpt_prompts.jsonl")
    assert Counter(call["outcome"] for call in calls) == {"drafted": 2, "near_repeat": 1}
    line = lines_of(evolution_log)[0]
    assert line["duplicates"] == {"redrawn": 1, "rate": 0.3333}


async def test_drafts_that_are_under_way_at_once_see_each_other(make_desk: Maker) -> None:
    """Whatever comes back at the same moment, no two prompts of a generation are alike."""
    numbers = itertools.count()
    model = ScriptedModel(lambda _: text_of(next(numbers) // 3))
    spool = MemorySpool()
    await turn(make_desk(model, spool), Order(size=12, force=True))

    texts = [job.prompt for job in await consume(spool)]
    assert len(texts) == len(set(texts)) == 12
    assert max(jaccard(*pair) for pair in itertools.combinations(texts, 2)) < 0.5


async def test_a_repeat_of_what_lies_in_the_archive_is_one_too(make_desk: Maker) -> None:
    """A prompt of long ago is known, and one that differs in a few words repeats it."""
    spool = MemorySpool()
    desk = make_desk(ScriptedModel(iter([text_of(1)])), spool)
    await turn(desk, Order(size=1, force=True))
    (old,) = await consume(spool)
    await turn(make_desk(ScriptedModel(word), spool), Order(size=1, force=True))
    assert await spool.locate(old.id) == "archive"

    script = iter([old.prompt.replace("?", " ganz anders?"), text_of(2)])
    again = make_desk(ScriptedModel(lambda _: next(script)), spool)
    (plan,) = await turn(again, Order(size=1, force=True))
    assert [item.redraws for item in plan.in_state("submitted")] == [1]


async def test_a_model_that_only_repeats_itself_is_given_up(
    make_desk: Maker, home: Home, settings: Settings, evolution_log: Path
) -> None:
    """Seven calls for one prompt at most, each with its line; then the prompt is a failed draft."""
    model = ScriptedModel(lambda _: text_of(1))
    desk = make_desk(model, MemorySpool(), changed(settings, concurrency=1))
    (plan,) = await turn(desk, Order(size=2, force=True))

    most = 1 + 2 * REDRAWS
    assert [item.reason for item in plan.in_state("failed")] == ["near_repeat"]
    assert len(model.requests) == 1 + most
    assert len(lines_of(home.root / "logs" / "gpt_prompts.jsonl")) == 1 + most
    assert lines_of(evolution_log)[0]["duplicates"] == {"redrawn": most, "rate": 0.875}


async def test_a_generation_of_repeats_is_told(make_desk: Maker, settings: Settings) -> None:
    """Whoever lists too few topics learns which, and what to do; a single repeat is no matter."""
    with capture_logs() as told:
        model = ScriptedModel(lambda _: text_of(1))
        await turn(make_desk(model, MemorySpool()), Order(size=3, force=True))
        await turn(make_desk(ScriptedModel(word), MemorySpool()), Order(size=3, force=True))

    (warning,) = [line for line in told if line["event"] == "prompts_repeat"]
    assert (warning["generation"], warning["failed_drafts"]) == (1, 2)
    assert len(warning["topics"]) == 2
    assert "generator.yaml" in warning["fix"]


async def test_the_prompt_itself_is_as_like_the_rest_as_its_plan_says(
    make_desk: Maker, store: EvidenceStore
) -> None:
    """The nearest known prompt's likeness is kept with the item."""
    half = text_of(1).rsplit(" ", 30)[0]
    script = iter([text_of(1), f"{half} {text_of(2, 40)}"])
    spool = MemorySpool()
    first = make_desk(ScriptedModel(lambda _: next(script)), spool)
    await turn(first, Order(size=1, force=True))
    (old,) = await consume(spool)
    (plan,) = await turn(first, Order(size=1, force=True))
    (new,) = await consume(spool)

    assert plan.items[0].similarity == round(jaccard(old.prompt, new.prompt), 4) > 0.2


async def test_every_call_is_paid_for(make_desk: Maker, store: EvidenceStore) -> None:
    """The cost of refused drafts counts for the generation as that of the kept one does."""
    script = iter([text_of(1), text_of(1), text_of(1), text_of(2)])
    model = ScriptedModel(lambda _: Answer(text=next(script), model="m", endpoint="e", cost=0.25))
    await turn(make_desk(model, MemorySpool()), Order(size=2, force=True))

    assert store.cost_of(1) == 1.0


def _request_of(request: Request) -> str:
    return request.messages[-1].content


async def test_a_redraw_of_the_control_arm_stays_neutral(make_desk: Maker) -> None:
    """Asked again, an unsteered prompt is told to differ, and nothing that was learned."""
    script = iter([text_of(1)] * 4 + [text_of(2)])
    model = ScriptedModel(lambda _: next(script))
    await turn(make_desk(model, MemorySpool()), Order(size=2, force=True))

    assert len(model.requests) == 5
    for request in model.requests:
        assert not any(mark in _request_of(request) for mark in ("Ziel:", "Erfahrung:", "Vorlage:"))
