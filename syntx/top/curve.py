"""The scores of the generations as a chart of characters (pure)."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from syntx.top.panels import CONTROL, DIM, STEERED
from syntx.top.signs import Signs
from syntx.top.view import Generation

_AXIS = 5
_WIDEST = 4
"""Cells between two generations where there is room."""


def curve(found: Sequence[Generation], width: int, rows: int, signs: Signs) -> list[Text]:
    """Draw the newest generations that there is room for, in `rows` lines with the legend.

    The steered and the control arm have marks of their own; a generation without arms shows its
    mean as control, which is what exploring is. Without any generation there are no lines.
    """
    chart, room = rows - 1, width - _AXIS - 1
    shown = list(found[-max(1, room) :]) if room > 0 else []
    if not shown:
        return []
    if chart < 1:
        return [_legend(shown, signs)][: max(0, rows)]
    apart = min(_WIDEST, (room - 1) / max(1, len(shown) - 1))
    low, high = _bounds(shown)
    lines = []
    for row in range(chart):
        top = row == 0
        number = high if top else low if row == chart - 1 else None
        axis = f"{'' if number is None else number:>{_AXIS - 1}} {signs.bar}"
        line = Text(axis, DIM)
        for place, each in enumerate(shown):
            line.append(" " * (_AXIS + 1 + int(place * apart) - len(line)))
            line.append_text(_cell(each, chart - 1 - row, (low, high, chart), signs))
        lines.append(line)
    return [*lines, _legend(shown, signs)]


def _cell(each: Generation, level: int, scale: tuple[int, int, int], signs: Signs) -> Text:
    control = each.mean if each.control is None and each.steered is None else each.control
    here = _level(control, scale) == level, _level(each.steered, scale) == level
    if all(here):
        return Text(signs.both, STEERED)
    if here[1]:
        return Text(signs.steered, STEERED)
    return Text(signs.control, CONTROL) if here[0] else Text(" ")


def _level(score: float | None, scale: tuple[int, int, int]) -> int | None:
    low, high, rows = scale
    return None if score is None else round((score - low) / (high - low) * (rows - 1))


def _bounds(shown: Sequence[Generation]) -> tuple[int, int]:
    """Return the tens below and above all scores."""
    scores = [
        score
        for each in shown
        for score in (each.mean, each.control, each.steered)
        if score is not None
    ]
    low, high = min(scores, default=0.0), max(scores, default=100.0)
    below = int(low // 10 * 10)
    return below, max(below + 10, int(-(-high // 10) * 10))


def _legend(shown: Sequence[Generation], signs: Signs) -> Text:
    last = shown[-1]
    first = f"{' ' * _AXIS} {shown[0].generation} to {last.generation}, last: "
    return Text.assemble(
        (first, DIM),
        (f"{signs.steered} steered {_score(last.steered)} ", STEERED),
        (f"{signs.control} control {_score(last.control)}", CONTROL),
    )


def _score(score: float | None) -> str:
    return "-" if score is None else f"{score:.0f}"
