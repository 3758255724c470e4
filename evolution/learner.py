"""From evidence to belief: one Bayesian linear regression with fixed priors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from evolution.recipes import Space
from evolution.tallies import Evidence, Likeness

Array = NDArray[np.float64]
Column = tuple[str, str]
"""A factor and one of its levels."""

PRIOR_SD: Mapping[str, float] = MappingProxyType(
    {"category": 3.0, "topic": 2.0, "style": 3.0, "wrapper": 3.0, "pattern": 3.0}
)
"""How far a level is expected to lie from the average, in score points."""
NOISE_SD = 10.0
"""How far scores of one recipe scatter, in score points."""
INTERCEPT_SD = 25.0
_INTERCEPT: Column = ("intercept", "")


@dataclass(frozen=True, slots=True, eq=False)
class Belief:
    """A Normal belief about every effect: `cholesky` is L with L·Lᵀ = precision."""

    columns: tuple[Column, ...]
    mean: Array
    cholesky: Array
    rows: int

    def draw(self, temper: float, count: int, rng: np.random.Generator) -> Array:
        """Return `count` draws as rows: the mean plus `temper` times the belief's own spread."""
        noise = rng.standard_normal((len(self.columns), count))
        return np.asarray(self.mean + temper * np.linalg.solve(self.cholesky.T, noise).T)

    def where(self, factor: str, levels: Sequence[str]) -> NDArray[np.intp]:
        """Return the columns of a factor's levels, in the order given."""
        index = {column: position for position, column in enumerate(self.columns)}
        return np.array([index[factor, level] for level in levels], dtype=np.intp)

    def deficits(self, factor: str, levels: Sequence[str]) -> tuple[Array, Array]:
        """Return how far each level is believed to lie behind the best, and that figure's sd."""
        columns = self.where(factor, levels)
        effects = self.mean[columns]
        best = columns[int(np.argmax(effects))]
        contrasts = np.zeros((len(levels), len(self.columns)))
        contrasts[:, best] += 1
        contrasts[np.arange(len(levels)), columns] -= 1
        spread = np.linalg.norm(np.linalg.solve(self.cholesky, contrasts.T), axis=0)
        return self.mean[best] - effects, spread


def topic_level(category: str, topic: str) -> str:
    """Name a topic within its category; two categories may share a topic's name."""
    return f"{category} › {topic}"


def believe(space: Space, evidence: Evidence) -> Belief:
    """Fit what the evidence holds of complete recipes; it is the same as a fit of single rows."""
    recipes = _recipes(evidence)
    columns = _columns(space, recipes)
    design = _design(list(recipes), columns)
    weights, sums = np.array([*recipes.values()], float).reshape(-1, 2).T
    prior_sd = np.array([PRIOR_SD.get(factor, INTERCEPT_SD) for factor, _ in columns])
    prior_mean = np.zeros(len(columns))
    prior_mean[0] = (evidence.terms.floor + 100) / 2
    trust = weights / NOISE_SD**2
    precision = design.T @ (design * trust[:, None]) + np.diag(1 / prior_sd**2)
    cholesky = np.linalg.cholesky(precision)
    pull = design.T @ (sums / NOISE_SD**2) + prior_mean / prior_sd**2
    mean = np.linalg.solve(cholesky.T, np.linalg.solve(cholesky, pull))
    return Belief(columns, np.asarray(mean, float), np.asarray(cholesky, float), evidence.learned)


def _recipes(evidence: Evidence) -> dict[tuple[str, ...], tuple[int, float]]:
    """Return how often each recipe was tried, and the sum of its floored scores, in order."""
    found: dict[tuple[str, ...], tuple[int, float]] = {}
    for each in evidence.learnable:
        n, floored = found.get(levels := _levels_of(each.like), (0, 0.0))
        found[levels] = n + each.scores.n, floored + each.floored
    return dict(sorted(found.items()))


def _levels_of(like: Likeness) -> tuple[str, ...]:
    topic = topic_level(like.category, like.topic)
    return like.category, topic, like.style, like.wrapper, like.pattern


def _columns(space: Space, seen: Iterable[tuple[str, ...]]) -> tuple[Column, ...]:
    """List the intercept and every level, of the space and of evidence from older spaces."""
    offered = {
        "category": {topic.category for topic in space.topics},
        "topic": {topic_level(topic.category, topic.name) for topic in space.topics},
        "style": set(space.styles),
        "wrapper": set(space.wrappers),
        "pattern": set(space.patterns),
    }
    known = [(factor, level) for factor, levels in offered.items() for level in levels]
    found = {pair for levels in seen for pair in zip(PRIOR_SD, levels, strict=True)}
    return (_INTERCEPT, *sorted({*known, *found}))


def _design(recipes: Sequence[tuple[str, ...]], columns: Sequence[Column]) -> Array:
    """Return one row per recipe, with a 1 in the columns of its levels."""
    index = {column: number for number, column in enumerate(columns)}
    design = np.zeros((len(recipes), len(columns)))
    design[:, 0] = 1.0
    for number, recipe in enumerate(recipes):
        design[number, [index[pair] for pair in zip(PRIOR_SD, recipe, strict=True)]] = 1.0
    return design
