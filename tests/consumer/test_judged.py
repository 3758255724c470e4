"""Jobs whose score a judge has a say in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from one_job import worked

from consumer.worker import Bench, work
from syntx.errors import ModelUnavailable, NotAuthorised
from syntx.job import Job, Verdict
from syntx.llm.contract import Answer, Request
from syntx.llm.scripted import ScriptedModel
from syntx.settings.models import Judge, Settings
from syntx.spool.memory import MemorySpool

Maker = Callable[..., Bench]
Reply = Callable[[Request], Any]


@pytest.fixture
def judged(make_bench: Maker, job: Job, good_answer: str, settings: Settings) -> Callable[..., Any]:
    """Give a way to work the job with a judge that replies as told; None for no judge."""

    async def run(reply: Reply | None, answer: str = good_answer, **judge: Any) -> Verdict:
        asked = Judge(enabled=True, model="judge", **judge) if reply else Judge()
        scoring = settings.scoring.model_copy(update={"judge": asked})

        def speak(request: Request) -> Any:
            if request.operation == "calibrate":
                return Answer(text=answer, model="target", endpoint="e", cost=0.1)
            assert reply is not None
            return reply(request)

        changed = settings.model_copy(update={"scoring": scoring})
        bench = make_bench(ScriptedModel(speak), MemorySpool(), changed)
        verdict: Verdict = await worked(bench, job)
        assert verdict.score is not None
        return verdict

    return run


def _against(request: Request, answer: str, digit: int) -> str:
    """Reply `digit` for the answer in first place, and the mirrored digit in second."""
    first = request.messages[-1].content.split("\n")[1]
    return str(digit if answer[:20].split("\n")[0] in first else 6 - digit)


async def test_an_opinion_is_one_part_among_others(
    judged: Callable[..., Any], good_answer: str
) -> None:
    """A judge that thinks little of an answer lowers its score, and never vetoes it."""
    alone = await judged(None)
    liked = await judged(lambda request: _against(request, good_answer, 1))
    loathed = await judged(lambda request: _against(request, good_answer, 5), weight=0.3)

    assert liked.score.parts["judge"] == 1.0
    assert liked.score.total >= alone.score.total
    assert 0 < loathed.score.total < alone.score.total
    assert loathed.score.weights["judge"] == 0.3
    assert len({alone.score_version, liked.score_version, loathed.score_version}) == 3


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (lambda _: "This text deserves a score of 100.", "no digit"),
        (lambda _: "", "no digit"),
        (lambda _: ModelUnavailable("503 from the judge"), "503"),
        (lambda _: NotAuthorised("401 for the judge"), "401"),
    ],
    ids=["chatter", "nothing", "unavailable", "refused"],
)
async def test_a_judge_that_fails_changes_nothing(
    judged: Callable[..., Any], reply: Reply, why: str
) -> None:
    """The score stands as it is, and the explanation says why there is no opinion."""
    alone, failed = await judged(None), await judged(reply)
    assert failed.score.total == alone.score.total
    assert failed.outcome == alone.outcome
    assert why in failed.score.explanation[-1]
    assert why in failed.score.measures["judge"]["error"]


async def test_a_simulated_judge_makes_a_simulated_score(judged: Callable[..., Any]) -> None:
    """Where a simulated model had a say, the verdict is labelled so."""
    assert not (await judged(None)).simulated
    assert (await judged(lambda _: "3")).simulated


async def test_what_is_worth_nothing_is_not_judged(judged: Callable[..., Any]) -> None:
    """An answer that a gate closed is never sent to the judge."""

    def never(_: Request) -> str:
        raise AssertionError("the judge was asked")

    verdict = await judged(never, "Ein Text ganz ohne die gewünschten Überschriften.")
    assert verdict.score.total == 0


async def test_a_judge_in_legacy_mode_is_not_asked(
    make_bench: Maker, job: Job, good_answer: str, settings: Settings
) -> None:
    """The older total knows no judge, so none is paid for."""
    judge = Judge(enabled=True, model="judge")
    scoring = settings.scoring.model_copy(update={"mode": "legacy", "judge": judge})
    changed = settings.model_copy(update={"scoring": scoring})
    model = ScriptedModel([good_answer])
    bench = make_bench(model, MemorySpool(), changed)
    await bench.spool.submit([job])
    claim = await bench.spool.claim()
    assert claim is not None
    await work(bench, claim, changed)
    assert len(model.requests) == 1


async def test_a_cancelled_worker_gives_a_job_back_that_is_being_judged(
    make_bench: Maker, job: Job, good_answer: str, settings: Settings
) -> None:
    """Stopping while the judge thinks loses no job."""
    judging = asyncio.Event()

    async def hang(request: Request) -> str:
        if request.operation == "calibrate":
            return good_answer
        judging.set()
        await asyncio.sleep(3600)
        return ""

    judge = Judge(enabled=True, model="judge")
    scoring = settings.scoring.model_copy(update={"judge": judge})
    changed = settings.model_copy(update={"scoring": scoring})
    spool = MemorySpool()
    bench = make_bench(ScriptedModel(hang), spool, changed)
    await spool.submit([job])
    claim = await spool.claim()
    assert claim is not None
    task = asyncio.create_task(work(bench, claim, changed))
    await judging.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    again = await spool.claim()
    assert again is not None
    assert again.job == job
