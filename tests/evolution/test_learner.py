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


@pytest.mark.parametrize("singly", [0, 100, 5_000])
def test_aggregation_changes_nothing(
    space: Space, rows: list[Row], evidence_of: Callable[..., Evidence], singly: int
) -> None:
    """Counting identical recipes together equals the plain regression over all rows."""
    belief = believe(space, evidence_of(rows, singly=singly))
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
    pull = design.T @ scores / 109 + np.where(np.arange(len(place)) == 0, 75.0, 0) * prior
    plain = np.linalg.solve(design.T @ design / 109 + np.diag(prior), pull)

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


def test_a_family_is_told_from_what_its_recipe_is_worth(
    space: Space, rows: list[Row], row: Callable[..., Row], evidence_of: Callable[..., Evidence]
) -> None:
    """Twelve good prompts of one lineage raise the lineage more than the style they share."""
    lucky = [row(900 + n, score=95, style="casual", family="lineage") for n in range(12)]
    lone = [row(900 + n, score=95, style="casual") for n in range(12)]
    before = effect(believe(space, evidence_of(rows)), "style", "casual")

    belief, apart = (believe(space, evidence_of([*rows, *more])) for more in (lucky, lone))

    drawn = belief.families.draw(belief.mean, 0, np.random.default_rng(0))
    lineage = dict(zip(belief.families.names, drawn, strict=True))["lineage"]
    assert lineage > 4
    gains = [effect(each, "style", "casual") - before for each in (belief, apart)]
    assert 0 < 1.5 * gains[0] < gains[1]


def test_families_are_drawn_about_what_is_left_in_doubt(
    space: Space, row: Callable[..., Row], evidence_of: Callable[..., Evidence]
) -> None:
    """A family tried often spreads less than one tried once; temper scales both."""
    rows = [row(n, family="often") for n in range(40)] + [row(40, family="once")]
    belief = believe(space, evidence_of(rows))
    rng = np.random.default_rng(0)

    draws = np.array([belief.families.draw(belief.mean, 0.3, rng) for _ in range(4_000)])

    assert belief.families.names == ("often", "once")
    assert draws.std(axis=0) == pytest.approx(
        [0.3 * (1 / 9 + n / 100) ** -0.5 for n in (40, 1)], rel=0.05
    )


def test_endless_levels_of_foreign_recipes_stay_few_columns(
    space: Space, rows: list[Row], row: Callable[..., Row], evidence_of: Callable[..., Evidence]
) -> None:
    """A thousand topics nobody offers cannot swell the system; the style they had is learned."""
    strange = [row(900 + n, topic=f"strange {n}", style="casual", score=95) for n in range(1_000)]

    before, belief = (believe(space, evidence_of(each)) for each in (rows, rows + strange))

    assert len(belief.columns) == 61 + 200
    assert effect(belief, "style", "casual") > effect(before, "style", "casual") + 2
