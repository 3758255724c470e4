"""Lift: whether steered prompts score better than unsteered ones, honestly bounded."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from evolution.tallies import ArmScores, Sums, total_of

POCOCK = 2.67
"""Half-width in standard errors of a 95 % interval that is looked at twenty times."""
MIN_ARM = 8
"""Fewer scores than this in an arm are no ground for an interval."""

_ARMS = ("control", "steered")


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
    mean: float | None
    control: float | None
    steered: float | None


def lift(scores: Iterable[ArmScores]) -> Lift:
    """Compare the arms over the generations that had both (Welch interval)."""
    both = [arms for arms in _by_generation(scores).values() if len(arms) == len(_ARMS)]
    return _welch(
        total_of(arms["steered"] for arms in both), total_of(arms["control"] for arms in both)
    )


def lifts(scores: Iterable[ArmScores]) -> Iterator[tuple[int, Lift]]:
    """Compare the arms as it stood after each generation that had both, in order."""
    steered, control = Sums(), Sums()
    for number, arms in sorted(_by_generation(scores).items()):
        if len(arms) == len(_ARMS):
            steered += arms["steered"]
            control += arms["control"]
            yield number, _welch(steered, control)


def _welch(steered: Sums, control: Sums) -> Lift:
    means, sizes = (steered.told, control.told), (steered.n, control.n)
    if min(sizes) < MIN_ARM:
        return Lift(*means, None, None, None, *sizes)
    difference = steered.mean - control.mean
    margin = _margin(steered, control)
    low, high = round(difference - margin, 2), round(difference + margin, 2)
    return Lift(*means, round(difference, 2), low, high, *sizes)


def curve(scores: Iterable[ArmScores]) -> tuple[GenerationMean, ...]:
    """Return the mean score of every generation that has scores, in order."""
    return tuple(_point(number, arms) for number, arms in sorted(_by_generation(scores).items()))


def latest(scores: Sequence[ArmScores]) -> GenerationMean | None:
    """Return the last point of the curve, or None."""
    newest = max((each.generation for each in scores), default=None)
    points = curve(each for each in scores if each.generation == newest)
    return points[0] if points else None


def _margin(one: Sums, other: Sums) -> float:
    """Return the half-width of Welch's interval: Pocock's constant, as a quantile of Student's t.

    The quantile is Abramowitz & Stegun's expansion in the degrees of freedom (26.7.5).
    """
    parts = one.variance / one.n, other.variance / other.n
    whole = sum(parts)
    if not whole:
        return 0.0
    df = whole**2 / (parts[0] ** 2 / (one.n - 1) + parts[1] ** 2 / (other.n - 1))
    z = POCOCK
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    return (z + first / df + second / df**2) * math.sqrt(whole)


def _point(number: int, arms: Mapping[str, Sums]) -> GenerationMean:
    together = sum(arms.values(), Sums())
    return GenerationMean(
        generation=number,
        n=together.n,
        mean=round(together.mean, 2),
        control=arms.get("control", Sums()).told,
        steered=arms.get("steered", Sums()).told,
    )


def _by_generation(scores: Iterable[ArmScores]) -> dict[int, dict[str, Sums]]:
    found: dict[int, dict[str, Sums]] = defaultdict(dict)
    for each in scores:
        if each.arm in _ARMS and each.scores.n:
            found[each.generation][each.arm] = each.scores
    return found
