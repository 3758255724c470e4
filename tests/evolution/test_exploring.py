from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np

from evolution.exploring import explore
from evolution.recipes import Space
from evolution.rows import Row
from evolution.tallies import Evidence


def rng(seed: int = 0) -> np.random.Generator:
    """Return a seeded source."""
    return np.random.default_rng(seed)


def test_the_first_generation_uses_all_styles_alike(space: Space) -> None:
    """With nothing known, twenty prompts spread evenly over four styles and all categories."""
    recipes = explore(space, (), 20, rng())

    assert set(Counter(recipe.style for recipe in recipes).values()) == {5}
    assert len({recipe.category for recipe in recipes}) == 7


def test_no_topic_repeats_before_all_were_used(space: Space) -> None:
    """Forty prompts use all 33 topics first, each once."""
    topics = [recipe.topic for recipe in explore(space, (), 40, rng(1))]

    assert len(set(topics[:33])) == 33


def test_every_recipe_is_complete_and_of_the_space(space: Space) -> None:
    """Topic and category belong together, and wrapper and pattern are offered ones."""
    recipes = explore(space, (), 60, rng(2))

    assert all(
        None not in recipe.model_dump().values() and recipe.language == "de" for recipe in recipes
    )
    listed = {(topic.name, topic.category) for topic in space.topics}
    assert {(recipe.topic, recipe.category) for recipe in recipes} <= listed
    assert {recipe.wrapper for recipe in recipes} == set(space.wrappers)
    assert {recipe.pattern for recipe in recipes} == set(space.patterns)


def test_untried_cells_come_first(
    space: Space, row: Callable[..., Row], evidence_of: Callable[..., Evidence]
) -> None:
    """Seven small generations in a row visit all 28 cells of category and style."""
    rows: list[Row] = []
    for seed in range(7):
        for recipe in explore(space, evidence_of(rows).strata, 4, rng(seed)):
            rows.append(row(len(rows), arm="control", **recipe.model_dump(exclude={"language"})))

    assert len({(each.category, each.style) for each in rows}) == 28


def test_what_steering_used_does_not_count(
    space: Space, row: Callable[..., Row], evidence_of: Callable[..., Evidence]
) -> None:
    """Steered and hand-made rows leave the control arm as it would be without them."""
    steered = [row(number, arm="steered") for number in range(50)]
    manual = [row(number, arm="control", operator="manual") for number in range(50, 90)]

    strata = evidence_of(steered + manual).strata
    assert explore(space, strata, 12, rng(3)) == explore(space, (), 12, rng(3))


def test_weights_reach_the_control_arm(evidence_of: Callable[..., Evidence]) -> None:
    """Over many generations a light topic is used less, and one of weight 0 never."""
    space = Space.of(
        {"one": [("heavy", 1.0), ("light", 0.1), ("never", 0.0)], "two": [("other", 1.0)]},
        ["casual"],
        ["human"],
    )
    rows: list[Row] = []
    for seed in range(100):
        (recipe,) = explore(space, evidence_of(rows).strata, 1, rng(seed))
        rows.append(
            Row(
                f"{seed}",
                1,
                "prompt",
                "passed",
                "",
                arm="control",
                operator="fresh",
                **recipe.model_dump(exclude={"language"}),
            )
        )

    counts = Counter(each.topic for each in rows)
    assert counts["heavy"] > 3 * counts["light"] > 0
    assert counts["never"] == 0
