from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import student
from numpy.typing import NDArray

from evolution.lift import POCOCK, curve, lift, lifts
from evolution.rows import Row
from evolution.tallies import ArmScores, Evidence, Sums


@pytest.fixture
def arms(row: Callable[..., Row]) -> Callable[..., list[Row]]:
    """Make the rows of one generation from the scores of its two arms."""

    def make(generation: int, steered: list[int], control: list[int]) -> list[Row]:
        named = [("steered", score) for score in steered] + [("control", s) for s in control]
        return [
            row(generation * 1000 + place, arm=arm, score=score, generation=generation)
            for place, (arm, score) in enumerate(named)
        ]

    return make


def test_lift_is_the_difference_with_its_interval(
    arms: Callable[..., list[Row]], evidence_of: Callable[..., Evidence]
) -> None:
    """Means, difference and Welch bounds are those one computes by hand."""
    measured = lift(evidence_of(arms(1, [80, 90] * 8, [70, 80] * 4)).arms)

    margin = student.margin([80, 90] * 8, [70, 80] * 4, POCOCK)
    assert (measured.steered_mean, measured.control_mean, measured.difference) == (85, 75, 10)
    assert measured.low == pytest.approx(10 - margin, abs=0.02)
    assert measured.high == pytest.approx(10 + margin, abs=0.02)
    assert (measured.n_steered, measured.n_control) == (16, 8)


def test_too_few_scores_give_no_interval(
    arms: Callable[..., list[Row]], evidence_of: Callable[..., Evidence]
) -> None:
    """Seven control scores are told as such, and nothing is claimed."""
    measured = lift(evidence_of(arms(1, [80] * 20, [70] * 7)).arms)

    assert measured.n_control == 7
    assert measured.control_mean == 70
    assert measured.difference is measured.low is measured.high is None


def test_generations_without_both_arms_are_left_out(
    arms: Callable[..., list[Row]], evidence_of: Callable[..., Evidence]
) -> None:
    """An exploration, all control, does not enter the comparison."""
    rows = arms(1, [], [10] * 20) + arms(2, [80] * 16, [70] * 8)

    fair = arms(2, [80] * 16, [70] * 8)
    assert lift(evidence_of(rows).arms) == lift(evidence_of(fair).arms)


def test_nothing_scored_is_no_lift() -> None:
    """Without rows there are no means."""
    assert lift(()).n_steered == 0
    assert lift(()).steered_mean is None


def test_the_curve_tells_each_generation(
    arms: Callable[..., list[Row]], evidence_of: Callable[..., Evidence]
) -> None:
    """Means stand whole and by arm, in the order of generations."""
    second, first = arms(2, [90, 80], [70]), arms(1, [], [60, 70])

    found = curve(evidence_of(second + first).arms)
    points = [(p.generation, p.n, p.mean, p.control, p.steered) for p in found]

    assert points == [(1, 2, 65, 65, None), (2, 3, 80, 70, 85)]


def test_the_last_of_the_lifts_is_the_lift(
    arms: Callable[..., list[Row]], evidence_of: Callable[..., Evidence]
) -> None:
    """Each generation that had both arms adds to the comparison as it stood before it."""
    rows = [
        *arms(1, [], [10] * 20),
        *arms(2, [80, 85] * 8, [70] * 4),
        *arms(3, [90] * 16, [60, 70] * 2),
    ]
    scores = evidence_of(rows).arms

    found = dict(lifts(scores))

    assert [*found] == [2, 3]
    assert found[2].difference is None
    assert found[3] == lift(scores)


def test_looking_at_every_generation_claims_nothing_by_chance() -> None:
    """With no signal the interval covers 0 at all of twenty looks, in nine runs of ten and more."""
    rng = np.random.default_rng(5)
    honest = 0
    for _ in range(300):
        scores = [
            ArmScores(generation, arm, _sums(rng.normal(75, 12, size).round().astype(int)))
            for generation in range(20)
            for arm, size in (("control", 4), ("steered", 16))
        ]
        intervals = [(found.low, found.high) for _, found in lifts(scores)]
        honest += all(
            low <= 0 <= high for low, high in intervals if low is not None and high is not None
        )
    assert honest >= 270


def _sums(scores: NDArray[np.int_]) -> Sums:
    return Sums(len(scores), int(scores.sum()), int((scores**2).sum()))
