"""The verdict about a document, with exactly the fields its readers know."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

GapType = Literal["missing_data", "wrong_structure", "wrong_format", "incomplete_data", "no_gap"]


class Exact(BaseModel):
    """A part of the verdict: frozen, nothing unknown."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, frozen=True, extra="forbid"
    )


class CriterionVerdict(Exact):
    """Whether one success criterion is met, and why."""

    index: int
    criterion: str
    met: bool
    reason: str


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
