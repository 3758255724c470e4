"""From evidence to belief: one Bayesian linear regression with fixed priors.

Beside the effects of what a recipe is made of, prompts of one family share an effect of their own.
It is integrated out exactly, so that the system has as many columns as there are levels, however
many families there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from evolution.equations import Families, System
from evolution.recipes import Space
from evolution.tallies import Evidence

Array = NDArray[np.float64]
Column = tuple[str, str]
"""A factor and one of its levels."""
Levels = tuple[str, ...]
"""A recipe as levels, in the order of the factors."""
Design = Callable[[Sequence[Levels]], Array]
"""Gives the columns of recipes, one row each."""

PRIOR_SD: Mapping[str, float] = MappingProxyType(
    {"category": 3.0, "topic": 2.0, "style": 3.0, "wrapper": 3.0, "pattern": 3.0}
)
"""How far a level is expected to lie from the average, in score points."""
FAMILY_SD = 3.0
"""How far a family is expected to lie from what its recipe says, in score points."""
NOISE_SD = 10.0
"""How far scores of one recipe and family scatter, in score points."""
WHOLE = NOISE_SD**2 + FAMILY_SD**2
"""The variance of a single score about what its recipe says."""
INTERCEPT_SD = 25.0
MOST_FOREIGN = 200
"""So many levels of a factor that are offered no more have an effect of their own."""
_SLICE = 1_000
_INTERCEPT: Column = ("intercept", "")


class Levelled(Protocol):
    """What has the levels of a recipe."""

    @property
    def topic(self) -> str | None: ...  # noqa: D102
    @property
    def category(self) -> str | None: ...  # noqa: D102
    @property
    def style(self) -> str | None: ...  # noqa: D102
    @property
    def wrapper(self) -> str | None: ...  # noqa: D102
    @property
    def pattern(self) -> str | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True, eq=False)
class Belief:
    """A Normal belief about every effect: `cholesky` is L with L·Lᵀ = precision.

    `places` tells each column's position.
    """

    columns: tuple[Column, ...]
    mean: Array
    cholesky: Array
    rows: int
    families: Families
    places: Mapping[Column, int]

    def draw(self, temper: float, count: int, rng: np.random.Generator) -> Array:
        """Return `count` draws as rows: the mean plus `temper` times the belief's own spread."""
        noise = rng.standard_normal((len(self.columns), count))
        return np.asarray(self.mean + temper * np.linalg.solve(self.cholesky.T, noise).T)

    def where(self, factor: str, levels: Sequence[str]) -> NDArray[np.intp]:
        """Return the columns of a factor's levels, in the order given."""
        return np.array([self.places[factor, level] for level in levels], dtype=np.intp)

    def expected(self, recipe: Levelled) -> float:
        """Return the score a recipe is believed to get, whatever its family."""
        pairs = zip(PRIOR_SD, levels_of(recipe), strict=True)
        known = [self.places[pair] for pair in pairs if pair in self.places]
        return float(self.mean[0] + self.mean[known].sum())

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


def levels_of(recipe: Levelled) -> Levels:
    """Return the levels of a recipe, in the order of the factors; the topic in its category."""
    named = recipe.topic, recipe.category, recipe.style, recipe.wrapper, recipe.pattern
    return levels_in([str(name) for name in named])


def levels_in(recipe: Sequence[str]) -> Levels:
    """Return the levels of a topic, category, style, wrapper and pattern."""
    topic, category, *others = recipe
    return category, topic_level(category, topic), *others


