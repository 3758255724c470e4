"""Going through a document once, and noting all a verdict needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from consumer.documents.generation.kpis import Measured, measure
from consumer.documents.generation.models import UnifiedJsonDocument
from consumer.documents.validation.counting import Counter
from consumer.documents.validation.criteria import Facts, names_in
from consumer.documents.validation.formats import formats_of
from consumer.documents.validation.languages import Reading
from consumer.documents.validation.mentions import Mentions
from consumer.documents.validation.places import Finding, Findings, Place
from consumer.documents.validation.plain import plain
from consumer.documents.validation.registry import CHECKS, Checks
from consumer.documents.validation.streaming import BrokenFile, events_in
from consumer.documents.validation.structure import Structure
from consumer.documents.validation.walking import events_of, walk
from consumer.documents.validation.wishes import RenderedFile, Wish

Document = UnifiedJsonDocument | Path
"""In memory, or a JSON file, which is read as a stream."""


@dataclass(frozen=True, slots=True)
class Seen:
    """All that was found in a document; `empty` means that it says nothing at all."""

    facts: Facts
    measured: tuple[Measured, ...]
    findings: tuple[Finding, ...]
    summary: Mapping[str, Any]
    empty: bool


def summarize(document: Document) -> dict[str, Any]:
    """Return the structure of a document: counts, headers and titles, and no text.

    Raises BrokenFile for a file that is no whole JSON.
    """
    structure = Structure()
    value = _value(document)
    walk(events_in(value) if isinstance(value, Path) else events_of(value), [structure])
    return structure.summary()


def look(
    document: Document, wish: Wish, files: Sequence[RenderedFile], checks: Checks = CHECKS
) -> Seen:
    """Go through a document once; what cannot be read to its end is a finding."""
    structure, counter, reading, findings = Structure(), Counter(wish.kpis), Reading(), Findings()
    mentions = Mentions(name for text in wish.criteria for name in names_in(text))
    visitors = [
        structure,
        counter,
        reading,
        mentions,
        *(make(findings) for make in checks.values()),
    ]
    value = _value(document)
    asked = wish.format.casefold() if wish.format else None
    broken: tuple[Finding, ...] = ()
    try:
        walk(events_in(value) if isinstance(value, Path) else events_of(value), visitors)
    except (BrokenFile, RecursionError) as error:
        told = str(error) if isinstance(error, BrokenFile) else "it is nested too deeply"
        broken = (Finding(Place(0), told, "error", "write the whole document anew"),)
    streamed = isinstance(value, Path)
    return Seen(
        facts=Facts(structure.totals, mentions, formats_of(files), reading.language(), asked),
        measured=counter.measured() if streamed else measure(value, wish.kpis),
        findings=(*broken, *findings.told()),
        summary=structure.summary(),
        empty=structure.empty,
    )


def _value(document: Document) -> Any:
    """Return a document in memory as plain JSON, a file as it is."""
    if isinstance(document, Path):
        return document
    return plain(document.model_dump(by_alias=True, exclude_none=True))
