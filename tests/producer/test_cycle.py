from __future__ import annotations

from pathlib import Path

import pytest
from turning import Maker, changed, consume, jobs_waiting, lines_of, word

from producer.cycle import turn
from producer.order import Order
from syntx.llm.scripted import ScriptedModel
from syntx.settings.models import Settings
from syntx.spool.memory import MemorySpool


async def test_an_empty_queue_gets_a_generation(make_desk: Maker, evolution_log: Path) -> None:
    """A starving queue gets twenty prompts; the log has one line with the older names."""
    spool = MemorySpool()
    await turn(make_desk(ScriptedModel(word), spool), Order())

    assert (await spool.counts()).incoming == 20
    (line,) = lines_of(evolution_log)
    assert line["generation"] == 1
    assert line["prompts_generated"] == 20
    assert line["feedback_strength"] == 0.8
    assert line["learned_from"]["sample_count"] == 0
    assert line["coverage"]["styles"] == 4


@pytest.mark.parametrize(("waiting", "written"), [(0, 20), (4, 15), (24, 10), (25, 0), (60, 0)])
async def test_the_queue_decides_how_many(make_desk: Maker, waiting: int, written: int) -> None:
    """20, 15, 10 or no prompts are written, as many as the state of the queue asks for."""
    spool = MemorySpool()
    await spool.submit(jobs_waiting(waiting))
    await turn(make_desk(ScriptedModel(word), spool), Order())
    assert (await spool.counts()).incoming == waiting + written


async def test_force_writes_a_batch_and_says_so(make_desk: Maker, evolution_log: Path) -> None:
    """Forced, a full queue gets its batch all the same, and the log line tells."""
    spool = MemorySpool()
    await spool.submit(jobs_waiting(60))
    await turn(make_desk(ScriptedModel(word), spool), Order(force=True, size=3))

    assert (await spool.counts()).incoming == 63
    assert lines_of(evolution_log)[0]["forced"] is True


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
    model = ScriptedModel(word)
    desk = make_desk(model, MemorySpool(), changed(settings, openai=openai))
    await turn(desk, Order(size=5, force=True))

    assert len(model.requests) == 5
    limits = model.requests[0].limits
    assert (limits.temperature, limits.top_p, limits.max_tokens) == (0.3, 0.9, 222)


async def test_generations_count_up_and_learn(make_desk: Maker, evolution_log: Path) -> None:
    """Each turn after consumption is the next generation, and tells how many it learned from."""
    spool = MemorySpool()
    desk = make_desk(ScriptedModel(word), spool)
    for _ in range(3):
        await turn(desk, Order())
        await consume(spool)

    lines = lines_of(evolution_log)
    assert [line["generation"] for line in lines] == [1, 2, 3]
    assert [line["learned_from"]["sample_count"] for line in lines] == [0, 20, 40]
    assert lines[2]["arms"]["steered"]["prompts"] == 16