def believe(space: Space, evidence: Evidence) -> Belief:
    """Fit what the evidence holds of complete recipes; it is the same as a fit of single rows."""
    facts = facts_of(evidence)
    columns = columns_of(offered_by(space), facts.seen)
    places = {column: place for place, column in enumerate(columns)}
    system = System(*prior(columns, (evidence.terms.floor + 100) / 2))
    facts.enter_rest(system, lambda recipes: design_of(recipes, places))
    families = facts.enter_trials(system, design_of(facts.tried, places))
    mean, cholesky = system.solve()
    return Belief(columns, mean, cholesky, evidence.learned, families, places)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a fit uses: the trials one by one, the rest as weight and weighted sum by recipe."""

    evidence: Evidence
    tried: tuple[Levels, ...]
    rest: Mapping[Levels, tuple[float, float]]

    @property
    def seen(self) -> Counter[Levels]:
        """How often each recipe stands in the facts."""
        return Counter([*self.tried, *self.rest])

    @property
    def weights(self) -> Array:
        """What each trial weighs."""
        return np.array([trial.weight for trial in self.evidence.trials], float)

    @property
    def scores(self) -> Array:
        """What each trial scored, at least the floor."""
        floor = self.evidence.terms.floor
        return np.array([max(float(trial.score), floor) for trial in self.evidence.trials])

    def enter_rest(self, system: System, design: Design) -> None:
        """Add to a system all but the trials; each counts as a family of its own."""
        rest = iter(self.rest.items())
        while some := dict(islice(rest, _SLICE)):
            weights, sums = np.array([*some.values()], float).reshape(-1, 2).T
            system.add(design([*some]), weights / WHOLE, sums / WHOLE)

    def enter_trials(self, system: System, design: Array) -> Families:
        """Add the trials to a system, families integrated out; return what is left of those."""
        families = [trial.family for trial in self.evidence.trials]
        trust = self.weights / NOISE_SD**2
        return system.add_families(design, trust, self.scores, families, FAMILY_SD)


def facts_of(evidence: Evidence) -> Facts:
    """Return what the evidence holds of complete recipes, nothing of it twice."""
    tried = tuple(levels_in(trial.recipe) for trial in evidence.trials)
    return Facts(
        evidence,
        tried,
        {levels_in(each[:5]): (each.weight, each.floored) for each in evidence.rest},
    )


def offered_by(space: Space) -> Mapping[str, set[str]]:
    """Return the levels of each factor in a space."""
    return {
        "category": {topic.category for topic in space.topics},
        "topic": {topic_level(topic.category, topic.name) for topic in space.topics},
        "style": set(space.styles),
        "wrapper": set(space.wrappers),
        "pattern": set(space.patterns),
    }


def columns_of(offered: Mapping[str, set[str]], seen: Mapping[Levels, int]) -> tuple[Column, ...]:
    """List the intercept and every level, those offered and those of other evidence.

    Of each factor's levels that are not offered only the commonest are kept.
    """
    columns: set[Column] = set()
    for place, factor in enumerate(PRIOR_SD):
        levels = offered.get(factor, set())
        found: Counter[str] = Counter()
        for recipe, n in seen.items():
            found[recipe[place]] += n
        foreign = sorted(found.keys() - levels, key=lambda level: (-found[level], level))
        columns |= {(factor, level) for level in (*levels, *foreign[:MOST_FOREIGN])}
    return _INTERCEPT, *sorted(columns)


def prior(columns: Sequence[Column], start: float) -> tuple[Array, Array]:
    """Return each column's prior mean and variance; scores are expected around `start`."""
    sds = np.array([PRIOR_SD.get(factor, INTERCEPT_SD) for factor, _ in columns])
    means = np.zeros(len(columns))
    means[0] = start
    return means, sds**2


def design_of(recipes: Sequence[Levels], places: Mapping[Column, int]) -> Array:
    """Return one row per recipe, with a 1 in the columns of its levels."""
    width = len(places)
    at = np.array(
        [
            [places.get(pair, width) for pair in zip(PRIOR_SD, recipe, strict=True)]
            for recipe in recipes
        ],
        dtype=np.intp,
    ).reshape(len(recipes), len(PRIOR_SD))
    # Levels without a column fall into one more, which is cut off.
    design = np.zeros((len(recipes), width + 1))
    design[:, 0] = 1.0
    design[np.arange(len(recipes))[:, None], at] = 1.0
    return np.ascontiguousarray(design[:, :width])
