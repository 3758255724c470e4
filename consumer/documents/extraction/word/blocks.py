"""Paragraphs and tables of a DOCX story (body, header, note …) in their order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from consumer.documents.extraction.charts import graphic
from consumer.documents.extraction.finding import Finding, table, text
from consumer.documents.extraction.ooxml import Package, Relation, attribute, elements, local
from consumer.documents.extraction.word.paragraphs import words_of

_WRAPPERS = frozenset(
    {"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "AlternateContent", "Choice"}
)


@dataclass
class Story:
    """One story being read: where its relations point, and how its tables are counted."""

    package: Package
    relations: dict[str, Relation]
    levels: Mapping[str, int]
    label: str
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def findings(self, root: Any) -> Iterator[Finding]:
        """Yield runs of text, and the tables and charts between them."""
        lines: list[str] = []
        for block in blocks(root):
            if local(block) == "p":
                line, apart = self._paragraph(block)
                lines.append(line)
                if not apart:
                    continue
            else:
                apart = [self._table(block)]
            yield from text(self.label, "\n".join(lines))
            lines = []
            for one in apart:
                yield from one
        yield from text(self.label, "\n".join(lines))

    def _paragraph(self, paragraph: Any) -> tuple[str, list[Iterator[Finding]]]:
        """The line of a paragraph, and what stands apart from it: boxes and graphics."""
        words = words_of(paragraph, self.relations)
        apart = [self.findings(box) for box in words.boxes]
        apart += [
            graphic(self.package, one.getparent(), self.relations, f"in {self.label}")
            for one in words.graphics
        ]
        return self._mark(paragraph) + words.text if words.text else "", apart

    def _mark(self, paragraph: Any) -> str:
        """What makes a line a heading or an item of a list, as in Markdown."""
        for settings in (one for one in elements(paragraph) if local(one) == "pPr"):
            told = {local(one): one for one in elements(settings)}
            style = attribute(told["pStyle"], "val") if "pStyle" in told else None
            level = self.levels.get(style or "", 0)
            if level:
                return "#" * level + " "
            if "numPr" in told or "list" in (style or "").lower():
                return "- "
        return ""

    def _table(self, element: Any, number: str = "") -> Iterator[Finding]:
        """Yield a table, then those inside its cells, numbered below it."""
        number = number or str(next(self.numbers))
        inner: list[Any] = []
        boxes: list[Iterator[Finding]] = []
        rows = [self._row(row, inner, boxes) for row in every_row(element)]
        yield from table(f"table {number} in {self.label}", rows)
        for below, one in enumerate(inner, 1):
            yield from self._table(one, f"{number}.{below}")
        for box in boxes:
            yield from box

    def _row(self, row: Any, inner: list[Any], boxes: list[Iterator[Finding]]) -> list[str]:
        cells: list[str] = []
        for cell in _unwrapped(row, "tc"):
            lines: list[str] = []
            for block in blocks(cell):
                if local(block) == "tbl":
                    inner.append(block)
                    continue
                line, apart = self._paragraph(block)
                lines.append(line)
                boxes.extend(apart)
            cells.append("\n".join(lines).strip())
            cells.extend([""] * (_span(cell) - 1))
        return cells


def blocks(root: Any) -> Iterator[Any]:
    """Yield the paragraphs and tables right below, through content controls and insertions."""
    return _unwrapped(root, "p", "tbl")


def every_row(element: Any) -> Iterator[Any]:
    """Yield the rows of a table that were not deleted."""
    for row in _unwrapped(element, "tr"):
        marks = (local(mark) for one in elements(row) if local(one) == "trPr" for mark in one)
        if "del" not in marks:
            yield row


def _unwrapped(root: Any, *names: str) -> Iterator[Any]:
    stack = list(elements(root))[::-1]
    while stack:
        element = stack.pop()
        if local(element) in names:
            yield element
        elif local(element) in _WRAPPERS:
            stack.extend(list(elements(element))[::-1])


def _span(cell: Any) -> int:
    for settings in (one for one in elements(cell) if local(one) == "tcPr"):
        for one in (one for one in elements(settings) if local(one) == "gridSpan"):
            told = attribute(one, "val") or ""
            return min(int(told), 1000) if told.isdigit() else 1
    return 1
