"""What is wrong with tables: ragged rows, no rows, headers that say nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from consumer.documents.validation.places import Finding, Findings, Place
from consumer.documents.validation.texts import placeholder_in, report_placeholder
from consumer.documents.validation.visiting import Element, Visitor

MOST_NAMED = 5
"""Rows a finding names by number."""


class TableChecks(Visitor):
    """Checks each table by its header line and its rows as they come."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._begin()

    def headers(self, place: Place, cells: Sequence[Any]) -> None:
        """Take the header line: names that are there, each once."""
        self._width = len(cells)
        names = [str(cell).strip() if cell is not None else "" for cell in cells]
        twice = [name for name, count in Counter(names).items() if name and count > 1]
        if twice:
            self._report("headers", place, f"header {twice[0]!r} stands there twice", "remark")
        if names and not all(names):
            self._report("headers", place, f"header {names.index('') + 1} is empty", "remark")
        for name in names:
            report_placeholder(self._findings, place, name, "header")

    def row(self, place: Place, number: int, cells: Any) -> None:
        """Count a row by its width, and see whether it says anything."""
        if not isinstance(cells, list):
            self._note(self._odd, number)
            return
        self._widths[len(cells)] += 1
        if len(self._widths) <= 2 or self._widths[len(cells)] <= MOST_NAMED:
            self._first.setdefault(len(cells), []).append(number + 1)
            del self._first[len(cells)][MOST_NAMED:]
        if not any(_says(cell) for cell in cells):
            self._note(self._blank, number)
        if placeholder_in(said := " | ".join(filter(_is_text, cells))) is not None:
            report_placeholder(self._findings, place, said, f"row {number + 1}")

    def element(self, place: Place, element: Element) -> None:
        """Report what is wrong with a table that is complete."""
        if element.rows is not None or element.headers or "rows" in element.odd:
            self._judge(place, element)
        self._begin()

    def _begin(self) -> None:
        self._width = 0
        self._widths: Counter[int] = Counter()
        self._first: dict[int, list[int]] = {}
        self._blank: list[int] = [0]
        self._odd: list[int] = [0]

    def _judge(self, place: Place, element: Element) -> None:
        if "rows" in element.odd:
            self._report("rows", place, "rows are no list", "error")
        elif not element.rows:
            self._report("empty", place, "table without rows", "gap")
        elif not element.columns:
            self._report("empty", place, "table without columns", "error")
        self._judge_widths(place)
        if self._blank[0]:
            said = f"{_counted(self._blank)} empty"
            self._report("blank", place, said, "remark")
        if self._odd[0]:
            self._report("odd", place, f"{_counted(self._odd)} no list of cells", "error")

    def _judge_widths(self, place: Place) -> None:
        if not self._widths:
            return
        expected = self._width or self._widths.most_common(1)[0][0]
        ragged = {width: count for width, count in self._widths.items() if width != expected}
        for width, count in sorted(ragged.items())[:MOST_NAMED]:
            rows = ", ".join(map(str, self._first.get(width, ())))
            more = f" and {count - MOST_NAMED} more" if count > MOST_NAMED else ""
            said = f"ragged table: row {rows}{more} with {width} of {expected} cells"
            self._report("ragged", place, said, "error")

    def _report(self, kind: str, place: Place, issue: str, weight: Any) -> None:
        mend = f"{place}: mend the table ({issue})"
        self._findings.add(f"table {kind}", Finding(place, issue, weight, mend))

    @staticmethod
    def _note(noted: list[int], number: int) -> None:
        """Count a row at the front of a list, and add its number while there are few."""
        noted[0] += 1
        if len(noted) <= MOST_NAMED:
            noted.append(number + 1)


def _counted(noted: list[int]) -> str:
    rows = ", ".join(map(str, noted[1:]))
    more = noted[0] - len(noted) + 1
    return f"row {rows}{f' and {more} more' if more else ''}:"


def _is_text(cell: Any) -> bool:
    return isinstance(cell, str)


def _says(cell: Any) -> bool:
    return cell is not None and cell != "" and (not isinstance(cell, str) or bool(cell.strip()))
