from __future__ import annotations

from consumer.documents.validation.models import CriterionVerdict, ValidationResult
from consumer.documents.workflow.merging import as_incomplete, merged, score_of


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
        "0 of 1 success criteria are met.",
        "Not met: c: r",
        "Gap (wrong_format): a PDF was asked for",
    )


def test_a_document_that_ends_too_early_cannot_be_whole() -> None:
    """A tenth of its quality is gone, and the next version is told to come to its end."""
    found = as_incomplete(_found(1.0, True))

    assert (found.overall_success, found.quality_score) == (False, 0.9)
    assert found.gap_type == "incomplete_data"
    assert "to its end" in found.improvement_suggestions[-1]
