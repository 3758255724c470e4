"""The verdict about a document, with exactly the fields its readers know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

GapType = Literal["missing_data", "wrong_structure", "wrong_format", "incomplete_data", "no_gap"]


class Exact(BaseModel):
    """A part of the verdict: frozen, nothing unknown."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, frozen=True, extra="forbid"
    )


NOT_CHECKED = "not checked"
"""How the reason of a criterion begins that nobody looked at, or at a part of it only."""


class CriterionVerdict(Exact):
    """Whether one success criterion was found met, and why; one nobody checked was not."""

    index: int
    criterion: str
    met: bool
    reason: str

    @property
    def checked(self) -> bool:
        """Whether a rule or a judge decided it."""
        return not self.reason.startswith(NOT_CHECKED)

    @property
    def failed(self) -> bool:
        """Whether it was checked, and is not met."""
        return self.checked and not self.met


def met_share(criteria: Sequence[CriterionVerdict]) -> float | None:
    """Return how many of the checked criteria are met, 0..1; None where none was checked."""
    checked = [each for each in criteria if each.checked]
    return sum(each.met for each in checked) / len(checked) if checked else None


class StructureComparison(Exact):
    """What was required, what was found, and what lies between."""

    required: dict[str, Any] = {}
    found: dict[str, Any] = {}
    gap: dict[str, Any] = {}


class DocumentFindings(Exact):
    """What is wrong with one document, and what would mend it."""

    document_name: str
    issues: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()


class ValidationResult(Exact):
    """The verdict: `quality_score` in 0..1, `gap_type` names the gravest lack."""

    overall_success: bool
    quality_score: float = Field(ge=0, le=1)
    data_type_match: bool
    format_match: bool
    document_count: int = Field(ge=0)
    criteria_mapping: tuple[CriterionVerdict, ...] = ()
    gap_analysis: str = ""
    gap_type: GapType = "no_gap"
    structure_comparison: StructureComparison = StructureComparison()
    improvement_suggestions: tuple[str, ...] = ()
    validation_details: tuple[DocumentFindings, ...] = ()

    def to_wire(self) -> bytes:
        """Return the verdict as UTF-8 JSON under its documented names, in one line."""
        return self.model_dump_json(by_alias=True).encode()
