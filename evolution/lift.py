"""Lift: whether steered prompts score better than unsteered ones, honestly bounded."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, variance

from evolution.rows import Row, learnable

POCOCK = 2.67
"""Half-width in standard errors of a 95 % interval that is looked at every generation."""
MIN_ARM = 8
"""Fewer scores than this in an arm are no ground for an interval."""


@dataclass(frozen=True, slots=True)
class Lift:
    """Means in score points; difference and bounds are None while an arm is too small."""

    steered_mean: float | None
    control_mean: float | None
    difference: float | None
    low: float | None
    high: float | None
    n_steered: int
    n_control: int


@dataclass(frozen=True, slots=True)
class GenerationMean:
    """How one generation scored, whole and by arm; an arm without scores has no mean."""

    generation: int
    n: int
    mean: float
    control: float | None
    steered: float | None


def lift(rows: Iterable[Row]) -> Lift:
    """Compare the arms over the generations that had both (Welch interval)."""
    both = [arms for arms in _by_generation(rows).values() if arms["steered"] and arms["control"]]
    steered = [score for arms in both for score in arms["steered"]]
    control = [score for arms in both for score in arms["control"]]
    means = _mean(steered), _mean(control)
    sizes = len(steered), len(control)
    if min(sizes) < MIN_ARM:
        return Lift(*means, None, None, None, *sizes)
    difference = fmean(steered) - fmean(control)
    margin = POCOCK * math.sqrt(variance(steered) / sizes[0] + variance(control) / sizes[1])
    low, high = round(difference - margin, 2), round(difference + margin, 2)
    return Lift(*means, round(difference, 2), low, high, *sizes)


def curve(rows: Iterable[Row]) -> tuple[GenerationMean, ...]:
    """Return the mean score of every generation that has scores, in order."""
    return tuple(
        GenerationMean(
            generation=number,
            n=len(scores),
            mean=round(fmean(scores), 2),
            control=_mean(arms["control"]),
            steered=_mean(arms["steered"]),
        )
        for number, arms in sorted(_by_generation(rows).items())
        if (scores := [score for arm in arms.values() for score in arm])
    )


def _by_generation(rows: Iterable[Row]) -> dict[int, dict[str, list[int]]]:
    found: dict[int, dict[str, list[int]]] = defaultdict(lambda: {"control": [], "steered": []})
    for row in learnable(rows):
        if row.generation is not None and row.arm in ("control", "steered"):
            assert row.score is not None
            found[row.generation][row.arm].append(row.score)
    return found


def _mean(scores: Sequence[int]) -> float | None:
    return round(fmean(scores), 2) if scores else None
