"""Simulated worlds for the evolution benchmark: what each recipe is truly worth.

A world has 7 categories with 33 topics, 4 styles, 10 wrappers and 6 patterns, as the shipped
configuration has. Recipes lie around 72 score points; a prompt's own text adds something that
its children inherit in part; answers scatter around that, and some fail a gate of the scorer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Levels = tuple[int, int, int, int]
"""Positions of topic, style, wrapper and pattern."""

CATEGORY_OF = np.array([topic % 7 for topic in range(33)])
KINDS = len(CATEGORY_OF), 4, 10, 6
BEST_MEAN = 97.0
"""No recipe is worth more on average."""
MAIN_SD, TOPIC_SD = 4.5, 3.0
"""How far the levels of a factor lie from their average, in score points."""
NOISE_SD = 9.0
TEXT_SD = 3.0
INHERITED = 0.7
"""The part of a parent's text quality a child has."""
GATED = 0.05
"""The share of answers that fail a gate: half of them score 0, the others 10 to 45."""
SHIFT = 10
"""The generation from which the shifting world is another one."""
STYLE_STEPS = (7.0, 0.0, 0.0, -7.0)
_GATE_SCORES = 10, 46


@dataclass(frozen=True, slots=True)
class World:
    """What every recipe is worth, before and from `shift` on, and how answers go wrong."""

    name: str
    means: Array
    later: Array | None = None
    text_sd: float = TEXT_SD
    crashes: float = 0.0
    """The share of prompts that end without a score."""
    lucky_style: int | None = None
    """The style whose first answer scores 98, whatever it is worth."""

    def means_at(self, generation: int) -> Array:
        """Return the true mean of every recipe, topic x style x wrapper x pattern."""
        return self.means if self.later is None or generation < SHIFT else self.later

    @property
    def has_signal(self) -> bool:
        """Whether there is anything to learn."""
        return bool(np.ptp(self.means) > 0)

    def best_style(self, generation: int) -> int:
        """Return the style that is best over all recipes."""
        return int(np.argmax(self.means_at(generation).mean(axis=(0, 2, 3))))

    def text(self, parent: float | None, rng: np.random.Generator) -> float:
        """Return a new prompt's text quality in score points, given that of its parent."""
        if parent is None:
            return float(rng.normal(0, self.text_sd))
        own = np.sqrt(1 - INHERITED**2) * self.text_sd
        return float(INHERITED * parent + rng.normal(0, own))

    def answer(self, expected: float, rng: np.random.Generator) -> int | None:
        """Return the score of one answer to a prompt worth `expected`; None when it crashed."""
        noise, fate, gated, crash = rng.standard_normal(), *rng.random(3)
        if crash < self.crashes:
            return None
        if fate < GATED:
            return int(rng.integers(*_GATE_SCORES)) if gated < 0.5 else 0
        return round(float(np.clip(expected + NOISE_SD * noise, 0, 100)))


def _centred(rng: np.random.Generator, sd: float, size: int) -> Array:
    effects = rng.normal(0, sd, size)
    return np.asarray(effects - effects.mean())


def _main_effects(rng: np.random.Generator, scale: float = 1.0) -> list[Array]:
    """Return effects of category, topic, style, wrapper and pattern: all alike, topics less."""
    sizes = (MAIN_SD, 7), (TOPIC_SD, KINDS[0]), *((MAIN_SD, kind) for kind in KINDS[1:])
    return [_centred(rng, scale * sd, size) for sd, size in sizes]


def _added(effects: list[Array]) -> Array:
    category, topic, style, wrapper, pattern = effects
    first = (category[CATEGORY_OF] + topic)[:, None, None, None]
    return np.asarray(72.0 + first + style[:, None, None] + wrapper[:, None] + pattern)


def _world(name: str, means: Array) -> World:
    return World(name, np.minimum(means, BEST_MEAN))


def additive(rng: np.random.Generator) -> World:
    """Every level adds its own."""
    return _world("additive", _added(_main_effects(rng)))


def interaction(rng: np.random.Generator) -> World:
    """Pairs of levels matter as much as the levels themselves."""
    means = _added(_main_effects(rng, 0.7))
    category = CATEGORY_OF[:, None, None, None]
    style, wrapper, pattern = np.ogrid[: KINDS[1], : KINDS[2], : KINDS[3]]
    places = {"category": (category, 7), "style": (style, 4)}
    places |= {"wrapper": (wrapper, 10), "pattern": (pattern, 6)}
    names = list(places)
    for one in range(4):
        for other in range(one + 1, 4):
            (first, rows), (second, columns) = places[names[one]], places[names[other]]
            means = means + rng.normal(0, 2.5, (rows, columns))[first, second]
    return _world("interaction", means)


def deceptive(rng: np.random.Generator) -> World:
    """The worst style has one lucky 98 in the first generation."""
    world = additive(rng)
    worst = int(np.argmin(world.means.mean(axis=(0, 2, 3))))
    return replace(world, name="deceptive", lucky_style=worst)


def shift(rng: np.random.Generator) -> World:
    """From generation 10 on, the best styles and wrappers are the worst, and the worst the best."""
    category, topic, _, wrapper, pattern = _main_effects(rng)
    style = rng.permutation(STYLE_STEPS)
    before = _added([category, topic, style, wrapper, pattern])
    after = _added([category, topic, -style, -wrapper, pattern])
    return replace(_world("shift", before), later=np.minimum(after, BEST_MEAN))


def flaky(rng: np.random.Generator) -> World:
    """Three of ten prompts end without a score."""
    return replace(additive(rng), name="flaky", crashes=0.3)


def no_signal(_: np.random.Generator) -> World:
    """Nothing matters, the text neither."""
    return World("no_signal", np.full(KINDS, 72.0), text_sd=0.0)


WORLDS: Mapping[str, Callable[[np.random.Generator], World]] = MappingProxyType(
    {made.__name__: made for made in (additive, interaction, deceptive, shift, flaky, no_signal)}
)
"""Makers of worlds by scenario."""
