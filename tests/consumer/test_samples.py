"""Several answers to one prompt, and what the settings make of a score."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from one_job import log_lines, worked

from consumer.worker import Bench
from syntx.errors import CostLimitExceeded
from syntx.home import Home
from syntx.job import Job
from syntx.llm.contract import Answer
from syntx.llm.scripted import ScriptedModel
from syntx.settings.models import Settings
from syntx.spool.memory import MemorySpool

Maker = Callable[..., Bench]


POOR = "1. DRIFT\nNaja, es kippt vielleicht ein wenig."


def _scoring(settings: Settings, **changed: Any) -> Settings:
    return settings.model_copy(update={"scoring": settings.scoring.model_copy(update=changed)})


async def test_samples_are_all_kept_and_the_lower_median_counts(
    make_bench: Maker, job: Job, good_answer: str
) -> None:
    """With three samples three answers are stored, and the middle score is the job's."""
    model = ScriptedModel([good_answer, POOR, good_answer])
    verdict = await worked(make_bench(model, MemorySpool()), job.model_copy(update={"samples": 3}))
    assert len(verdict.answers) == 3
    assert verdict.score.completeness == 100
    samples = verdict.score.measures["samples"]
    assert samples["n"] == 3
    assert samples["totals"][0] == samples["totals"][2] > samples["totals"][1]
    assert samples["sd"] > 0


async def test_identical_answers_cost_nothing(
    make_bench: Maker, job: Job, good_answer: str
) -> None:
    """Consistency is 1.0 then; contradictory answers cost points."""
    thrice = job.model_copy(update={"samples": 3})
    alone = await worked(make_bench(ScriptedModel([good_answer]), MemorySpool()), job)
    same = await worked(make_bench(ScriptedModel([good_answer] * 3), MemorySpool()), thrice)
    mixed = ScriptedModel([good_answer, POOR, good_answer])
    torn = await worked(make_bench(mixed, MemorySpool()), thrice)

    assert same.score.parts["consistency"] == 1.0
    assert same.score.weights["consistency"] == pytest.approx(0.1)
    assert torn.score.total < alone.score.total <= same.score.total


async def test_a_single_answer_says_so(make_bench: Maker, job: Job, good_answer: str) -> None:
    """Without a second answer there is no consistency, and the score tells n = 1."""
    verdict = await worked(make_bench(ScriptedModel([good_answer]), MemorySpool()), job)
    assert "consistency" not in verdict.score.parts
    assert verdict.score.measures["samples"]["n"] == 1
    assert any("n = 1" in line for line in verdict.score.explanation)


async def test_an_unusable_sample_counts_as_a_contradiction(
    make_bench: Maker, job: Job, good_answer: str
) -> None:
    """An empty answer among good ones is kept, has no total, and lowers consistency."""
    model = ScriptedModel([good_answer, "", good_answer])
    verdict = await worked(make_bench(model, MemorySpool()), job.model_copy(update={"samples": 3}))
    assert verdict.score.measures["samples"]["totals"][1] is None
    assert verdict.score.parts["consistency"] == pytest.approx(1 / 3, abs=0.001)


async def test_the_settings_may_ask_for_more_samples_than_the_job(
    make_bench: Maker, job: Job, good_answer: str, settings: Settings, home: Home
) -> None:
    """`consumer.samples` is the least for every job, and each answer is a numbered line."""
    consumer = settings.system.consumer.model_copy(update={"samples": 2})
    system = settings.system.model_copy(update={"consumer": consumer})
    model = ScriptedModel([good_answer, good_answer])
    bench = make_bench(model, MemorySpool(), settings.model_copy(update={"system": system}))
    await worked(bench, job)

    lines = log_lines(home, "llama_responses")
    assert [line["sample"] for line in lines] == [1, 2]
    assert [line["consistency"] for line in lines] == [None, 1.0]


async def test_answers_that_came_before_the_deadline_count(
    make_bench: Maker, job: Job, good_answer: str
) -> None:
    """When the second answer takes too long, the first is the job's, and nothing is asked again."""
    asked = 0

    async def slow(_: object) -> str:
        nonlocal asked
        asked += 1
        if asked > 1:
            await asyncio.sleep(3600)
        return good_answer

    limits = job.limits.model_copy(update={"deadline": 0.5})
    wished = job.model_copy(update={"samples": 3, "limits": limits})
    verdict = await worked(make_bench(ScriptedModel(slow), MemorySpool()), wished)
    assert verdict.score.measures["samples"]["n"] == len(verdict.answers) == 1
    assert asked == 2


async def test_samples_share_the_jobs_cost_limit(
    make_bench: Maker, job: Job, good_answer: str
) -> None:
    """Each answer may cost what the earlier ones left; what was paid for counts."""
    paid = Answer(text=good_answer, model="m", endpoint="e", cost=0.4)
    model = ScriptedModel([paid, paid, CostLimitExceeded("nothing left")])
    limits = job.limits.model_copy(update={"cost": 1.0})
    wished = job.model_copy(update={"samples": 3, "limits": limits})
    verdict = await worked(make_bench(model, MemorySpool()), wished)
    assert [sent.limits.cost for sent in model.requests] == pytest.approx([1.0, 0.6, 0.2])
    assert len(verdict.answers) == 2


async def test_legacy_mode_is_a_measure_of_its_own(
    make_bench: Maker, job: Job, settings: Settings
) -> None:
    """The operator may have the older total; its version keeps it apart."""
    legacy = _scoring(settings, mode="legacy")
    bench = make_bench(ScriptedModel([POOR]), MemorySpool(), legacy)
    verdict = await worked(bench, job)
    assert verdict.score_version == "legacy-1"
    assert verdict.score.total == verdict.score.measures["legacy_total"]
    assert verdict.score.parts


async def test_altered_weights_are_told_by_the_version(
    make_bench: Maker, job: Job, good_answer: str, settings: Settings
) -> None:
    """A verdict made with other options carries another score version."""
    plain = await worked(make_bench(ScriptedModel([good_answer]), MemorySpool()), job)
    altered = _scoring(settings, languages=("de",))
    bench = make_bench(ScriptedModel([good_answer]), MemorySpool(), altered)
    verdict = await worked(bench, job)
    assert verdict.score_version.startswith(f"{plain.score_version}+")
