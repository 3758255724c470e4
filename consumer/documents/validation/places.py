"""Where something is wrong in a document, and what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Weight = Literal["error", "gap", "remark"]
"""An error spoils the structure, a gap means that something is not whole, a remark is neither."""


@dataclass(frozen=True, slots=True)
class Place:
    """A document, one of its sections, one of that section's elements; counted from 0."""

    document: int
    section: int | None = None
    element: int | None = None
    title: str = ""

    def __str__(self) -> str:
        """Return the place as it is told to people: counted from 1."""
        told = f"document {self.document + 1}"
        if self.section is not None:
            named = f" '{self.title}'" if self.title else ""
            told += f", section {self.section + 1}{named}"
        if self.element is not None:
            told += f", element {self.element + 1}"
        return told


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: where, what, how it weighs, and what would mend it."""

    place: Place
    issue: str
    weight: Weight
    suggestion: str = ""

    def __str__(self) -> str:
        """Return place and fault in one line."""
        return f"{self.place}: {self.issue}"


class Findings:
    """Collects faults; of each kind the first ones are kept, the others counted."""

    MOST = 20

    def __init__(self) -> None:
        self._kept: list[Finding] = []
        self._seen: dict[str, int] = {}
        self._last: dict[str, Finding] = {}

    def add(self, kind: str, finding: Finding) -> None:
        """Keep a fault, or count it where there are enough of its kind."""
        seen = self._seen[kind] = self._seen.get(kind, 0) + 1
        if seen <= self.MOST:
            self._kept.append(finding)
        else:
            self._last[kind] = finding

    def told(self) -> tuple[Finding, ...]:
        """Return what was kept and, for each kind with more, how many more there are."""
        more = [
            Finding(
                last.place,
                f"this and {self._seen[kind] - self.MOST - 1} more like it: {last.issue}",
                last.weight,
                last.suggestion,
            )
            for kind, last in self._last.items()
        ]
        return (*self._kept, *more)
