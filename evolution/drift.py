"""Drift: a generation that scored far below what was known before it cuts the evidence there.

What was known is fitted by main effects alone, whatever the families, so that a generation costs
one small fit, and a whole history can be judged again one generation after the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evolution.learner import (
    FAMILY_SD,
    NOISE_SD,
    WHOLE,
    Array,
    Column,
    Levels,
    columns_of,
    design_of,
    levels_in,
    levels_of,
    prior,
)
from evolution.tallies import Evidence, Terms, Trial, kept

PATIENCE = 3
"""So many generations lie between two cuts, and so many later ones make one ripe."""
ARMS = ("control", "steered")
"""Only what a generation planned is judged, and judged by."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a generation did against what was known before it, in spreads of its mean."""

    generation: int
    z: float
    cuts: bool


class Judge:
    """What is known before the next generation, and how that generation did against it."""

    def __init__(self, columns: Sequence[Column], terms: Terms, cut: int = 0) -> None:
        self._places: Mapping[Column, int] = {column: at for at, column in enumerate(columns)}
        self._terms = terms
        self._cut = cut
        self._means, self._variances = prior(columns, (terms.floor + 100) / 2)
        self._past, self._fresh = _Counts(len(columns)), _Counts(len(columns))

    def know(self, recipes: Sequence[Levels], counts: Array, sums: Array, *, past: bool) -> None:
        """Add what is known: how often each recipe was tried, and the sum of its floored scores.

        `past` says whether it is older than the last cut.
        """
        (self._past if past else self._fresh).add(design_of(recipes, self._places), counts, sums)

    def judge(self, generation: int, trials: Sequence[Trial]) -> Judgement:
        """Judge a generation, and know it from now on."""
        design = design_of([levels_of(trial) for trial in trials], self._places)
        scores = np.array([max(float(trial.score), self._terms.floor) for trial in trials])
        z = self._z(design, scores, trials)
        rested = not self._cut or generation - self._cut >= PATIENCE
        found = Judgement(generation, z, rested and z < -self._terms.drift_z)
        if found.cuts:
            self._cut = generation
            self._past.take(self._fresh)
        self._fresh.add(design, np.ones(len(trials)), scores)
        return found

    def _z(self, design: Array, scores: Array, trials: Sequence[Trial]) -> float:
        keep, n = kept(self._terms.keep, self._past.n), len(trials)
        known = self._fresh.precision + keep * self._past.precision
        precision = known / WHOLE + np.diag(1 / self._variances)
        pull = (self._fresh.pull + keep * self._past.pull) / WHOLE + self._means / self._variances
        centre = design.mean(axis=0)
        mean, doubt = np.linalg.solve(precision, np.array([pull, centre]).T).T
        families = Counter(trial.family for trial in trials)
        shared = FAMILY_SD**2 * sum((size / n) ** 2 for size in families.values())
        variance = NOISE_SD**2 / n + shared + centre @ doubt
        return float((scores.mean() - centre @ mean) / np.sqrt(variance))


class _Counts:
    """Exact counts over recipes: how often levels met, and their sums of scores."""

    def __init__(self, width: int) -> None:
        self.precision: Array = np.zeros((width, width))
        self.pull: Array = np.zeros(width)

    @property
    def n(self) -> int:
        """How many scores there are."""
        return int(self.precision[0, 0])

    def add(self, design: Array, counts: Array, sums: Array) -> None:
        self.precision += design.T @ (design * counts[:, None])
        self.pull += design.T @ sums

    def take(self, other: _Counts) -> None:
        """Move what another holds here."""
        self.precision, self.pull = self.precision + other.precision, self.pull + other.pull
        other.precision, other.pull = np.zeros_like(self.precision), np.zeros_like(self.pull)


def judge_newest(evidence: Evidence, since: int, before: int) -> list[Judgement]:
    """Judge the generations from `since` on that lie below `before`.

    All their trials must be among those of the evidence, and its cut older than they are.
    """
    planned = [trial for trial in evidence.trials if trial.arm in ARMS]
    judge = judge_of(evidence)
    _know(judge, evidence, [trial for trial in planned if trial.generation >= since])
    fresh = [trial for trial in planned if since <= trial.generation < before]
    return judge_all(judge, fresh)


def judge_of(evidence: Evidence) -> Judge:
    """Return a judge that knows of every level there is, and nothing else."""
    tried = Counter(each.like.recipe for each in evidence.learnable if each.like.arm in ARMS)
    seen = {levels_in(recipe): n for recipe, n in tried.items()}
    return Judge(columns_of({}, seen), evidence.terms, evidence.cut)


def judge_all(judge: Judge, trials: Iterable[Trial]) -> list[Judgement]:
    """Judge the generations of these trials one after the other."""
    generations: dict[int, list[Trial]] = {}
    for trial in trials:
        generations.setdefault(trial.generation, []).append(trial)
    return [judge.judge(number, generations[number]) for number in sorted(generations)]


def _know(judge: Judge, evidence: Evidence, without: Sequence[Trial]) -> None:
    floor = evidence.terms.floor
    found: dict[bool, dict[tuple[str, ...], list[float]]] = {True: {}, False: {}}

    def count(past: bool, recipe: tuple[str, ...], n: float, total: float) -> None:
        known = found[past].setdefault(recipe, [0, 0.0])
        known[0] += n
        known[1] += total

    for each in evidence.learnable:
        if each.like.arm in ARMS:
            old, recipe = each.past, each.like.recipe
            count(False, recipe, each.scores.n - old.n, each.floored - old.floored)
            if old.n:
                count(True, recipe, old.n, old.floored)
    for trial in without:
        count(False, trial.recipe, -1, -max(float(trial.score), floor))
    for past, sums in found.items():
        counts, totals = np.array([*sums.values()], float).reshape(-1, 2).T
        judge.know([levels_in(recipe) for recipe in sums], counts, totals, past=past)
