"""From what the tasks' checks found to the job's: one verdict, one score; pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from consumer.documents.validation.models import (
    CriterionVerdict,
    StructureComparison,
    ValidationResult,
    met_share,
)
from syntx.job import Score

SCORE_VERSION = "document/1"
COMPLETENESS = 0.9
"""What remains of the quality of a document that was not written to its end."""
UNFINISHED = "write the document to its end, more briefly if need be"


def merged(results: Sequence[ValidationResult]) -> ValidationResult:
    """Return one verdict over all documents: the weakest speaks for the whole."""
    if len(results) == 1:
        return results[0]
    weakest = min(results, key=lambda one: one.quality_score)
    criteria = [found for one in results for found in one.criteria_mapping]
    return ValidationResult(
        overall_success=all(one.overall_success for one in results),
        quality_score=weakest.quality_score,
        data_type_match=all(one.data_type_match for one in results),
        format_match=all(one.format_match for one in results),
        document_count=sum(one.document_count for one in results),
        criteria_mapping=tuple(_numbered(criteria)),
        gap_analysis="; ".join(_each(one.gap_analysis for one in results if one.gap_analysis)),
        gap_type=weakest.gap_type,
        structure_comparison=_together([one.structure_comparison for one in results]),
        improvement_suggestions=_each(
            text for one in results for text in one.improvement_suggestions
        ),
        validation_details=tuple(found for one in results for found in one.validation_details),
    )


def as_incomplete(result: ValidationResult) -> ValidationResult:
    """Return the verdict about a document that was not written to its end."""
    gap = "incomplete_data" if result.gap_type == "no_gap" else result.gap_type
    told = [result.gap_analysis, "The document ends before it was whole."]
    return result.model_copy(
        update={
            "overall_success": False,
            "quality_score": result.quality_score * COMPLETENESS,
            "gap_type": gap,
            "gap_analysis": " ".join(filter(None, told)),
            "improvement_suggestions": (*result.improvement_suggestions, UNFINISHED),
        }
    )


def score_of(result: ValidationResult) -> Score:
    """Return a verdict as a score: `quality` is the total, the rest tells where it comes from."""
    share = met_share(result.criteria_mapping)
    parts = {
        "quality": result.quality_score,
        **({} if share is None else {"criteria": share}),
        "format": float(result.format_match),
        "data_type": float(result.data_type_match),
    }
    return Score(
        total=round(100 * result.quality_score),
        parts=parts,
        weights={"quality": 1.0},
        explanation=_explained(result),
        completeness=round(100 * (share or 0.0)),
        structure=100 if result.format_match and result.data_type_match else 0,
        # A document has no fields that could lack.
        measures={
            "gap_type": result.gap_type,
            "documents": result.document_count,
            "present": 1.0,
        },
    )


def _explained(result: ValidationResult) -> tuple[str, ...]:
    """Return the reasons; the first is that of the quality, as accounts of a score read it."""
    gap = f" {result.gap_type}: {result.gap_analysis}" if result.gap_type != "no_gap" else ""
    lines = [f"quality {result.quality_score:.2f}: {_counted(result.criteria_mapping)}{gap}"]
    lines += [
        f"Not met: {one.criterion}: {one.reason}" for one in result.criteria_mapping if one.failed
    ]
    return tuple(lines)


def _counted(criteria: Sequence[CriterionVerdict]) -> str:
    """Tell how many criteria are met, and how many nobody checked."""
    checked = [one for one in criteria if one.checked]
    open_ones = len(criteria) - len(checked)
    if not criteria:
        return "No success criteria were given."
    if not checked:
        which = "The one success criterion was not"
        if open_ones > 1:
            which = f"None of the {open_ones} success criteria was"
        unchecked = f"{which} checked"
        return f"{unchecked}; the score is of form and key figures alone."
    met = f"{sum(one.met for one in checked)} of {len(checked)}"
    if not open_ones:
        return f"{met} success criteria are met."
    return f"{met} checked success criteria are met; {open_ones} of {len(criteria)} not checked."


def _numbered(criteria: Sequence[CriterionVerdict]) -> list[CriterionVerdict]:
    return [one.model_copy(update={"index": place}) for place, one in enumerate(criteria)]


def _each(texts: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _together(found: Sequence[StructureComparison]) -> StructureComparison:
    """List the comparisons of several documents under one key each."""
    return StructureComparison(
        required={str(n): one.required for n, one in enumerate(found, 1)},
        found={str(n): one.found for n, one in enumerate(found, 1)},
        gap={str(n): one.gap for n, one in enumerate(found, 1) if one.gap},
    )
