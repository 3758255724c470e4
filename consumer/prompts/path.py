"""The way of a prompt job: wrap, ask, check, score. Data goes in, a verdict comes out."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import structlog

from consumer.prompts.judging import Judge, NoOpinion, Piece, opinion
from consumer.prompts.records import Flow
from consumer.prompts.samples import Sample, chosen, combined, stability
from consumer.prompts.scoring.gates import unusable
from consumer.prompts.scoring.options import ScoreOptions, options_of
from consumer.prompts.scoring.total import score, with_part
from consumer.prompts.wrapping import Wrapped, wrap
from syntx.errors import CostLimitExceeded, Temporary
from syntx.job import AnswerRecord, Job, Outcome, Score, Verdict
from syntx.llm.contract import Answer, CallLimits, Gateway, Message, Request
from syntx.llm.recording import sampling_of, tokens_of
from syntx.settings.models import Consumer, Scoring
from syntx.wrappers import Wrapper

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Means:
    """What a job is worked with; the settings are the snapshot it began with."""

    gateway: Gateway
    flow: Flow
    consumer: Consumer
    scoring: Scoring

    @property
    def options(self) -> ScoreOptions:
        """How the parts of a score become its total."""
        return options_of(self.scoring)


def request_for(job: Job, wrapped: Wrapped, consumer: Consumer) -> Request:
    """Word the call: the job's own limits win over the configured ones."""
    limits = job.limits
    return Request(
        operation="calibrate",
        messages=(Message("user", wrapped.text),),
        model=wrapped.model,
        limits=CallLimits(
            max_tokens=limits.max_tokens or consumer.max_new_tokens,
            temperature=consumer.temperature if limits.temperature is None else limits.temperature,
            top_p=limits.top_p or consumer.top_p,
            deadline=limits.deadline or consumer.deadline,
            cost=limits.cost,
        ),
        raw_prompt=job.prompt,
        wrapper=wrapped.wrapper.name,
        trace_id=job.id,
    )


def model_for(job: Job, wrapper: str | None, consumer: Consumer) -> str:
    """Name the target model: the job's own, else that of the named wrapper, else the usual one."""
    if job.models:
        return job.models[0]
    return consumer.models_by_wrapper.get(wrapper or consumer.wrapper, consumer.model)


async def run(job: Job, wrapper: Wrapper, means: Means) -> Verdict:
    """Take one job to its verdict; raises what the calls raise, and TimeoutError."""
    wrapped = wrap(job, wrapper, model_for(job, wrapper.name, means.consumer))
    means.flow.wrapped(job, wrapped)
    samples: list[Sample] = []
    try:
        async with asyncio.timeout(job.limits.deadline or means.consumer.deadline):
            await _gather(samples, job, wrapped, means)
    except (Temporary, CostLimitExceeded, TimeoutError):
        if not samples:
            raise
        # What was answered is paid for and counts.
    total = combined(samples, wrapper, means.options)
    if total is not None and total.total > 0:
        total = await _judged(total, samples, job, wrapper, means)
    return verdict_of(samples, total, wrapper, means)


async def _gather(samples: list[Sample], job: Job, wrapped: Wrapped, means: Means) -> None:
    """Ask for as many answers as are wanted, and add each to `samples` as it comes."""
    wanted = max(job.samples, means.consumer.samples)
    request = request_for(job, wrapped, means.consumer)
    while len(samples) < wanted:
        limits = replace(request.limits, cost=_cost_left(job, samples))
        answer = await means.gateway.ask(replace(request, limits=limits))
        samples.append(Sample(answer, _scored(answer, wrapped, job, means.options)))
        stable = stability(samples, wrapped.wrapper) if len(samples) == wanted else None
        means.flow.answered(job, wrapped, samples, stable)


def _cost_left(job: Job, samples: Sequence[Sample]) -> float | None:
    if job.limits.cost is None:
        return None
    return max(0.0, job.limits.cost - sum(sample.answer.cost or 0.0 for sample in samples))


def _scored(answer: Answer, wrapped: Wrapped, job: Job, options: ScoreOptions) -> Score | str:
    """Score an answer, or say why it is none."""
    if answer.refused:
        return "refused"
    return unusable(answer.text) or score(
        answer.text, wrapped.wrapper, job.prompt, truncated=answer.truncated, options=options
    )


async def _judged(
    total: Score, samples: Sequence[Sample], job: Job, wrapper: Wrapper, means: Means
) -> Score:
    """Let a judge's opinion enter the score; where it fails, the score stays and says why."""
    options, speaker = means.options, chosen(samples)
    if options.judge is None or speaker is None:
        return total
    left = _cost_left(job, samples)
    judge = Judge(options.judge, means.scoring.judge.deadline, None if left is None else left / 4)
    piece = Piece(job.prompt, speaker.answer.text)
    try:
        part = await opinion(means.gateway, judge, piece, wrapper.language, job.id)
    except NoOpinion as error:
        log.warning("judge_gave_no_opinion", job_id=job.id, message=error.message, fix=error.fix)
        why = f"judge gave no opinion: {error.message.rstrip('.')}."
        measures = {**total.measures, "judge": {"model": judge.model, "error": error.message}}
        explanation = (*total.explanation, why)
        return total.model_copy(update={"explanation": explanation, "measures": measures})
    return with_part(total, "judge", part, options.judge_weight, options)


def verdict_of(
    samples: Sequence[Sample],
    total: Score | None,
    wrapper: Wrapper,
    means: Means,
) -> Verdict:
    """Turn answers and the score they make together into the verdict."""
    outcome, reason = _outcome(samples, total, means.consumer.accept_score)
    return Verdict(
        outcome=outcome,
        reason=reason,
        score=total,
        score_version=None if total is None else means.options.version,
        wrapper=wrapper.name,
        wrapper_hash=wrapper.digest,
        simulated=any(sample.answer.simulated for sample in samples) or _played(total),
        answers=tuple(_record(sample.answer) for sample in samples),
        settled_at=datetime.now(UTC),
    )


def _outcome(
    samples: Sequence[Sample], total: Score | None, accept_score: int | None
) -> tuple[Outcome, str | None]:
    if total is None:
        reason = next(one.result for one in samples if isinstance(one.result, str))
        return ("refused" if reason == "refused" else "failed"), reason
    if accept_score is not None and total.total < accept_score:
        return "low_score", "low_score"
    return "passed", None


def _played(total: Score | None) -> bool:
    """Whether a simulated judge had a say."""
    judge = total.measures.get("judge", {}) if total else {}
    return bool(judge.get("simulated"))


def _record(answer: Answer) -> AnswerRecord:
    return AnswerRecord(
        model=answer.model,
        sampling=sampling_of(answer),
        text=answer.text,
        tokens=tokens_of(answer),
        finish_reason=answer.finish_reason,
        duration=answer.duration,
        session_id=answer.session_id,
        request_id=answer.request_id,
        wrapper_chain=answer.wrapper_chain,
        latency_ms=answer.latency_ms,
        cost=answer.cost,
        retries=answer.retries,
    )
