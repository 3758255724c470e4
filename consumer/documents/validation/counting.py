"""Measures of a document counted as it streams by, without JSONPath over the whole.

Counted are these paths; others need the document in memory::

    $.documents                                    $.documents[D].sections
    $.documents[D].sections[S]                     $.documents[D].sections[S].elements
    $.documents[D].sections[S].elements[E].rows    $.documents[D].sections[S].elements[E].items
    $..rows   $..items   $.metadata.NAME

D and E are a number or `*`; S is a number, `*`, or `?(@.FIELD=='VALUE')` with the field
content_type, title or id. `.*` may be written for `[*]`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from consumer.documents.generation.kpis import Measured, measure
from consumer.documents.generation.models import KpiDefinition
from consumer.documents.validation.places import Place
from consumer.documents.validation.visiting import Element, Visitor

NOT_COUNTED = "the path cannot be counted in a document of this size"
_INDEX = r"\[(\*|\d+)\]"
_FILTER = r"\?\s*\(?\s*@\.(content_type|title|id)\s*==\s*(?:'([^']*)'|\"([^\"]*)\")\s*\)?\s*"
_PATH = re.compile(
    rf"\$\.documents(?:{_INDEX}\.sections(?:\[(\*|\d+|{_FILTER})\]"
    rf"(?:\.(elements)(?:{_INDEX}\.(rows|items))?)?)?)?\Z"
)
_ANYWHERE = re.compile(r"\$\.\.(rows|items)\Z")
_METADATA = re.compile(r"\$\.metadata\.[A-Za-z_]\w*\Z")


@dataclass(frozen=True, slots=True)
class Counted:
    """What a path counts, and where: None is everywhere."""

    what: str
    document: int | None = None
    section: int | None = None
    element: int | None = None
    field: str = ""
    value: str = ""

    def inside(self, place: Place) -> bool:
        """Return whether the path looks at a document or section, its fields aside."""
        return self.document in (None, place.document) and self.section in (None, place.section)

    def of(self, head: Mapping[str, Any]) -> bool:
        """Return whether the path looks at sections with such fields."""
        return not self.field or head.get(self.field) == self.value


def read_path(path: str) -> Counted | None:
    """Return what a path counts, or None if it cannot be counted as the document streams by."""
    plain = re.sub(r"\.\*(?=[.\[]|\Z)", "[*]", path.strip())
    if _METADATA.match(plain):
        return Counted("metadata")
    if anywhere := _ANYWHERE.match(plain):
        return Counted(anywhere[1])
    found = _PATH.match(plain)
    if found is None:
        return None
    document, section, field, single, double, elements, element, last = found.groups()
    inner = "section" if section else "sections" if document else "documents"
    what = last or elements or inner
    return Counted(
        what=what,
        document=_index(document),
        section=None if field else _index(section),
        element=_index(element),
        field=field or "",
        value=(single if single is not None else double) or "",
    )


class Counter(Visitor):
    """Counts what measures look at; `measured()` tells the values when all was seen."""

    def __init__(self, kpis: Sequence[KpiDefinition]) -> None:
        self._kpis = tuple(kpis)
        self._paths = [read_path(kpi.json_path) for kpi in kpis]
        self._counts: list[int | None] = [None for _ in kpis]
        self._pending: list[int | None] = [None for _ in kpis]
        self._metadata: dict[str, Any] = {}

    def metadata(self, values: Mapping[str, Any]) -> None:
        """Keep the metadata, which is measured as it is."""
        self._metadata = dict(values)

    def begin_document(self, place: Place) -> None:
        """Count a document."""
        for number, _ in self._counting("documents"):
            _add(self._counts, number, 1)

    def begin_section(self, place: Place) -> None:
        """Begin a section, whose fields may be told after its elements."""
        self._pending = [None for _ in self._kpis]

    def element(self, place: Place, element: Element) -> None:
        """Count the rows and items of an element, where a path looks at it."""
        for number, path in self._counting("rows", "items"):
            amount = element.rows if path.what == "rows" else element.items
            if amount is not None and path.element in (None, place.element):
                _add(self._pending, number, amount)

    def section(self, place: Place, head: Mapping[str, Any], elements: int) -> None:
        """Add the section or what it held, where a path looks at such a section."""
        known = {"section": 1, "elements": elements}
        for number, path in self._counting("rows", "items", "elements", "section"):
            amount = known.get(path.what, self._pending[number])
            if amount is not None and path.inside(place) and path.of(head):
                _add(self._counts, number, amount)

    def end_document(self, place: Place, sections: int) -> None:
        """Count the sections of a document."""
        for number, path in self._counting("sections"):
            if path.document in (None, place.document):
                _add(self._counts, number, sections)

    def measured(self) -> tuple[Measured, ...]:
        """Return each measure; one whose path cannot be counted says so in its reason."""
        return tuple(self._measured(number) for number in range(len(self._kpis)))

    def _counting(self, *what: str) -> list[tuple[int, Counted]]:
        return [
            (number, path)
            for number, path in enumerate(self._paths)
            if path is not None and path.what in what
        ]

    def _measured(self, number: int) -> Measured:
        kpi, path, count = self._kpis[number], self._paths[number], self._counts[number]
        if path is None:
            return Measured(kpi, 0, 0.0, met=False, reason=NOT_COUNTED)
        if path.what == "metadata":
            return measure({"metadata": self._metadata}, [kpi])[0]
        # What was counted is judged like any other measure: as a number that a path finds.
        found = {} if count is None else {"count": count}
        judged = measure(found, [kpi.model_copy(update={"json_path": "$.count"})])[0]
        return replace(judged, kpi=kpi)


def _add(counts: list[int | None], number: int, amount: int) -> None:
    counts[number] = (counts[number] or 0) + amount


def _index(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None
