"""The whole view laid out on a page of so many rows and columns (pure)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rich.text import Text

from syntx.observing.failures import Group
from syntx.top import panels
from syntx.top.curve import curve
from syntx.top.signs import Signs
from syntx.top.view import View

WIDE = 100
"""From so many columns on there are two halves side by side."""

_CURVE = 9


@dataclass(frozen=True, slots=True)
class Paper:
    """How large a page is, and with which marks it is drawn."""

    width: int
    height: int
    signs: Signs


@dataclass(frozen=True, slots=True)
class Shown:
    """The failures that are shown, the key or ID that is chosen, and in words how old all is."""

    groups: tuple[Group, ...]
    left: int = 0
    chosen: str | None = None
    age: str = ""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the page: drawn into so many rows; it wants `rows` and makes do with `least`."""

    title: str
    rows: int
    least: int
    draw: Callable[[int, int], list[Text]]


def page(view: View, shown: Shown, paper: Paper) -> list[Text]:
    """Return the view as at most `height` lines of exactly `width` cells.

    Where there is not room for all, long parts are cut first and the last parts are left out.
    """
    signs = paper.signs
    health = panels.cut(panels.health(view, signs), max(2, paper.height // 2), signs)
    top = [*panels.header(view, shown.age), *health][: paper.height]
    room = paper.height - len(top)
    left, right = _halves(view, shown, signs)
    if paper.width >= WIDE:
        half = (paper.width - 2) // 2
        body = _beside(_stack(left, half, room, signs), _stack(right, half, room, signs), half)
    else:
        # In one column: what waits and who works before what was learned.
        order = [left[0], *right, *left[1:]]
        body = _stack(order, paper.width, room, signs)
    return [panels.fitted(line, paper.width) for line in [*top, *body]]


def _halves(view: View, shown: Shown, signs: Signs) -> tuple[list[_Part], list[_Part]]:
    chosen = shown.chosen
    held = sum(1 + len(worker.jobs) for worker in view.now.workers)
    groups = len(shown.groups) + bool(shown.left)
    chart = _CURVE if view.generations else 1
    left = [
        _Part("queue", 4, 1, lambda w, r: panels.queue(view, w, signs)),
        _Part(
            "generations",
            chart + 1,
            2,
            lambda w, r: [
                *panels.gains(view),
                *curve(view.generations, w, r - 1, signs),
            ],
        ),
        _Part("cost", 2, 1, lambda w, r: panels.costs(view)),
    ]
    right = [
        _Part(
            "failures",
            max(1, groups),
            1,
            lambda w, r: panels.failures(shown.groups, shown.left, r, signs, chosen),
        ),
        _Part("workers", max(1, held), 1, lambda w, r: panels.workers(view, r, signs, chosen)),
    ]
    return left, right


def _stack(parts: list[_Part], width: int, room: int, signs: Signs) -> list[Text]:
    """Draw parts below each other: each gets its least, the first ones more while there is room."""
    fitting = parts[:]
    while fitting and sum(part.least + 1 for part in fitting) > room:
        fitting.pop()
    spare = room - sum(part.least + 1 for part in fitting)
    rows = {part.title: part.least for part in fitting}
    wanting = [part for part in fitting if part.rows > part.least]
    while spare > 0 and wanting:
        for part in wanting[:spare]:
            rows[part.title] += 1
            spare -= 1
        wanting = [part for part in wanting if rows[part.title] < part.rows]
    lines = []
    for part in fitting:
        drawn = part.draw(width, rows[part.title])
        lines += [panels.titled(part.title, width, signs), *drawn[: rows[part.title]]]
    return lines


def _beside(left: list[Text], right: list[Text], half: int) -> list[Text]:
    rows = max(len(left), len(right))
    filled = [lines + [Text("")] * (rows - len(lines)) for lines in (left, right)]
    return [
        Text.assemble(panels.fitted(one, half), "  ", other)
        for one, other in zip(*filled, strict=True)
    ]
