"""What may be said of each style, category, wrapper, pattern and topic, and how surely.

Claims have a model of their own: main effects and all pairs of factors, with scales learned from
the evidence. It steers no better than the belief, but without pairs chance would be claimed.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from evolution.equations import System
from evolution.learner import (
    NOISE_SD,
    PRIOR_SD,
    Array,
    Column,
    Facts,
    Levels,
    columns_of,
    design_of,
    facts_of,
    offered_by,
    prior,
)
from evolution.recipes import Space
from evolution.tallies import Evidence
from syntx.ids import slug

PAIR_SD = 2.0
"""How far a pair of levels is expected to lie from the sum of both, in score points."""
SURE = 0.95
"""What is less probable is not claimed."""
EM_STEPS = 2
MOST_PAIRS = 1_000
_Z90 = 1.645
_USUAL = 20.0

Kind = Literal["better", "worse", "best", "undecided"]


@dataclass(frozen=True, slots=True)
class Claim:
    """What is known of one level against the average of its factor's levels.

    `effect` is in score points with its 90 % interval, over the other factors' levels evenly; a
    topic is compared with those of its category. `n` counts answers, outdated ones as little as
    they weigh. `probability` is that of what is claimed; undecided, that of being better.
    """

    id: str
    factor: str
    level: str
    kind: Kind
    effect: float
    low: float
    high: float
    n: int
    probability: float


def claims(space: Space, evidence: Evidence, min_support: int = 8) -> tuple[Claim, ...]:
    """Return what is known of every level on offer, decided or not."""
    fit = _Fit(space, facts_of(evidence))
    groups: dict[Column, list[str]] = {}
    for factor, levels in offered_by(space).items():
        for level in sorted(levels):
            within = level.partition(" › ")[0] if factor == "topic" else ""
            groups.setdefault((factor, within), []).append(level)
    return tuple(
        claim
        for (factor, _), levels in groups.items()
        for claim in _claims_on(fit, factor, levels, min_support)
    )


def _claims_on(fit: _Fit, factor: str, levels: Sequence[str], support: int) -> list[Claim]:
    effects, covariance = fit.effects(factor, levels)
    spreads = np.sqrt(np.maximum(np.diag(covariance), 0))
    enough = np.array([fit.counts[factor, level] + 1e-9 >= support for level in levels])
    found = []
    for at, level in enumerate(levels):
        above = _above(effects[at], spreads[at])
        leads = _leads(effects, covariance, at) if enough.all() and len(levels) > 1 else 0.0
        kind, probability = _verdict(above, leads, bool(enough[at]))
        effect, margin = float(effects[at]), _Z90 * float(spreads[at])
        found.append(
            Claim(
                id=_name(factor, level, kind),
                factor=factor,
                level=level,
                kind=kind,
                effect=round(effect, 2),
                low=round(effect - margin, 2),
                high=round(effect + margin, 2),
                n=int(fit.counts[factor, level] + 1e-9),
                probability=round(probability, 4),
            )
        )
    return found


def _verdict(above: float, leads: float, enough: bool) -> tuple[Kind, float]:
    if leads >= SURE:
        return "best", leads
    if enough and above >= SURE:
        return "better", above
    if enough and above <= 1 - SURE:
        return "worse", 1 - above
    return "undecided", above


def _leads(effects: Array, covariance: Array, at: int) -> float:
    """Return the least probability that a level is above all its rivals at once."""
    spread = np.diag(covariance) + covariance[at, at] - 2 * covariance[at]
    chances = [
        1 - _above(effects[at] - effects[rival], math.sqrt(max(0.0, spread[rival])))
        for rival in range(len(effects))
        if rival != at
    ]
    return 1 - sum(chances)


def _above(effect: float, spread: float) -> float:
    return 0.5 * (1 + math.erf(effect / spread / math.sqrt(2))) if spread > 0 else 0.5


def _name(factor: str, level: str, kind: Kind) -> str:
    plain = slug(level)
    if plain != level:
        plain = f"{plain}-{zlib.crc32(level.encode('utf-8', 'surrogatepass')):08x}"
    return f"{factor}-{plain}-{kind}"


class _Columns:
    """One column for each level, and one for each pair of levels on offer; topics form none."""

    def __init__(self, offered: Mapping[str, set[str]], seen: Mapping[Levels, int]) -> None:
        self.mains = columns_of(offered, seen)
        self.places: Mapping[Column, int] = {column: at for at, column in enumerate(self.mains)}
        self.width = len(self.mains)
        self._ranks = {
            factor: {level: rank for rank, level in enumerate(sorted(levels))}
            for factor, levels in offered.items()
        }
        self.blocks: dict[tuple[str, str], int] = {}
        free = [factor for factor in PRIOR_SD if factor != "topic"]
        pairs = sorted(combinations(free, 2), key=lambda pair: (self._size(pair), pair))
        for pair in pairs:
            if self.width - len(self.mains) + self._size(pair) <= MOST_PAIRS:
                self.blocks[pair] = self.width
                self.width += self._size(pair)

    def _size(self, pair: tuple[str, str]) -> int:
        return len(self._ranks[pair[0]]) * len(self._ranks[pair[1]])

    def of(self, recipes: Sequence[Levels]) -> Array:
        """Return one row per recipe."""
        design = np.zeros((len(recipes), self.width))
        design[:, : len(self.mains)] = design_of(recipes, self.places)
        order = {factor: at for at, factor in enumerate(PRIOR_SD)}
        found = {
            factor: np.array([ranks.get(recipe[order[factor]], -1) for recipe in recipes], int)
            for factor, ranks in self._ranks.items()
            if factor != "topic"
        }
        for (one, other), start in self.blocks.items():
            first, second = found[one], found[other]
            known = np.flatnonzero((first >= 0) & (second >= 0))
            width = len(self._ranks[other])
            design[known, start + first[known] * width + second[known]] = 1.0
        return design

    def marginals(self, factor: str, levels: Sequence[str]) -> Array:
        """Return what each level adds, the other factors' levels taken evenly."""
        rows = np.zeros((len(levels), self.width))
        for at, level in enumerate(levels):
            rows[at, self.places[factor, level]] = 1.0
            for (one, other), start in self.blocks.items():
                wide = len(self._ranks[other])
                block = rows[at, start : start + self._size((one, other))].reshape(-1, wide)
                if factor == one:
                    block[self._ranks[one][level], :] = 1 / wide
                elif factor == other:
                    block[:, self._ranks[other][level]] = 1 / len(block)
        return rows


