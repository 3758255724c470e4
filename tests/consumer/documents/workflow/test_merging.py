from __future__ import annotations

from consumer.documents.validation.models import (
    NOT_CHECKED,
    CriterionVerdict,
    ValidationResult,
)
from consumer.documents.workflow.merging import as_incomplete, merged, score_of
from syntx.commands.seeing.accounting import account


def _found(quality: float, met: bool) -> ValidationResult:
    return ValidationResult(
        overall_success=met,
        quality_score=quality,
        data_type_match=True,
        format_match=met,
        document_count=1,
        criteria_mapping=(CriterionVerdict(index=0, criterion="c", met=met, reason="r"),),
        gap_type="no_gap" if met else "wrong_format",
        gap_analysis="" if met else "a PDF was asked for",
        improvement_suggestions=() if met else ("render it as PDF",),
    )


def test_the_weakest_document_speaks_for_the_job() -> None:
    """Quality and gap are its own; criteria of all are numbered anew."""
    whole = merged([_found(0.9, True), _found(0.4, False)])

    assert whole.quality_score == 0.4
    assert whole.gap_type == "wrong_format"
    assert not whole.overall_success
    assert whole.document_count == 2
    assert [one.index for one in whole.criteria_mapping] == [0, 1]


def test_one_document_speaks_for_itself() -> None:
    """Nothing is changed then."""
    assert merged([_found(0.9, True)]) == _found(0.9, True)


def test_a_verdict_becomes_a_score_with_its_reasons() -> None:
    """Hundred times the quality; what is not met and what lacks is told."""
    score = score_of(_found(0.456, False))

    assert score.total == 46
    assert score.parts["criteria"] == 0.0
    assert score.weights == {"quality": 1.0}
    assert score.explanation == (
        "quality 0.46: 0 of 1 success criteria are met. wrong_format: a PDF was asked for",
        "Not met: c: r",
    )


def test_a_score_says_what_was_not_checked() -> None:
    """Criteria that nobody checked are neither met nor unmet, and have no part in the score."""
    found = _found(1.0, True)
    open_one = CriterionVerdict(index=1, criterion="d", met=False, reason=f"{NOT_CHECKED}: …")
    both = found.model_copy(update={"criteria_mapping": (*found.criteria_mapping, open_one)})
    alone = found.model_copy(update={"criteria_mapping": (open_one,)})

    assert score_of(both).explanation == (
        "quality 1.00: 1 of 1 checked success criteria are met; 1 of 2 not checked.",
    )
    assert score_of(both).parts["criteria"] == 1.0
    assert {item.name for item in account(score_of(alone))} == {"quality", "format", "data_type"}
    assert score_of(alone).explanation == (
        "quality 1.00: The one success criterion was not checked; "
        "the score is of form and key figures alone.",
    )


def test_a_document_that_ends_too_early_cannot_be_whole() -> None:
    """A tenth of its quality is gone, and the next version is told to come to its end."""
    found = as_incomplete(_found(1.0, True))

    assert (found.overall_success, found.quality_score) == (False, 0.9)
    assert found.gap_type == "incomplete_data"
    assert "to its end" in found.improvement_suggestions[-1]
