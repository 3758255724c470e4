"""The parent of a steered prompt: a family whose phrasing promises more than a fresh one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evolution.learner import Array, Belief
from evolution.tallies import Evidence
from syntx.job import Recipe

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Descent:
    """How a prompt comes about: from scratch, or from parents of a family."""

    operator: str = "fresh"
    parents: tuple[str, ...] = ()
    family: str | None = None


class Nursery:
    """Finds parents among the prompts that were tried, a few children per family."""

    def __init__(self, evidence: Evidence, belief: Belief, cap: int) -> None:
        """Look at all prompts known singly; a family has at most `cap` children."""
        self._trials = evidence.trials
        self._belief = belief
        self._cap = cap
        self._children: Counter[int] = Counter()
        self._surprises: dict[int, float] = {}
        family = {name: place for place, name in enumerate(belief.families.names)}
        self._family = np.array([family[trial.family] for trial in self._trials], dtype=np.intp)
        self._floor = evidence.terms.floor
        self._marks = {
            factor: np.array([getattr(trial, factor) for trial in self._trials], dtype=object)
            for factor in ("category", "topic", "style", "pattern")
        }

    def descent(self, recipe: Recipe, promises: Array) -> Descent:
        """Return the parent of a prompt, given one promised effect per family (score points).

        A prompt from scratch promises 0. The parent is the member of its family that exceeded
        most what its recipe promised.
        """
        same_cell = self._same("category", recipe) & self._same("style", recipe)
        phrased = self._same("pattern", recipe) & self._same("style", recipe)
        elsewhere = ~(self._same("category", recipe) & self._same("topic", recipe))
        eligible = same_cell | (phrased & elsewhere)
        for family, n in self._children.items():
            if n >= self._cap:
                eligible &= self._family != family
        worth = np.where(eligible, promises[self._family], -np.inf)
        if not eligible.any() or worth.max() <= 0:
            return Descent()
        members = np.flatnonzero(worth == worth.max())
        parent = max(map(int, members), key=self._surprise)
        self._children[int(self._family[parent])] += 1
        trial = self._trials[parent]
        operator = "mutate" if same_cell[parent] else "cross"
        return Descent(operator, (trial.job_id,), trial.family)

    def _surprise(self, place: int) -> float:
        """Return by how much a prompt exceeded what its recipe promised."""
        if place not in self._surprises:
            trial = self._trials[place]
            expected = self._belief.expected(trial)
            self._surprises[place] = max(trial.score, self._floor) - expected
        return self._surprises[place]

    def _same(self, factor: str, recipe: Recipe) -> Mask:
        return np.asarray(self._marks[factor] == getattr(recipe, factor), dtype=np.bool_)
