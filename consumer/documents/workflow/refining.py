"""What follows from what a task did so far: go on, done, or no use going on; pure."""

from __future__ import annotations

from collections.abc import Sequence

from consumer.documents.validation.models import ValidationResult
from consumer.documents.workflow.models import Observation, ReviewResult, TaskDefinition
from consumer.documents.workflow.versions import versions_of

FAILURES_IN_A_ROW = 3
"""So many failed actions end a task; the earlier ones are told to the planner."""


def review(
    task: TaskDefinition,
    observations: Sequence[Observation],
    *,
    accept: float,
    max_steps: int,
    once: bool = False,
) -> ReviewResult:
    """Decide after an action; `accept` is the quality (0..1) that is good enough.

    A task that yields no document of its own is done when a model worked for it. With `once` a
    document is checked, and not written anew.
    """
    last = observations[-1] if observations else None
    if last is not None and last.validation is not None:
        verdict = _after_check(observations, last.validation, accept, once)
        if verdict is not None:
            return verdict
    if last is not None and task.format is None and _worked(last):
        reason = f"{last.action} yielded what the task is for"
        return ReviewResult(status="success", reason=reason, stop_reason="criteria_met")
    failed = observations[-FAILURES_IN_A_ROW:]
    if len(failed) == FAILURES_IN_A_ROW and not any(one.success for one in failed):
        told = failed[-1].notes[0] if failed[-1].notes else failed[-1].action
        return ReviewResult(
            status="stop", reason=f"actions failed in a row: {told}", stop_reason="failed"
        )
    if len(observations) >= max_steps:
        return ReviewResult(
            status="stop", reason=f"all {max_steps} steps were used", stop_reason="max_steps"
        )
    return _going_on(observations)


def _after_check(
    observations: Sequence[Observation], found: ValidationResult, accept: float, once: bool
) -> ReviewResult | None:
    if found.overall_success and found.quality_score >= accept:
        return ReviewResult(
            status="success",
            reason="the check found nothing to mend",
            stop_reason="criteria_met",
            quality_score=found.quality_score,
        )
    earlier = [one for one in versions_of(observations)[:-1] if one.validation is not None]
    before = max((one.quality for one in earlier), default=None)
    if not once and (before is None or found.quality_score > before):
        return None
    why = "simple requests are answered once"
    if before is not None:
        why = f"quality did not rise ({before:.2f}, then {found.quality_score:.2f})"
    return ReviewResult(
        status="stop",
        reason=why,
        stop_reason="no_improvement",
        gap_type=found.gap_type,
        improvement_suggestions=found.improvement_suggestions,
        quality_score=found.quality_score,
    )


def _going_on(observations: Sequence[Observation]) -> ReviewResult:
    checked = [one.validation for one in observations if one.validation is not None]
    if not checked:
        return ReviewResult(status="continue", reason="nothing was checked yet")
    found = checked[-1]
    return ReviewResult(
        status="continue",
        reason=found.gap_analysis or "the check found something to mend",
        gap_type=found.gap_type,
        improvement_suggestions=found.improvement_suggestions,
        quality_score=found.quality_score,
    )


def _worked(observation: Observation) -> bool:
    method = observation.action.partition(".")[0]
    return observation.success and method in ("ai", "web")
