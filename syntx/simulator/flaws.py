"""What is wrong with an answer: as much as its quality leaves room for."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from random import Random

CHANCE = 0.25
THIN = (
    (38.0, 0.67, 0),
    (62.0, 0.34, 0),
    (69.0, 0.67, 1),
    (79.0, 0.34, 1),
    (84.0, 0.67, 2),
    (89.0, 0.34, 2),
    (94.0, 0.34, 3),
    (99.5, 0.0, 0),
)
"""Points an answer is worth when this share of its fields has hardly more new words than that."""


@dataclass(frozen=True, slots=True)
class Flaws:
    """How an answer falls short.

    `thin` is the share of fields with hardly more than `words` new words, `repeated` says one
    sentence twice, `astray` leaves the topic, `echo` repeats the frame's instructions.
    """

    thin: float = 0.0
    words: int = 0
    chatty: bool = False
    repeated: bool = False
    swapped: bool = False
    dropped: bool = False
    astray: bool = False
    echo: bool = False


def choose_flaws(quality: float, fields: int, chance: Random) -> Flaws:
    """Return flaws that leave an answer of so many fields about as many points as asked."""
    flaws = Flaws()
    left = 100.0
    for name, price in _prices(fields).items():
        if left - price >= quality and chance.random() < CHANCE:
            flaws = replace(flaws, **{name: True})
            left -= price
    thinness = _thinness(100 * quality / left, chance)
    return replace(flaws, thin=thinness[0], words=thinness[1])


def _prices(fields: int) -> dict[str, float]:
    """Return what each flaw costs in points; the fewer fields, the more it touches."""
    few = fields <= 3
    return {
        "echo": 85.0,
        "astray": 45.0,
        "dropped": 63.0 if few else 40.0,
        "swapped": 47.0 if few else 4.0,
        "repeated": 0.5,
        "chatty": 0.5,
    }


def _thinness(quality: float, chance: Random) -> tuple[float, int]:
    place = bisect_left(THIN, quality, key=lambda step: step[0])
    if place == len(THIN):
        return THIN[-1][1:]
    if place == 0:
        return THIN[0][1:]
    # Between two steps the nearer one is the likelier.
    low, high = THIN[place - 1], THIN[place]
    upper = chance.random() < (quality - low[0]) / (high[0] - low[0])
    return high[1:] if upper else low[1:]
