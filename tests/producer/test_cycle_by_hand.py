from __future__ import annotations

import pytest
from turning import Maker, word

from evolution.evidence import EvidenceStore
from producer.cycle import turn
from producer.order import Order
from syntx.errors import ConfigError, ModelUnavailable
from syntx.llm.scripted import ScriptedModel
from syntx.spool.memory import MemorySpool


async def test_topics_by_hand_make_exactly_these_jobs(make_desk: Maker) -> None:
    """One named topic is one job, in its category; a topic nobody lists gets one of its own."""
    spool = MemorySpool()
    desk = make_desk(ScriptedModel(word), spool)
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
    (plan,) = await turn(make_desk(ScriptedModel(word), MemorySpool()), Order(topics=topics))
    assert tuple(item.recipe.topic for item in plan.items) == topics


async def test_what_is_asked_for_comes_after_an_open_plan(
    make_desk: Maker, store: EvidenceStore
) -> None:
    """A plan that was left open is finished, and the named topic is written all the same."""
    spool = MemorySpool()
    down = make_desk(ScriptedModel(lambda _: ModelUnavailable("down")), spool)
    with pytest.raises(ModelUnavailable):
        await turn(down, Order())
    plans = await turn(make_desk(ScriptedModel(word), spool), Order(topics=("Brettspiele",)))

    assert [len(plan.items) for plan in plans] == [20, 1]
    assert plans[1].items[0].recipe.topic == "Brettspiele"


async def test_an_unknown_style_names_the_valid_ones(make_desk: Maker) -> None:
    """A style nobody configured is an error before any call."""
    model = ScriptedModel(word)
    with pytest.raises(ConfigError) as caught:
        await turn(make_desk(model, MemorySpool()), Order(style="barock"))
    assert "technisch" in (caught.value.fix or "")
    assert model.requests == []
