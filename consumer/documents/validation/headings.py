"""What is wrong with headings: empty ones, levels left out, nothing below them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from consumer.documents.validation.places import Finding, Findings, Place
from consumer.documents.validation.visiting import Element, Visitor

LEVELS = range(1, 7)


class HeadingChecks(Visitor):
    """Checks headings in their order, a document at a time."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._open: tuple[Place, int, str] | None = None
        self._level: int | None = None

    def begin_document(self, place: Place) -> None:
        """Begin a document: no heading was met yet."""
        self._open = self._level = None

    def element(self, place: Place, element: Element) -> None:
        """Take a heading, or what stands below one."""
        if "level" not in element.values:
            if element.rows or element.items or any(element.values.values()):
                self._open = None
            return
        text, level = element.values.get("text"), element.values["level"]
        if not isinstance(text, str) or not text.strip():
            self._report("empty", place, "heading without text", "gap")
        if isinstance(level, bool) or not isinstance(level, int) or level not in LEVELS:
            self._report("level", place, f"heading of level {level!r}, not 1 to 6", "remark")
            return
        self._after(place, level, text if isinstance(text, str) else "")

    def section(self, place: Place, head: Mapping[str, Any], elements: int) -> None:
        """Report a section that is a heading by its type, and has none."""
        if head.get("content_type") == "heading" and not elements:
            self._report("empty", place, "heading without text", "gap")

    def end_document(self, place: Place, sections: int) -> None:
        """Report a last heading that nothing follows."""
        if self._open is not None:
            self._hollow(*self._open)

    def _after(self, place: Place, level: int, text: str) -> None:
        if self._level is not None and level > self._level + 1:
            said = f"heading level jumps from {self._level} to {level}"
            self._report("jump", place, said, "remark")
        if self._open is not None and level <= self._open[1]:
            self._hollow(*self._open)
        self._level = level
        self._open = (place, level, text)

    def _hollow(self, place: Place, level: int, text: str) -> None:
        self._report("hollow", place, f"nothing stands below the heading {text[:60]!r}", "gap")

    def _report(self, kind: str, place: Place, issue: str, weight: Any) -> None:
        mend = f"{place}: {issue}; write it, or leave the heading out"
        self._findings.add(f"heading {kind}", Finding(place, issue, weight, mend))
