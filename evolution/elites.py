"""Elites: the best prompt of every category and style, by what its family shows, not by luck."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from statistics import fmean
from types import MappingProxyType

from evolution.learner import FAMILY_SD, NOISE_SD
from evolution.tallies import Evidence, Trial

CAUTION = NOISE_SD**2 / FAMILY_SD**2
"""So many prompts of a family say as much about it as the average of its cell does."""

Cell = tuple[str, str]
"""A category and a style."""


def elites(evidence: Evidence, min_score: int) -> Mapping[Cell, Trial]:
    """Return the elite of every cell that has one, in the cells' order.

    An elite scored at least `min_score`; of several, it is the one whose family did best in the
    cell, its mean drawn towards the cell's as long as the family is small.
    """
    trials = [trial for trial in evidence.trials if trial.weight == 1]
    cells = _means(trials, cell_of)
    families = _means(trials, lambda trial: (cell_of(trial), trial.family))

    def worth(trial: Trial) -> tuple[float, int, int, str]:
        average, _ = cells[cell_of(trial)]
        mean, n = families[cell_of(trial), trial.family]
        drawn = (n * mean + CAUTION * average) / (n + CAUTION)
        return drawn, trial.score, trial.generation, trial.job_id

    found: dict[Cell, Trial] = {}
    for trial in sorted((each for each in trials if each.score >= min_score), key=worth):
        found[cell_of(trial)] = trial
    return MappingProxyType(dict(sorted(found.items())))


def cell_of(trial: Trial) -> Cell:
    """Return the category and style of a prompt."""
    return trial.category, trial.style


def _means(
    trials: list[Trial], key: Callable[[Trial], Hashable]
) -> Mapping[Hashable, tuple[float, int]]:
    groups: dict[Hashable, list[int]] = {}
    for trial in trials:
        groups.setdefault(key(trial), []).append(trial.score)
    return {name: (fmean(scores), len(scores)) for name, scores in groups.items()}
