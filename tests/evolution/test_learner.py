from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest

from evolution.learner import Belief, believe
from evolution.recipes import Space
from evolution.rows import Row
from evolution.tallies import Evidence

FLOOR = 50.0


def effect(belief: Belief, factor: str, level: str) -> float:
    """Return the believed effect of a level."""
    return float(belief.mean[belief.where(factor, [level])[0]])


def same(one: Belief, other: Belief) -> bool:
    """Whether two beliefs are equal to the last bit."""
    return (
        one.columns == other.columns
        and np.array_equal(one.mean, other.mean)
        and np.array_equal(one.cholesky, other.cholesky)
    )


@pytest.fixture
def rows(space: Space, row: Callable[..., Row]) -> list[Row]:
    """Give 400 rows in which `kreativ` scores 12 points above the other styles."""
    dice = random.Random(1)
    made = []
    for number in range(400):
        topic, style = dice.choice(space.topics), dice.choice(space.styles)
        score = round(dice.gauss(82 if style == "kreativ" else 70, 5))
        recipe = {"topic": topic.name, "category": topic.category, "style": style}
        made.append(row(number, **recipe, score=score, wrapper=dice.choice(space.wrappers)))
    return made


def test_a_better_style_is_believed_to_be_better(
    space: Space, rows: list[Row], evidence_of: Callable[..., Evidence]
) -> None:
    """The planted difference comes out, somewhat shrunk by the prior."""
    behind, spread = believe(space, evidence_of(rows)).deficits("style", ("kreativ", "casual"))

    assert behind[0] == spread[0] == 0
    assert 8 < behind[1] < 12.5
    assert 0 < spread[1] < 2


def test_belief_does_not_depend_on_the_order_of_rows(
    space: Space, rows: list[Row], evidence_of: Callable[..., Evidence]
) -> None:
    """A shuffled list gives the same numbers to the last bit."""
    shuffled = random.Random(2).sample(rows, len(rows))

    assert same(believe(space, evidence_of(rows)), believe(space, evidence_of(shuffled)))


def test_aggregation_changes_nothing(
    space: Space, rows: list[Row], evidence_of: Callable[..., Evidence]
) -> None:
    """Counting identical recipes together equals the plain regression over all rows."""
    belief = believe(space, evidence_of(rows))
    place = {column: number for number, column in enumerate(belief.columns)}
    design = np.zeros((len(rows), len(place)))
    for number, each in enumerate(rows):
        named = [("intercept", ""), ("category", each.category), ("style", each.style)]
        named += [("topic", f"{each.category} › {each.topic}")]
        named += [("wrapper", each.wrapper), ("pattern", each.pattern)]
        design[number, [place[str(factor), str(level)] for factor, level in named]] = 1
    sd = {"intercept": 25.0, "topic": 2.0}
    prior = np.array([sd.get(factor, 3.0) ** -2 for factor, _ in belief.columns])
    scores = np.array([max(each.score or 0, FLOOR) for each in rows])
    pull = design.T @ scores / 100 + np.where(np.arange(len(place)) == 0, 75.0, 0) * prior
    plain = np.linalg.solve(design.T @ design / 100 + np.diag(prior), pull)

    assert np.allclose(belief.mean, plain, atol=1e-8)


def test_nothing_known_is_the_prior(space: Space) -> None:
    """Without rows every effect is zero, and topics are believed to differ less than styles."""
    belief = believe(space, Evidence())
    draws = belief.draw(1.0, 4000, np.random.default_rng(0))

    assert effect(belief, "style", "casual") == 0
    assert draws[:, belief.where("style", ["casual"])[0]].std() == pytest.approx(3, rel=0.1)
    topic = belief.where("topic", ["category 0 › topic 0.0"])[0]
    assert draws[:, topic].std() == pytest.approx(2, rel=0.1)


def test_temper_scales_the_spread_of_draws(
    space: Space, rows: list[Row], evidence_of: Callable[..., Evidence]
) -> None:
    """Temper 0 is the mean itself; 0.3 spreads by three tenths of the full belief."""
    belief = believe(space, evidence_of(rows))
    full = belief.draw(1.0, 50, np.random.default_rng(1)) - belief.mean
    tempered = belief.draw(0.3, 50, np.random.default_rng(1)) - belief.mean

    assert np.array_equal(belief.draw(0, 1, np.random.default_rng(1))[0], belief.mean)
    assert np.allclose(tempered, 0.3 * full)


@pytest.mark.parametrize(
    "change",
    [
        {"score": None, "outcome": "failed"},
        {"pattern": None},
        {"kind": "document"},
        {"score_version": "0", "settled_at": "2020"},
        {"simulated": True, "settled_at": "2020"},
    ],
)
def test_what_is_no_evidence_changes_nothing(
    space: Space,
    rows: list[Row],
    row: Callable[..., Row],
    change: dict[str, object],
    evidence_of: Callable[..., Evidence],
) -> None:
    """Failures, unknown recipes, documents and older measures leave the belief as it is."""
    spoiled = [*rows, *(row(900 + n, **{"score": 100, **change}) for n in range(30))]

    assert same(believe(space, evidence_of(rows)), believe(space, evidence_of(spoiled)))


def test_low_scores_are_learned_from(
    space: Space, row: Callable[..., Row], evidence_of: Callable[..., Evidence]
) -> None:
    """Thirty bad answers push a style below one that was never tried."""
    belief = believe(space, evidence_of(row(number, score=55) for number in range(30)))

    assert effect(belief, "style", "casual") < effect(belief, "style", "kreativ")


def test_scores_below_the_floor_count_as_the_floor(
    space: Space, row: Callable[..., Row], evidence_of: Callable[..., Evidence]
) -> None:
    """A complete failure of an answer teaches no more than a bad one."""
    zero, bad = ([row(number, score=score) for number in range(9)] for score in (0, 50))

    assert same(believe(space, evidence_of(zero)), believe(space, evidence_of(bad)))


def test_evidence_on_a_removed_topic_still_counts(
    space: Space, row: Callable[..., Row], evidence_of: Callable[..., Evidence]
) -> None:
    """What a topic that is no longer listed taught about its style is kept."""
    gone = [row(number, topic="gone", category="gone", score=95) for number in range(30)]

    assert effect(believe(space, evidence_of(gone)), "style", "casual") > 0
