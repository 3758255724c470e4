"""Key figures of a document: measured from its data, compared with what was wanted.

Measured values rule. What a model says of its own progress (`said_percent`) is recorded, and
decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from consumer.documents.generation.models import KpiDefinition
from consumer.documents.needing import need
from syntx.errors import BadRequest

Status = Literal["continue", "done", "error", "stalled"]
Measure = int | float | str

_PERCENT = re.compile(r"(?<![\w.,-])(\d{1,3})(?:[.,]\d+)?\s*(?:%|percent\b|prozent\b)", re.I)
_ALONE = re.compile(r"\s*(\d{1,3})(?:\.\d+)?\s*\Z")


@dataclass(frozen=True, slots=True)
class Measured:
    """A key figure and its value now; `progress` is value by target, 0..1 and beyond.

    `reason` is empty, or says why the value is 0.
    """

    kpi: KpiDefinition
    value: Measure
    progress: float
    met: bool
    reason: str = ""

    def kept(self) -> KpiDefinition:
        """Return the definition with the value as its current one."""
        return self.kpi.model_copy(update={"current_value": self.value})


@dataclass(frozen=True, slots=True)
class Progress:
    """What the latest figures say about going on, and why."""

    status: Status
    reason: str


def measure(document: Any, kpis: Sequence[KpiDefinition]) -> tuple[Measured, ...]:
    """Measure each figure: lists count by length, several matches add up, no match is 0.

    `document` is parsed JSON. Raises MissingExtra without `python-jsonpath`.
    """
    return tuple(_measured(document, kpi) for kpi in kpis)


def check_path(path: str) -> None:
    """Raise BadRequest where a JSONPath cannot be read."""
    jsonpath = need("jsonpath", "measuring key figures")
    try:
        jsonpath.compile(path)
    except jsonpath.JSONPathError as error:
        raise BadRequest(
            f"the JSONPath {path!r} of a key figure cannot be read: {str(error).splitlines()[0]}",
            fix="write it as in $.documents[0].sections[?(@.content_type=='table')].elements",
        ) from error


def progression(
    previous: Mapping[str, Measure] | None, current: Sequence[Measured], grown: int = 0
) -> Progress:
    """Say whether to go on: any fall is an error, all targets met is done, no rise is a stall.

    `previous` holds values by id; None or an unknown id is a first step, which never fails.
    `grown` counts the items that were added to the document besides.
    """
    before = previous or {}
    for one in current:
        last = before.get(one.kpi.id)
        if _number(last) is not None and (_number(one.value) or 0) < (_number(last) or 0):
            return Progress("error", f"{one.kpi.id} fell from {last} to {one.value}")
    if current and all(one.met for one in current):
        return Progress("done", "all targets are met")
    risen = [one for one in current if _rise(before.get(one.kpi.id), one) > 0]
    if risen:
        told = ", ".join(f"{one.kpi.id} is {one.value}" for one in risen)
        return Progress("continue", told)
    if previous is None:
        return Progress("continue", "first step")
    if grown > 0:
        return Progress("continue", f"{grown} more items")
    return Progress("stalled", "nothing was added")


def said_percent(text: str) -> int | None:
    """Return the percentage, 0 to 100, that a model says: "45 %", "45 percent", "45"; else None."""
    found = _ALONE.match(text) or _PERCENT.search(text)
    if found is None or int(found[1]) > 100:
        return None
    return int(found[1])


def _measured(document: Any, kpi: KpiDefinition) -> Measured:
    jsonpath = need("jsonpath", "measuring key figures")
    try:
        found = jsonpath.findall(kpi.json_path, document)
    except (jsonpath.JSONPathError, RecursionError) as error:
        return _none(kpi, f"the path cannot be read: {str(error).splitlines()[0]}")
    if not found:
        return _none(kpi, "the path finds nothing")
    if isinstance(kpi.target_value, str) and _number(kpi.target_value) is None:
        return _compared(kpi, found)
    value = _tidy(sum(_amount(one) for one in found))
    target = _number(kpi.target_value) or 0.0
    progress = value / target if target > 0 else 1.0
    return Measured(kpi, value, progress, met=value >= target - kpi.tolerance)


def _none(kpi: KpiDefinition, reason: str) -> Measured:
    target = _number(kpi.target_value)
    met = target is not None and target - kpi.tolerance <= 0
    return Measured(kpi, 0, 1.0 if met else 0.0, met, reason)


def _compared(kpi: KpiDefinition, found: Sequence[Any]) -> Measured:
    """Measure a figure whose target is a word: met where it is found."""
    words = [str(one) for one in found if not isinstance(one, (dict, list))]
    met = kpi.target_value in words
    value = str(kpi.target_value) if met else (words[0] if words else "")
    reason = "" if met else f"found {value!r}, not {kpi.target_value!r}"
    return Measured(kpi, value, float(met), met, reason)


def _amount(found: Any) -> float:
    """Return what one match is worth: a number itself, a list its length, an object or text one."""
    if isinstance(found, dict):
        return 1.0
    if isinstance(found, list):
        return len(found)
    if found is None or isinstance(found, bool):
        return float(bool(found))
    number = _number(found)
    if number is not None:
        return number
    return 1.0 if str(found).strip() else 0.0


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if abs(number) < float("inf") else None


def _tidy(value: float) -> int | float:
    return int(value) if value == int(value) else value


def _rise(last: Measure | None, one: Measured) -> float:
    """Return how far a figure rose, in items or points (a hundredth of the target)."""
    now, then = _number(one.value), _number(last)
    if now is None:
        return float(one.met and last != one.value)
    step = now - (then or 0.0)
    target = _number(one.kpi.target_value) or 0.0
    return step if step >= 1 or (target > 0 and step / target >= 0.01) else 0.0
