"""The normal equations of a fit, with the effects of families integrated out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Families:
    """What is believed of each family, given the effects of the recipes it was tried with."""

    names: tuple[str, ...]
    _pull: Array
    _design: Array
    _variance: Array

    def left(self, effects: Array) -> Array:
        """Return by family what effects leave unexplained, each trial by its trust."""
        return np.asarray(self._pull - self._design @ effects)

    def explained(self, effects: Array) -> float:
        """Return how far families explain what effects leave, as a sum of squares."""
        return float(self._variance @ self.left(effects) ** 2)

    def draw(self, effects: Array, temper: float, rng: np.random.Generator) -> Array:
        """Return one effect per family, in score points, under a draw of the fixed effects.

        It spreads by `temper` times what is left in doubt when those are known.
        """
        noise = rng.standard_normal(len(self.names))
        means = self._variance * self.left(effects)
        return np.asarray(means + temper * np.sqrt(self._variance) * noise)


class System:
    """Normal equations that grow: the prior's means and variances, and what was added."""

    def __init__(self, means: Array, variances: Array) -> None:
        self.precision: Array = np.diag(1 / variances)
        self.pull: Array = means / variances

    def add(self, design: Array, weights: Array, sums: Array) -> None:
        """Add rows with their weights, and the weighted sums of their scores."""
        self.precision += design.T @ (design * weights[:, None])
        self.pull += design.T @ sums

    def solve(self) -> tuple[Array, Array]:
        """Return the mean, and the Cholesky factor of the precision."""
        cholesky = np.linalg.cholesky(self.precision)
        mean = np.linalg.solve(cholesky.T, np.linalg.solve(cholesky, self.pull))
        return np.asarray(mean, float), np.asarray(cholesky, float)

    def add_families(
        self, design: Array, trust: Array, scores: Array, names: Sequence[str], sd: float
    ) -> Families:
        """Add rows whose families share an effect of this sd, integrated out; return those.

        `trust` is each row's own precision, `names` tells its family.
        """
        places = {name: place for place, name in enumerate(dict.fromkeys(names))}
        member = np.array([places[name] for name in names], dtype=np.intp)
        variance = 1 / (sd**-2 + _sum(member, trust, len(places)))
        pull = _sum(member, trust * scores, len(places))
        shared = _sums_by(member, design * trust[:, None], len(places))
        self.add(design, trust, trust * scores)
        # What all of a family have in common tells less than as many prompts of many families.
        self.add(shared, -variance, -variance * pull)
        return Families(tuple(places), pull, shared, variance)


def _sums_by(member: Places, rows: Array, count: int) -> Array:
    width = rows.shape[1]
    cells = (member[:, None] * width + np.arange(width)).ravel()
    return _sum(cells, rows.ravel(), count * width).reshape(count, width)


def _sum(places: Places, values: Array, count: int) -> Array:
    return np.asarray(np.bincount(places, values, count), dtype=float)
