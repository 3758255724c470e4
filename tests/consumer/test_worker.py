from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gathering import gathered
from one_job import log_lines, worked

from consumer.worker import Bench, work
from syntx.errors import (
    BadRequest,
    ConfigError,
    ModelUnavailable,
    NotAuthorised,
    RateLimited,
    SpoolFull,
    SyntxError,
)
from syntx.home import Home
from syntx.job import Job, Recipe
from syntx.llm.contract import Answer
from syntx.llm.scripted import ScriptedModel
from syntx.settings.models import Settings
from syntx.spool.memory import MemorySpool

Maker = Callable[..., Bench]


async def _finished(bench: Bench) -> Job:
    found = await gathered(bench.spool)
    assert len(found.jobs) == 1
    return found.jobs[0]


def _accepting(settings: Settings, score: int | None) -> Settings:
    consumer = settings.system.consumer.model_copy(update={"accept_score": score})
    return settings.model_copy(
        update={"system": settings.system.model_copy(update={"consumer": consumer})}
    )


async def test_an_answered_job_is_scored_and_kept_whole(
    make_bench: Maker, job: Job, good_answer: str, settings: Settings
) -> None:
    """The verdict records answer, score, wrapper with its hash, model and session."""
    bench = make_bench(ScriptedModel([good_answer]), MemorySpool(), _accepting(settings, 1))
    await worked(bench, job)

    done = await _finished(bench)
    assert done.prompt == job.prompt
    assert done.verdict is not None
    assert done.verdict.outcome == "passed"
    assert done.verdict.score is not None
    assert done.verdict.score.completeness == 100
    assert done.verdict.wrapper == "human"
    assert done.verdict.wrapper_hash == bench.wrappers.get("human").digest
    assert done.verdict.answers[0].text == good_answer
    assert done.verdict.answers[0].session_id == job.id
    assert done.verdict.simulated
    assert len(done.attempts) == 1


async def test_a_score_below_the_bound_is_a_verdict(
    make_bench: Maker, job: Job, settings: Settings
) -> None:
    """An answer that is not accepted ends as low_score with its score."""
    bench = make_bench(ScriptedModel(["1. DRIFT\nNaja."]), MemorySpool(), _accepting(settings, 90))
    verdict = await worked(bench, job)

    assert verdict.outcome == verdict.reason == "low_score"
    assert 0 <= verdict.score.total < 90


async def test_without_a_bound_every_answer_passes(
    make_bench: Maker, job: Job, settings: Settings
) -> None:
    """`accept_score: null` sends every answered job to processed."""
    bench = make_bench(
        ScriptedModel(["1. DRIFT\nNaja."]), MemorySpool(), _accepting(settings, None)
    )
    assert (await worked(bench, job)).outcome == "passed"


@pytest.mark.parametrize(
    ("text", "outcome", "reason"),
    [
        ("", "failed", "empty_answer"),
        (" \n\t", "failed", "empty_answer"),
        ("<!DOCTYPE html><html><body><h1>502</h1></body></html>", "failed", "html_page"),
        ("Das kann ich leider nicht beantworten.", "refused", "refused"),
    ],
)
async def test_what_is_no_answer_is_never_a_success(
    make_bench: Maker, job: Job, text: str, outcome: str, reason: str
) -> None:
    """Empty answers, error pages and refusals end with their reason and without a score."""
    model = ScriptedModel([text])
    verdict = await worked(make_bench(model, MemorySpool()), job)

    assert (verdict.outcome, verdict.reason, verdict.score) == (outcome, reason, None)
    assert len(model.requests) == 1


async def test_a_passing_error_comes_back_until_the_limit(make_bench: Maker, job: Job) -> None:
    """Temporary errors are retried up to max_attempts, then the job stays in error."""
    hours = itertools.count(0, 10_000)
    spool = MemorySpool(monotonic=lambda: float(next(hours)))
    model = ScriptedModel(lambda _: ModelUnavailable("503 from the endpoint"))
    bench = make_bench(model, spool)
    await spool.submit([job])
    for _ in range(3):
        claim = await spool.claim()
        assert claim is not None
        await work(bench, claim, bench.settings())

    done = await _finished(bench)
    assert done.verdict is not None
    assert (done.verdict.outcome, done.verdict.reason) == ("failed", "unavailable")
    assert [attempt.reason for attempt in done.attempts] == ["unavailable"] * 3
    assert await spool.claim() is None


