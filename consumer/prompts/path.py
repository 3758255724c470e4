"""The way of a prompt job: wrap, ask, check, score. Data goes in, a verdict comes out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from consumer.prompts.records import Flow
from consumer.prompts.scoring.gates import unusable
from consumer.prompts.scoring.total import SCORE_VERSION, score
from consumer.prompts.wrapping import Wrapped, wrap
from syntx.errors import Temporary
from syntx.job import AnswerRecord, Job, Outcome, Score, Verdict
from syntx.llm.contract import Answer, CallLimits, Gateway, Message, Request
from syntx.llm.recording import sampling_of, tokens_of
from syntx.settings.models import Consumer
from syntx.wrappers import Wrapper


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


def model_for(job: Job, wrapper: Wrapper, consumer: Consumer) -> str:
    """Name the target model: the job's own, else its wrapper's, else the configured one."""
    if job.models:
        return job.models[0]
    return consumer.models_by_wrapper.get(wrapper.name, consumer.model)


async def run(
    job: Job, wrapper: Wrapper, gateway: Gateway, consumer: Consumer, flow: Flow
) -> Verdict:
    """Take one job to its verdict; raises Temporary and Permanent errors of the call."""
    wrapped = wrap(job, wrapper, model_for(job, wrapper, consumer))
    flow.wrapped(job, wrapped)
    request = request_for(job, wrapped, consumer)
    answers: list[tuple[Answer, Score | str]] = []
    for _ in range(job.samples):
        try:
            answer = await gateway.ask(request)
        except Temporary:
            if not answers:
                raise
            break  # what was answered is paid for and counts
        scored = _score(answer, wrapped, job)
        flow.answered(job, wrapped, answer, scored)
        answers.append((answer, scored))
    return judge(answers, wrapper, consumer.accept_score)


def _score(answer: Answer, wrapped: Wrapped, job: Job) -> Score | str:
    """Score an answer, or say why it is none."""
    if answer.refused:
        return "refused"
    return unusable(answer.text) or score(
        answer.text, wrapped.wrapper, job.prompt, truncated=answer.truncated
    )


def judge(
    answers: Sequence[tuple[Answer, Score | str]], wrapper: Wrapper, accept_score: int | None
) -> Verdict:
    """Turn scored answers into the verdict; of several samples the lower median counts."""
    scores = sorted(
        (result for _, result in answers if isinstance(result, Score)), key=lambda s: s.total
    )
    chosen = scores[(len(scores) - 1) // 2] if scores else None
    outcome, reason = _outcome(answers, chosen, accept_score)
    return Verdict(
        outcome=outcome,
        reason=reason,
        score=chosen,
        score_version=SCORE_VERSION if chosen else None,
        wrapper=wrapper.name,
        wrapper_hash=wrapper.digest,
        simulated=any(answer.simulated for answer, _ in answers),
        answers=tuple(_record(answer) for answer, _ in answers),
        settled_at=datetime.now(UTC),
    )


def _outcome(
    answers: Sequence[tuple[Answer, Score | str]], chosen: Score | None, accept_score: int | None
) -> tuple[Outcome, str | None]:
    if chosen is None:
        reason = next(result for _, result in answers if isinstance(result, str))
        return ("refused" if reason == "refused" else "failed"), reason
    if accept_score is not None and chosen.total < accept_score:
        return "low_score", "low_score"
    return "passed", None


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
