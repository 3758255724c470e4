from __future__ import annotations

from typing import Any

from consumer.documents.validation.models import ValidationResult
from consumer.documents.workflow.models import Observation, ReviewResult, TaskDefinition
from consumer.documents.workflow.refining import review
from consumer.documents.workflow.versions import GENERATE, RENDER, VALIDATE, best_version

DOCUMENT = TaskDefinition(id="t", objective="o", success_criteria=("c",), format="md")
THOUGHT = TaskDefinition(id="t", objective="o", success_criteria=("c",))


def _seen(action: str, number: int, **more: Any) -> Observation:
    label = f"round1_task1_action{number}_x"
    return Observation(action=action, success=True, result_label=label, **more)


def _checked(quality: float, *, whole: bool = False) -> ValidationResult:
    return ValidationResult(
        overall_success=whole,
        quality_score=quality,
        data_type_match=True,
        format_match=True,
        document_count=1,
        gap_type="no_gap" if whole else "missing_data",
        improvement_suggestions=("more rows",),
    )


def _versions(*checks: ValidationResult) -> list[Observation]:
    found: list[Observation] = []
    for check in checks:
        found += [_seen(GENERATE, len(found) + 1), _seen(RENDER, len(found) + 2)]
        found.append(_seen(VALIDATE, len(found) + 1, validation=check))
    return found


def _review(task: TaskDefinition, seen: list[Observation], **more: Any) -> ReviewResult:
    return review(task, seen, **{"accept": 0.7, "max_steps": 12, **more})


def test_met_criteria_end_a_task() -> None:
    """The check found everything, and the quality is enough."""
    verdict = _review(DOCUMENT, _versions(_checked(0.9, whole=True)))

    assert (verdict.status, verdict.stop_reason) == ("success", "criteria_met")


def test_met_criteria_of_too_low_a_quality_go_on() -> None:
    """Nothing is missing, but the quality asked for is higher."""
    verdict = _review(DOCUMENT, _versions(_checked(0.6, whole=True)))

    assert verdict.status == "continue"


def test_what_a_check_found_wanting_goes_on_with_its_suggestions() -> None:
    """The gap and the suggestions are what the next version is for."""
    verdict = _review(DOCUMENT, _versions(_checked(0.5)))

    assert verdict.status == "continue"
    assert verdict.gap_type == "missing_data"
    assert verdict.improvement_suggestions == ("more rows",)


def test_a_version_that_is_no_better_ends_a_task() -> None:
    """The reason names both qualities."""
    verdict = _review(DOCUMENT, _versions(_checked(0.5), _checked(0.5)))

    assert (verdict.status, verdict.stop_reason) == ("stop", "no_improvement")
    assert "0.50, then 0.50" in verdict.reason


def test_a_better_version_goes_on() -> None:
    """As long as quality rises there is hope."""
    assert _review(DOCUMENT, _versions(_checked(0.5), _checked(0.6))).status == "continue"


def test_the_same_version_checked_twice_says_nothing_of_improvement() -> None:
    """Only a new version can be better."""
    seen = [*_versions(_checked(0.5)), _seen(VALIDATE, 4, validation=_checked(0.5))]

    assert _review(DOCUMENT, seen).status == "continue"


def test_all_steps_used_end_a_task() -> None:
    """Whatever is there by then is delivered."""
    verdict = _review(DOCUMENT, _versions(_checked(0.5)), max_steps=3)

    assert (verdict.status, verdict.stop_reason) == ("stop", "max_steps")


def test_failures_in_a_row_end_a_task() -> None:
    """Three of them; a success in between begins anew."""
    failed = Observation(action="ai.process", success=False, notes=("no content",))
    good = _seen("document.extractContent", 1)

    assert _review(DOCUMENT, [failed, failed, good, failed, failed]).status == "continue"
    verdict = _review(DOCUMENT, [good, failed, failed, failed])
    assert (verdict.stop_reason, verdict.reason) == (
        "failed",
        "actions failed in a row: no content",
    )


def test_a_task_without_a_document_is_done_when_a_model_worked_for_it() -> None:
    """Reading alone is not enough."""
    assert _review(THOUGHT, [_seen("document.extractContent", 1)]).status == "continue"
    assert _review(THOUGHT, [_seen("ai.analyse", 1)]).stop_reason == "criteria_met"


def test_simple_work_is_checked_and_not_written_anew() -> None:
    """One call is all it takes."""
    assert _review(DOCUMENT, _versions(_checked(0.2)), once=True).status == "stop"


def test_the_best_version_is_delivered_whatever_came_last() -> None:
    """Its labels are those of its own document, file and check."""
    best = best_version(_versions(_checked(0.6), _checked(0.4)))

    assert best is not None
    assert best.quality == 0.6
    assert best.labels == {f"round1_task1_action{n}_x" for n in (1, 2, 3)}


def test_a_version_that_was_rendered_beats_a_newer_one_that_was_not() -> None:
    """What has no file cannot be delivered."""
    seen = [*_versions(_checked(0.1)), _seen(GENERATE, 4)]

    best = best_version(seen)

    assert best is not None
    assert best.files == ("round1_task1_action2_x",)


def test_nothing_written_is_no_version() -> None:
    """A file of an earlier task's document is one, though."""
    assert best_version([_seen("ai.analyse", 1)]) is None
    rendered = best_version([_seen(RENDER, 1)])
    assert rendered is not None
    assert rendered.document is None