async def test_a_permanent_error_is_not_retried(make_bench: Maker, job: Job) -> None:
    """A malformed request fails at once."""
    bench = make_bench(ScriptedModel([BadRequest("no such parameter")]), MemorySpool())
    verdict = await worked(bench, job)
    assert (verdict.outcome, verdict.reason) == ("failed", "bad_request")


async def test_an_unknown_wrapper_fails_with_the_names_there_are(
    make_bench: Maker, job: Job
) -> None:
    """A job that asks for a wrapper nobody has is not lost; its message names the others."""
    strange = job.model_copy(update={"recipe": Recipe(wrapper="nirgends")})
    verdict = await worked(make_bench(ScriptedModel([]), MemorySpool()), strange)

    assert (verdict.outcome, verdict.reason) == ("failed", "wrapper_not_found")
    assert "nirgends" in verdict.message


async def test_a_model_nobody_has_fails_the_job_that_names_it(make_bench: Maker, job: Job) -> None:
    """A job's own unknown model is its own fault; it ends failed and stops nobody else."""
    bench = make_bench(ScriptedModel([ConfigError("no model 'x'")]), MemorySpool())
    verdict = await worked(bench, job.model_copy(update={"models": ("x",)}))
    assert (verdict.outcome, verdict.reason) == ("failed", "bad_request")


async def test_a_model_whose_key_is_missing_fails_the_job_that_names_it(
    make_bench: Maker, job: Job
) -> None:
    """A job that asks for a model we have no key for does not stop the others."""
    bench = make_bench(ScriptedModel([NotAuthorised("no key")]), MemorySpool())
    verdict = await worked(bench, job.model_copy(update={"models": ("paid",)}))
    assert verdict.outcome == "failed"


@pytest.mark.parametrize("error", [NotAuthorised("401"), ConfigError("no model 'y'")])
async def test_what_stops_every_job_gives_this_one_back(
    make_bench: Maker, job: Job, error: SyntxError
) -> None:
    """A refused key or a model that is gone cost a job nothing: no attempt, back in the queue."""
    spool = MemorySpool()
    bench = make_bench(ScriptedModel([error]), spool)
    with pytest.raises(type(error)):
        await worked(bench, job)

    claim = await spool.claim()
    assert claim is not None
    assert claim.job == job


async def test_a_bug_fails_one_job(make_bench: Maker, job: Job) -> None:
    """An error nobody foresaw ends this job as failed, with its name."""
    bench = make_bench(ScriptedModel([ZeroDivisionError("oops")]), MemorySpool())
    verdict = await worked(bench, job)
    assert (verdict.outcome, verdict.reason) == ("failed", "bug")
    assert "ZeroDivisionError" in verdict.message


async def test_a_job_out_of_its_deadline_times_out(
    make_bench: Maker, job: Job, settings: Settings
) -> None:
    """The job's own deadline ends a call that hangs; the reason is `timeout`."""

    async def hang(_: object) -> str:
        await asyncio.sleep(3600)
        return ""

    queue = settings.queue.model_copy(update={"max_attempts": 1})
    hurried = job.model_copy(update={"limits": job.limits.model_copy(update={"deadline": 0.05})})
    bench = make_bench(
        ScriptedModel(hang), MemorySpool(), settings.model_copy(update={"queue": queue})
    )
    verdict = await worked(bench, hurried)
    assert (verdict.outcome, verdict.reason) == ("failed", "timeout")


