from __future__ import annotations

from turning import consume, text_of

from evolution.generations import PlanItem
from evolution.pack import Example
from evolution.tallies import Trial
from producer.examples import LONGEST, Examples
from syntx.ids import new_ids
from syntx.job import Job, Recipe
from syntx.spool.memory import MemorySpool

RECIPE = Recipe(topic="Tiere", category="natur", style="casual", pattern="question")


async def _answered(spool: MemorySpool, *prompts: str) -> list[Job]:
    ids = new_ids([("Tiere", "casual")] * len(prompts))
    now = "2026-11-20T19:30:00Z"
    jobs = [
        Job.model_validate({"id": one, "created_at": now, "prompt": text, "recipe": RECIPE})
        for one, text in zip(ids, prompts, strict=True)
    ]
    await spool.submit(jobs)
    await consume(spool)
    return jobs


def _example(job: Job, surprise: float, style: str = "casual", category: str = "natur") -> Example:
    trial = Trial(
        job.id, 1, "Tiere", category, style, "human", "question", "control", "fresh", job.id, 80
    )
    return Example(trial, surprise)


async def test_examples_are_near_the_recipe_and_surprising() -> None:
    """Of the good ones the most surprising of the same cell is shown; a poor one likewise."""
    spool = MemorySpool()
    jobs = await _answered(spool, *(text_of(number) for number in range(5)))
    shown = Examples(
        spool,
        [
            _example(jobs[0], 20, style="kreativ", category="sport"),
            _example(jobs[1], 5),
            _example(jobs[2], 9),
            _example(jobs[3], -9),
            _example(jobs[4], -20, style="kreativ"),
        ],
    )

    assert await shown.better(RECIPE) == jobs[2].prompt
    assert await shown.better(RECIPE, [jobs[2].id]) == jobs[1].prompt
    assert await shown.worse(RECIPE) == jobs[3].prompt


async def test_an_example_that_cannot_be_read_gives_way() -> None:
    """One whose job is gone, or is far too long, is passed over; without any there is none."""
    spool = MemorySpool()
    good, long = await _answered(spool, text_of(1), "x " * LONGEST)
    gone = good.model_copy(update={"id": new_ids([(None, None)])[0]})
    pack = [_example(gone, 30), _example(long, 20), _example(good, 10)]

    assert await Examples(spool, pack).better(RECIPE) == good.prompt
    assert await Examples(spool, pack).worse(RECIPE) is None


async def test_a_parent_comes_with_what_its_answer_was_like() -> None:
    """Text and topic of the parent are there, and its score in words, never in figures."""
    spool = MemorySpool()
    (job,) = await _answered(spool, text_of(1))
    item = PlanItem("ID", RECIPE, "steered", "mutate", parents=(job.id,))
    parent = await Examples(spool, ()).parent(item)

    assert parent is not None
    assert (parent.job_id, parent.text, parent.topic) == (job.id, job.prompt, "Tiere")
    assert parent.remarks == ("Die Antwort darauf blieb in mindestens einem Abschnitt dünn.",)


async def test_without_a_parent_there_is_none() -> None:
    """A fresh prompt has no parent, nor has one whose parent nobody finds."""
    shown = Examples(MemorySpool(), ())
    assert await shown.parent(PlanItem("ID", RECIPE, "steered")) is None
    lost = PlanItem("ID", RECIPE, "steered", "mutate", parents=("20200101T000000.000000Z-0000",))
    assert await shown.parent(lost) is None
