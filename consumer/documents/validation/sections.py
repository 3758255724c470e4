"""What is wrong with sections: ids and orders twice, nothing inside, a type that does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from consumer.documents.generation.models import CONTENT_TYPES
from consumer.documents.validation.places import Finding, Findings, Place
from consumer.documents.validation.visiting import Element, Visitor

MOST_REMEMBERED = 500_000
_BARE = ("page_break", "image")
"""Types that may have no elements, or elements without a word."""


class SectionChecks(Visitor):
    """Checks the fields of each section, and whether its elements are of its type."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._ids: dict[str, int] = {}
        self._orders: dict[Any, int] = {}
        self._kinds: set[str] = set()
        self._says = False

    def begin_document(self, place: Place) -> None:
        """Begin a document: ids and orders count within it."""
        self._ids, self._orders = {}, {}

    def begin_section(self, place: Place) -> None:
        """Begin a section."""
        self._kinds, self._says = set(), False

    def element(self, place: Place, element: Element) -> None:
        """Note what the section holds."""
        self._kinds |= {"table"} if element.rows is not None or "rows" in element.odd else set()
        self._kinds |= {"list"} if element.items is not None or "items" in element.odd else set()
        texts = (value for value in element.values.values() if isinstance(value, str))
        self._says = self._says or bool(self._kinds) or any(text.strip() for text in texts)

    def section(self, place: Place, head: Mapping[str, Any], elements: int) -> None:
        """Check a section that is complete."""
        kind = head.get("content_type")
        self._identity(place, head)
        if not isinstance(kind, str) or not kind:
            self._report("type", place, "section without content_type", "error")
        elif kind not in CONTENT_TYPES:
            self._report("type", place, f"unknown content type {kind[:40]!r}", "remark")
        elif kind in ("table", "list") and elements and kind not in self._kinds:
            key = "rows" if kind == "table" else "items"
            self._report("fit", place, f"{kind} section whose elements have no {key}", "error")
        if kind not in _BARE and not self._says and kind != "heading":
            self._report("empty", place, "section without content", "gap")

    def end_document(self, place: Place, sections: int) -> None:
        """Report a document that has no sections."""
        if not sections:
            self._report("empty", place, "document without sections", "gap")

    def _identity(self, place: Place, head: Mapping[str, Any]) -> None:
        name, order = head.get("id"), head.get("order")
        if not isinstance(name, str) or not name:
            self._report("id", place, "section without id", "error")
        elif (first := self._remembered(self._ids, name, place)) is not None:
            said = f"id {name[:60]!r} stands in section {first + 1} already"
            self._report("id", place, said, "error")
        # 0 is what a section has whose author gave none.
        if order and (first := self._remembered(self._orders, order, place)) is not None:
            said = f"order {order!r} stands in section {first + 1} already"
            self._report("order", place, said, "error")

    @staticmethod
    def _remembered(seen: dict[Any, int], key: Any, place: Place) -> int | None:
        """Return the section that had the key before, and remember it where none had."""
        if key in seen:
            return seen[key]
        if len(seen) < MOST_REMEMBERED:
            seen[key] = place.section or 0
        return None

    def _report(self, kind: str, place: Place, issue: str, weight: Any) -> None:
        mend = f"{place}: {issue}; mend it"
        self._findings.add(f"section {kind}", Finding(place, issue, weight, mend))