async def test_a_disk_that_is_full_for_a_while_costs_no_answer(
    make_bench: Maker, job: Job, good_answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settling is tried again until the disk takes it; the model is asked once."""
    monkeypatch.setattr("consumer.worker.SPOOL_PAUSES", (0.0, 0.0, 0.0))
    spool, model = MemorySpool(), ScriptedModel([good_answer])
    settle, refusals = spool.settle, iter([SpoolFull("no space"), SpoolFull("no space")])

    async def full_at_first(*arguments: Any) -> None:
        for refusal in refusals:
            raise refusal
        await settle(*arguments)

    monkeypatch.setattr(spool, "settle", full_at_first)
    bench = make_bench(model, spool)
    await worked(bench, job)

    assert (await _finished(bench)).verdict is not None
    assert len(model.requests) == 1


async def test_a_cancelled_worker_gives_its_job_back(make_bench: Maker, job: Job) -> None:
    """Cancelling in mid-call releases the job to its old place."""
    asked = asyncio.Event()

    async def hang(_: object) -> str:
        asked.set()
        await asyncio.sleep(3600)
        return ""

    spool = MemorySpool()
    task = asyncio.create_task(worked(make_bench(ScriptedModel(hang), spool), job))
    await asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    claim = await spool.claim()
    assert claim is not None
    assert claim.job == job


async def test_every_line_of_a_job_carries_its_id(
    make_bench: Maker, job: Job, good_answer: str, home: Home
) -> None:
    """Stages 1 to 5, the request line and the answer line share the job's trace."""
    await worked(make_bench(ScriptedModel([good_answer]), MemorySpool()), job)

    flow = log_lines(home, "field_flow")
    assert [line["stage"][0] for line in flow] == ["1", "2", "3", "4", "5"]
    answer = log_lines(home, "llama_responses")[0]
    request = log_lines(home, "wrapper_requests")[0]
    assert {line["trace_id"] for line in (*flow, answer, request)} == {job.id}
    assert answer["meta_prompt"] == job.prompt
    assert answer["response"] == good_answer
    assert answer["score"] == answer["quality_score"]["total_score"]
    assert request["wrapper_chain"] == ["human"]


async def test_a_failed_attempt_leaves_an_error_stage(
    make_bench: Maker, job: Job, home: Home
) -> None:
    """An error is one ERROR stage and one answer line without an answer."""
    bench = make_bench(ScriptedModel([RateLimited("429", delay=3)]), MemorySpool())
    await worked(bench, job)

    assert log_lines(home, "field_flow")[-1]["stage"] == "ERROR"
    line = log_lines(home, "llama_responses")[0]
    assert (line["success"], line["reason"], line["response"]) == (False, "rate_limited", None)


async def test_the_jobs_own_wishes_win(make_bench: Maker, job: Job, good_answer: str) -> None:
    """A job's model and limits are what is sent; the rest comes from the settings."""
    model = ScriptedModel([good_answer])
    limits = job.limits.model_copy(update={"temperature": 0.0, "max_tokens": 77})
    wished = job.model_copy(update={"models": ("other",), "limits": limits})
    await worked(make_bench(model, MemorySpool()), wished)

    sent = model.requests[0]
    assert sent.model == "other"
    assert (sent.limits.temperature, sent.limits.max_tokens, sent.limits.top_p) == (0.0, 77, 0.85)
    assert sent.raw_prompt == job.prompt
    assert job.prompt in sent.messages[-1].content


async def test_a_truncated_answer_is_scored_as_one(
    make_bench: Maker, job: Job, good_answer: str
) -> None:
    """The same text scores lower when the model was cut off."""
    cut = Answer(text=good_answer, model="m", endpoint="e", finish_reason="length")
    whole = Answer(text=good_answer, model="m", endpoint="e")
    first = await worked(make_bench(ScriptedModel([whole]), MemorySpool()), job)
    second = await worked(make_bench(ScriptedModel([cut]), MemorySpool()), job)
    assert second.score.total < first.score.total


async def test_a_wrapper_elsewhere_is_the_operators_choice_alone(
    make_bench: Maker, job: Job, good_answer: str, settings: Settings, tmp_path: Path
) -> None:
    """A path in system.yaml is used; the same path in a job is refused."""
    path = tmp_path / "eigen.txt"
    path.write_text("1. DRIFT\nWas kippt?\n\n{{prompt}}\n")
    consumer = settings.system.consumer.model_copy(update={"wrapper": str(path)})
    system = settings.system.model_copy(update={"consumer": consumer})
    changed = settings.model_copy(update={"system": system})

    model = ScriptedModel([good_answer])
    plain = job.model_copy(update={"recipe": Recipe()})
    assert (await worked(make_bench(model, MemorySpool(), changed), plain)).wrapper == "eigen"
    asking = job.model_copy(update={"recipe": Recipe(wrapper=str(path))})
    verdict = await worked(make_bench(model, MemorySpool(), changed), asking)
    assert verdict.reason == "wrapper_not_found"
