"""From a finished workflow to the job's verdict; pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from consumer.documents.workflow.delivering import files_of, validation_of
from consumer.documents.workflow.merging import SCORE_VERSION, score_of
from consumer.documents.workflow.models import ChatWorkflow, TaskResult
from consumer.documents.workflow.rounds import REFUSED
from syntx.job import AnswerRecord, Outcome, Verdict
from syntx.llm.contract import Answer
from syntx.llm.recording import sampling_of, tokens_of


def verdict_of(workflow: ChatWorkflow, answers: Sequence[Answer], accept: float) -> Verdict:
    """Return the verdict; the texts of answers stay in the job's folder but for a simple one's.

    `accept` is the quality, 0..1, below which a job ends as `low_score`.
    """
    outcome, reason, message = _ended(workflow, accept)
    checked = validation_of(workflow)
    score = score_of(checked) if checked and outcome in ("passed", "low_score") else None
    simple = workflow.complexity == "simple"
    return Verdict(
        outcome=outcome,
        reason=reason,
        message=message,
        score=score,
        score_version=None if score is None else SCORE_VERSION,
        simulated=any(answer.simulated for answer in answers),
        answers=tuple(_record(answer, with_text=simple) for answer in answers),
        settled_at=datetime.now(UTC),
    )


def _ended(workflow: ChatWorkflow, accept: float) -> tuple[Outcome, str | None, str | None]:
    refused = [one for one in workflow.results if one.reason.startswith(f"{REFUSED}:")]
    if refused:
        return "refused", "refused", _told(refused)
    plan = workflow.understanding
    wanted = {task.id for task in plan.tasks if task.format} if plan else set()
    lacking = [
        one
        for one in workflow.results
        if one.task_id in wanted and not (files_of(workflow, one) and one.validation)
    ]
    if lacking or not wanted:
        return "failed", "task_failed", _told(lacking) or "no task was to yield a file"
    checked = validation_of(workflow)
    if checked is None or checked.quality_score < accept:
        return "low_score", "low_score", None
    return "passed", None, None


def _told(results: Sequence[TaskResult]) -> str:
    return "; ".join(f"task {one.task_id}: {one.reason}" for one in results)


def _record(answer: Answer, *, with_text: bool) -> AnswerRecord:
    return AnswerRecord(
        model=answer.model,
        sampling=sampling_of(answer),
        text=answer.text if with_text else "",
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
