"""The hidden truth: how well a kind of prompt works in a kind of frame, in score points."""

from __future__ import annotations

import math
from random import Random

from syntx.simulator.dice import dice
from syntx.simulator.domains import DOMAINS
from syntx.simulator.traits import PATTERNS, STYLES, Traits

CENTRE = 74.0
MAIN_SPREAD = 5.0
PAIR_SPREAD = 1.5
NOISE = 3.5
LENGTH_PENALTY = 5.0
LOWEST, HIGHEST = 35.0, 99.0


class Landscape:
    """The effects of one seed: category, style, pattern, frame, length, and their pairs."""

    def __init__(self, seed: object) -> None:
        self._seed = seed
        self._effects = {
            **_contrasts(dice(seed, "category"), tuple(DOMAINS)),
            **_contrasts(dice(seed, "style"), STYLES),
            **_contrasts(dice(seed, "pattern"), PATTERNS),
        }
        self._best_length = dice(seed, "length").uniform(45, 90)

    def quality(self, traits: Traits, frame: str, chance: Random) -> float:
        """Return the score points one answer should be worth, noise included."""
        noisy = self.mean(traits, frame) + chance.gauss(0, NOISE)
        return min(HIGHEST, max(LOWEST, noisy))

    def mean(self, traits: Traits, frame: str) -> float:
        """Return the true worth of such a prompt in such a frame."""
        names = (traits.category, traits.style, traits.pattern)
        main = sum(self._effects.get(name, 0.0) for name in names) + self._frame_effect(frame)
        pairs = self._pair(traits.style, traits.pattern) + self._pair(traits.category, traits.style)
        return CENTRE + main + pairs - self._length_loss(traits.length)

    def _frame_effect(self, frame: str) -> float:
        width = MAIN_SPREAD * math.sqrt(3)
        return dice(self._seed, "frame", frame).uniform(-width, width)

    def _pair(self, one: str, other: str) -> float:
        key = f"{one} & {other}"
        if key not in self._effects:
            self._effects[key] = dice(self._seed, key).gauss(0, PAIR_SPREAD)
        return self._effects[key]

    def _length_loss(self, words: int) -> float:
        away = math.log(max(words, 1) / self._best_length)
        return LENGTH_PENALTY * min(1.0, away * away)


def _contrasts(chance: Random, names: tuple[str, ...]) -> dict[str, float]:
    drawn = [chance.gauss(0, 1) for _ in names]
    mean = sum(drawn) / len(drawn)
    spread = math.sqrt(sum((value - mean) ** 2 for value in drawn) / len(drawn))
    return {
        name: MAIN_SPREAD * (value - mean) / spread
        for name, value in zip(names, drawn, strict=True)
    }
