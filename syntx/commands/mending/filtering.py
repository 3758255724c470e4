"""Conditions on failures as an operator writes them: `reason=timeout`, `score<40`, `since=2h`."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase

import click

from syntx.commands.times import moment_of
from syntx.observing.failures_reading import Failure

TEXTS = (
    "reason", "kind", "outcome", "message", "topic", "category", "style", "wrapper", "model",
    "source",
)  # fmt: skip
"""What is compared as text; a shell pattern will do, and `-` means that it is not known."""
MOMENTS = ("since", "until")
NUMBERS = ("score",)

_WRITTEN = re.compile(r"\s*(\w+)\s*(<=|>=|=|<|>)\s*(.*?)\s*", re.DOTALL)
_SIGNS = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition; `text` is how it was written."""

    text: str
    name: str
    sign: str
    value: str | float | datetime


def read_condition(text: str, now: datetime) -> Condition:
    """Read a condition; raises ValueError that says what there is instead."""
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no NAME=VALUE")
    name, sign, value = match.groups()
    if name in NUMBERS:
        return Condition(text, name, sign, _number(value))
    if name not in TEXTS + MOMENTS:
        known = ", ".join((*TEXTS, *MOMENTS, *NUMBERS))
        raise ValueError(f"there is no {name!r} to filter by; there are: {known}")
    if sign != "=":
        raise ValueError(f"{name} can only be compared with =")
    return Condition(text, name, sign, _moment(value, now) if name in MOMENTS else value)


def meets(failure: Failure, condition: Condition) -> bool:
    """Whether a failure is as the condition says; a score that there is not is none."""
    name, value = condition.name, condition.value
    if isinstance(value, datetime):
        return failure.at >= value if name == "since" else failure.at < value
    if isinstance(value, float):
        return failure.score is not None and bool(_SIGNS[condition.sign](failure.score, value))
    found: str | None = getattr(failure, name)
    if found is None:
        return value == "-"
    return found == value or fnmatchcase(found, value)


def read_conditions(
    ctx: click.Context, param: click.Parameter, value: tuple[str, ...]
) -> tuple[Condition, ...]:
    """Read the values of an option; what is no condition is wrong usage."""
    now = datetime.now(UTC)
    try:
        return tuple(read_condition(text, now) for text in value)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param) from error


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError as error:
        raise ValueError(f"{value!r} is no number") from error


def _moment(value: str, now: datetime) -> datetime:
    try:
        return moment_of(value, now)
    except ValueError as error:
        raise ValueError(f"{value!r} is no time; 2h, 3d and 2026-11-20T19:30 are") from error
