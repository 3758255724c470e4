from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from statistics import fmean, variance

import pytest

from evolution.lift import lift
from evolution.recipes import Space
from evolution.rows import Row
from evolution.tallies import Evidence
from syntx.job import Recipe

Live = Callable[..., list[Row]]


def share(rows: Sequence[Row], style: str, arm: str | None = "steered") -> float:
    """Return a style's share of an arm, or of all prompts."""
    chosen = [row.style for row in rows if arm is None or row.arm == arm]
    return chosen.count(style) / len(chosen)


def last(rows: Sequence[Row], generations: int) -> list[Row]:
    """Return the rows of the newest generations."""
    newest = max(row.generation or 0 for row in rows)
    return [row for row in rows if (row.generation or 0) > newest - generations]


def one_good_style(recipe: Recipe, _: int) -> float:
    """Score so that about 90 % of one style's answers reach 90, and about 30 % of the others'."""
    return 103 if recipe.style == "kreativ" else 85


def flat(_recipe: Recipe, _generation: int) -> float:
    """Score everything alike."""
    return 75


def test_a_truly_better_style_leads_within_ten_generations(live: Live) -> None:
    """It has at least 60 % of the steered prompts, and beats a random producer (p < 0.01)."""
    learned = last(live(one_good_style, 10), 3)
    random = last(live(one_good_style, 10, strength=0.0), 3)

    assert share(learned, "kreativ") >= 0.6
    scores = [[row.score or 0 for row in rows] for rows in (learned, random)]
    gain = fmean(scores[0]) - fmean(scores[1])
    assert gain / math.sqrt(sum(variance(each) / len(each) for each in scores)) > 2.33


def test_no_style_dies_out_without_a_reason(live: Live, space: Space) -> None:
    """Four equally good styles keep 10 % each in every window of five generations of sixty."""
    rows = live(flat, 60)

    for start in range(1, 57):
        window = Counter(row.style for row in rows if start <= (row.generation or 0) < start + 5)
        assert min(window[style] for style in space.styles) >= 10


def test_a_worse_style_is_still_tried(live: Live, space: Space) -> None:
    """Under a clear signal each style keeps 5 % in five generations, by the control arm."""
    counts = Counter(row.style for row in last(live(one_good_style, 20), 5))

    assert min(counts[style] for style in space.styles) >= 5


def test_without_signal_the_lift_covers_zero(
    live: Live, evidence_of: Callable[..., Evidence]
) -> None:
    """In at least 14 of 15 worlds without signal no generation's interval excludes 0."""
    honest = 0
    for seed in range(15):
        rows = live(flat, 8, seed)
        arms = evidence_of(rows).arms
        looks = [lift(each for each in arms if each.generation <= g) for g in range(3, 9)]
        honest += all(
            look.low is None or look.high is None or look.low <= 0 <= look.high for look in looks
        )

    assert honest >= 14


def test_with_signal_the_lift_shows_it(live: Live, evidence_of: Callable[..., Evidence]) -> None:
    """Where learning helps, the interval lies above 0."""
    measured = lift(evidence_of(live(one_good_style, 12)).arms)

    assert measured.low is not None
    assert measured.low > 0


def test_lowering_one_style_lowers_its_share(live: Live) -> None:
    """With A as before and B worse, B gets fewer prompts."""

    def worse(recipe: Recipe, _: int) -> float:
        return 60 if recipe.style == "casual" else 75

    before = fmean(share(live(flat, 8, seed), "casual") for seed in range(3))
    after = fmean(share(live(worse, 8, seed), "casual") for seed in range(3))

    assert after < before / 2


def test_stronger_feedback_follows_evidence_more(live: Live) -> None:
    """The better style's share of all prompts rises with the strength, from even at 0."""
    shares = [
        fmean(share(last(live(one_good_style, 8, seed, s), 4), "kreativ", None) for seed in (0, 1))
        for s in (0.0, 0.4, 0.8, 1.0)
    ]

    assert shares == sorted(shares)
    assert shares[0] == pytest.approx(0.25, abs=0.02)
    assert shares[3] > shares[2] > shares[1] > shares[0]


def test_when_the_best_style_switches_the_new_one_leads_ten_generations_later(live: Live) -> None:
    """From generation 20 on another style is the best; by generation 30 it has most prompts."""

    def switching(recipe: Recipe, generation: int) -> float:
        best = "casual" if generation < 20 else "technisch"
        return 85 if recipe.style == best else 70

    for seed in (0, 1):
        counts = Counter(row.style for row in last(live(switching, 30, seed), 1))
        assert counts.most_common(1)[0][0] == "technisch"


def test_better_categories_are_preferred_and_none_is_dropped(live: Live, space: Space) -> None:
    """A better category gets more than its even share, and each is tried in ten generations."""

    def better(recipe: Recipe, _: int) -> float:
        return 85 if recipe.category == "category 2" else 70

    counts = Counter(row.category for row in last(live(better, 18), 10))

    assert counts["category 2"] > 2 * 200 / 7
    assert min(counts[topic.category] for topic in space.topics) >= 4


def test_new_combinations_are_tried_without_being_told(live: Live) -> None:
    """The loop by itself keeps meeting pairs of style and topic it never tried."""
    rows = live(one_good_style, 20)
    pairs = [
        {(row.style, row.topic) for row in rows if (row.generation or 0) <= limit}
        for limit in (5, 10, 20)
    ]

    assert len(pairs[0]) < len(pairs[1]) < len(pairs[2])