class _Fit:
    """The fit of all columns; `counts` tells how much each level was tried."""

    def __init__(self, space: Space, facts: Facts) -> None:
        self._columns = _Columns(offered_by(space), facts.seen)
        self.counts = _counts(facts)
        self._mean, self._covariance = self._solve(facts)

    def effects(self, factor: str, levels: Sequence[str]) -> tuple[Array, Array]:
        """Return each level's effect against the levels' average, and their covariance."""
        rows = self._columns.marginals(factor, levels)
        contrasts = rows - rows.mean(axis=0)
        return contrasts @ self._mean, contrasts @ self._covariance @ contrasts.T

    def _solve(self, facts: Facts) -> tuple[Array, Array]:
        width = self._columns.width
        means, variances = self._prior((facts.evidence.terms.floor + 100) / 2)
        system = System(np.zeros(width), np.full(width, np.inf))
        tried = self._columns.of(facts.tried)
        families = facts.enter_trials(system, tried)
        single = system.precision.copy()
        facts.enter_rest(system, self._columns.of)
        noise = 1.0
        for step in range(EM_STEPS + 1):
            covariance = np.linalg.inv(system.precision / noise + np.diag(1 / variances))
            mean = covariance @ (system.pull / noise + means / variances)
            if step < EM_STEPS:
                left = facts.weights / NOISE_SD**2 @ (facts.scores - tried @ mean) ** 2
                left += np.sum(single * covariance) - families.explained(mean)
                noise = (left + _USUAL) / (facts.weights.sum() + _USUAL)
                variances = self._scales((mean - means) ** 2 + np.diag(covariance), variances)
        return np.asarray(mean), np.asarray(covariance, float)

    def _prior(self, start: float) -> tuple[Array, Array]:
        means, variances = np.zeros(self._columns.width), np.full(self._columns.width, PAIR_SD**2)
        mains = len(self._columns.mains)
        means[:mains], variances[:mains] = prior(self._columns.mains, start)
        return means, variances

    def _scales(self, squares: Array, variances: Array) -> Array:
        """Return how far the levels of each factor, and the pairs, turn out to lie apart."""
        mains = self._columns.mains
        kinds = np.array([factor for factor, _ in mains] + ["pair"] * (len(squares) - len(mains)))
        renewed = variances.copy()
        for kind in dict.fromkeys(kinds[1:].tolist()):
            renewed[kinds == kind] = squares[kinds == kind].mean()
        return renewed


def _counts(facts: Facts) -> Counter[Column]:
    counts: Counter[Column] = Counter()
    trials = zip(facts.tried, facts.weights.tolist(), strict=True)
    rest = ((levels, weight) for levels, (weight, _) in facts.rest.items())
    for levels, weight in (*trials, *rest):
        for column in zip(PRIOR_SD, levels, strict=True):
            counts[column] += weight
    return counts
