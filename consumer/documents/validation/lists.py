"""What is wrong with lists: nothing in them, items that say nothing, items that stand twice."""

from __future__ import annotations

from typing import Any

from consumer.documents.validation.places import Finding, Findings, Place
from consumer.documents.validation.texts import report_placeholder
from consumer.documents.validation.visiting import Element, Visitor

MOST_REMEMBERED = 10_000
_LEAST_REPEATED = 12


class ListChecks(Visitor):
    """Checks each list by its items as they come."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._seen: set[str] = set()

    def item(self, place: Place, number: int, item: Any) -> None:
        """See whether an item says something new."""
        text = _text(item)
        if text is None:
            self._report("odd", place, f"item {number + 1} is neither text nor an object", "error")
        elif not text.strip() and not _has_items(item):
            self._report("blank", place, f"item {number + 1} is empty", "gap")
        else:
            report_placeholder(self._findings, place, text, f"item {number + 1}")
            self._remember(place, number, " ".join(text.split()).casefold())

    def element(self, place: Place, element: Element) -> None:
        """Report a list that has no items."""
        if "items" in element.odd:
            self._report("odd", place, "items are no list", "error")
        elif element.items == 0:
            self._report("empty", place, "list without items", "gap")
        self._seen.clear()

    def _remember(self, place: Place, number: int, text: str) -> None:
        if len(text) < _LEAST_REPEATED:
            return
        if text in self._seen:
            self._report("twice", place, f"item {number + 1} repeats an earlier one", "remark")
        elif len(self._seen) < MOST_REMEMBERED:
            self._seen.add(text)

    def _report(self, kind: str, place: Place, issue: str, weight: Any) -> None:
        mend = f"{place}: mend the list ({issue})"
        self._findings.add(f"list {kind}", Finding(place, issue, weight, mend))


def _text(item: Any) -> str | None:
    """Return what an item says; None when it is of no known shape."""
    if isinstance(item, dict):
        text = item.get("text", "")
        return text if isinstance(text, str) else None
    if isinstance(item, (str, int, float)):
        return str(item)
    return None


def _has_items(item: Any) -> bool:
    return isinstance(item, dict) and bool(item.get("items"))
