"""From what was seen to the verdict: what is met, what is missing, and what it is worth; pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from consumer.documents.validation.criteria import rule
from consumer.documents.validation.judge import Opinion
from consumer.documents.validation.languages import same_language
from consumer.documents.validation.looking import Seen
from consumer.documents.validation.models import (
    NOT_CHECKED,
    CriterionVerdict,
    DocumentFindings,
    GapType,
    StructureComparison,
    ValidationResult,
    met_share,
)
from consumer.documents.validation.places import Finding, Place
from consumer.documents.validation.scoring import quality, structure_share
from consumer.documents.validation.shortfalls import gap_of, suggestion, unmet
from consumer.documents.validation.wishes import RenderedFile, Wish

MOST_SUGGESTIONS = 30
HEADINGS_FROM = 3_000
"""Characters; a shorter text is a report without a heading, too."""


def give_verdict(
    seen: Seen, wish: Wish, files: Sequence[RenderedFile], opinion: Opinion | None
) -> ValidationResult:
    """Return the verdict; measures and rules decide, a judge only where they leave it open."""
    criteria = criteria_verdicts(seen, wish, opinion)
    format_match = _format_match(seen, wish)
    type_match = _type_match(seen, wish)
    gap = gap_type(seen, wish, criteria, format_match=format_match, type_match=type_match)
    errors = [finding for finding in seen.findings if finding.weight == "error"]
    unwritten = any(unmet(each) for each in seen.measured)
    met = not any(each.failed for each in criteria) and not unwritten and not errors
    suggestions = _suggestions(seen, wish, criteria, opinion, format_match)
    return ValidationResult(
        overall_success=met and format_match and type_match and gap == "no_gap",
        quality_score=_quality(seen, wish, criteria, opinion, (format_match, type_match)),
        data_type_match=type_match,
        format_match=format_match,
        document_count=seen.summary["statistics"]["documentCount"],
        criteria_mapping=criteria,
        gap_analysis=_analysis(seen, wish, criteria, opinion),
        gap_type=gap,
        structure_comparison=_comparison(seen, wish, files),
        improvement_suggestions=suggestions,
        validation_details=_details(seen),
    )


def criteria_verdicts(
    seen: Seen, wish: Wish, opinion: Opinion | None
) -> tuple[CriterionVerdict, ...]:
    """Decide each criterion by rules; of what they hold met or leave open a judge decides."""
    return tuple(_criterion(index, text, seen, opinion) for index, text in enumerate(wish.criteria))


def gap_type(
    seen: Seen,
    wish: Wish,
    criteria: Sequence[CriterionVerdict],
    *,
    format_match: bool,
    type_match: bool,
) -> GapType:
    """Return the gravest lack: the first in this order of which there is any."""
    unmet_kpis = [each for each in seen.measured if unmet(each)]
    weights = {finding.weight for finding in seen.findings}
    if seen.empty or any(not each.value for each in unmet_kpis):
        return "missing_data"
    if any(each.failed for each in criteria):
        return "missing_data"
    if not type_match or "error" in weights:
        return "wrong_structure"
    if not format_match or not same_language(wish.language, seen.facts.language):
        return "wrong_format"
    return "incomplete_data" if unmet_kpis or "gap" in weights else "no_gap"


def _criterion(index: int, text: str, seen: Seen, opinion: Opinion | None) -> CriterionVerdict:
    ruling = rule(text, seen.facts)
    judged = opinion.met[index] if opinion else None
    reason = opinion.reasons[index] if opinion else ""
    if seen.empty:
        return CriterionVerdict(index=index, criterion=text, met=False, reason="nothing is said")
    if ruling.met is False:
        return CriterionVerdict(index=index, criterion=text, met=False, reason=ruling.reason)
    if judged is not None:
        told = f"judge: {reason or ('met' if judged else 'not met')}"
        return CriterionVerdict(index=index, criterion=text, met=judged, reason=told)
    if ruling.met:
        return CriterionVerdict(index=index, criterion=text, met=True, reason=ruling.reason)
    told = (
        f"{NOT_CHECKED} in full: {ruling.reason}; no judge looked at the rest"
        if ruling.reason
        else f"{NOT_CHECKED}: no rule decides it, and no judge did"
    )
    return CriterionVerdict(index=index, criterion=text, met=False, reason=told)


def _format_match(seen: Seen, wish: Wish) -> bool:
    return not wish.format or wish.format.casefold() in seen.facts.formats


def _type_match(seen: Seen, wish: Wish) -> bool:
    """Data needs a table or list with something in it, reports need text, long ones headings."""
    totals = seen.facts.totals
    kind = wish.kind or ("data" if wish.format in ("xlsx", "csv") else None)
    if kind == "data":
        return totals["rows"] + totals["items"] > 0
    if kind is None:
        return not seen.empty
    short = totals["characters"] < HEADINGS_FROM
    return totals["texts"] > 0 and (totals["headings"] > 0 or short)


def _quality(
    seen: Seen,
    wish: Wish,
    criteria: Sequence[CriterionVerdict],
    opinion: Opinion | None,
    matches: tuple[bool, bool],
) -> float:
    if seen.empty:
        return 0.0
    reached = [
        min(1.0, max(0.0, each.progress)) for each in seen.measured if unmet(each) or each.met
    ]
    shares = {
        "criteria": met_share(criteria),
        "kpis": sum(reached) / len(reached) if reached else None,
        "structure": structure_share(seen.findings),
        "format": _form_share(seen, wish, matches[0]),
        "data_type": float(matches[1]),
    }
    return quality(shares, opinion.score if opinion else None)


def _form_share(seen: Seen, wish: Wish, format_match: bool) -> float | None:
    """Return 1 for the right format and language, 0 else; None where neither was to be checked."""
    if not wish.format and not (wish.language and seen.facts.language):
        return None
    return float(format_match and same_language(wish.language, seen.facts.language))


def _suggestions(
    seen: Seen,
    wish: Wish,
    criteria: Sequence[CriterionVerdict],
    opinion: Opinion | None,
    format_match: bool,
) -> tuple[str, ...]:
    said = [suggestion(each, seen.summary) for each in seen.measured if unmet(each)]
    said += [
        f"criterion not met: {each.criterion} ({each.reason})" for each in criteria if each.failed
    ]
    if seen.empty:
        said.append("write the document: it says nothing yet")
    if not format_match:
        said.append(f"render the document as {wish.format}")
    if not same_language(wish.language, seen.facts.language):
        said.append(f"write in {wish.language!r}; the text is in {seen.facts.language!r}")
    heavy = sorted(seen.findings, key=lambda finding: finding.weight != "error")
    said += [finding.suggestion for finding in heavy if finding.suggestion]
    said += opinion.suggestions if opinion else ()
    return tuple(dict.fromkeys(said))[:MOST_SUGGESTIONS]


def _analysis(
    seen: Seen, wish: Wish, criteria: Sequence[CriterionVerdict], opinion: Opinion | None
) -> str:
    failed = [f"{each.criterion}: {each.reason}" for each in criteria if each.failed]
    if wish.format and not _format_match(seen, wish):
        failed.append(f"no file is {wish.format}")
    if not same_language(wish.language, seen.facts.language):
        failed.append(f"the text is in {seen.facts.language!r}, not in {wish.language!r}")
    if not _type_match(seen, wish):
        failed.append(f"the content does not fit {wish.kind or wish.format or 'a document'}")
    failed += [suggestion(each, seen.summary) for each in seen.measured if unmet(each)]
    failed += [str(finding) for finding in seen.findings if finding.weight != "remark"][:5]
    failed += [opinion.analysis] if opinion and opinion.analysis else []
    return "; ".join(failed)


def _comparison(seen: Seen, wish: Wish, files: Sequence[RenderedFile]) -> StructureComparison:
    required: dict[str, Any] = {
        "format": wish.format,
        "language": wish.language,
        "kind": wish.kind,
        "kpis": {each.kpi.id: each.kpi.target_value for each in seen.measured},
    }
    found = {
        **seen.summary,
        "files": [{"name": file.name, "mimeType": file.mime_type} for file in files],
        "language": seen.facts.language,
        "kpis": {each.kpi.id: each.value for each in seen.measured},
    }
    missing = {each.kpi.id: gap_of(each) for each in seen.measured if unmet(each)}
    unmeasured = {
        each.kpi.id: each.reason for each in seen.measured if not each.met and not unmet(each)
    }
    gap = {"kpis": missing, "notMeasured": unmeasured}
    return StructureComparison(
        required={name: value for name, value in required.items() if value},
        found=found,
        gap={name: value for name, value in gap.items() if value},
    )


def _details(seen: Seen) -> tuple[DocumentFindings, ...]:
    """Return the findings of each document that has any."""
    by_document: dict[int, list[Finding]] = {}
    for finding in seen.findings:
        by_document.setdefault(finding.place.document, []).append(finding)
    metadata = seen.summary["metadata"]
    name = str(metadata.get("filename") or metadata.get("title") or "")
    return tuple(
        DocumentFindings(
            document_name=name if name and number == 0 else str(Place(number)),
            issues=tuple(map(str, found)),
            suggestions=tuple(dict.fromkeys(each.suggestion for each in found if each.suggestion)),
        )
        for number, found in sorted(by_document.items())
    )
