"""The hidden landscape: something true to learn, different for every seed."""

from __future__ import annotations

from itertools import product
from statistics import median, pstdev

import pytest

from syntx.simulator.dice import dice
from syntx.simulator.domains import DOMAINS
from syntx.simulator.landscape import Landscape
from syntx.simulator.traits import PATTERNS, STYLES, Traits

FRAMES = ("frame-a", "frame-b", "frame-c", "frame-d")


def means(seed: int) -> dict[tuple[str, ...], float]:
    """Return the true worth of every recipe of average length."""
    landscape = Landscape(seed)
    return {
        (category, style, pattern, frame): landscape.mean(
            Traits(category, style, pattern, 65), frame
        )
        for category, style, pattern, frame in product(DOMAINS, STYLES, PATTERNS, FRAMES)
    }


@pytest.mark.parametrize("seed", range(5))
def test_ninety_is_reachable_but_not_usual(seed: int) -> None:
    """The median recipe is worth 68 to 82, the best more than 90, the worst less than 65."""
    worth = means(seed).values()

    assert 68 < median(worth) < 82
    assert max(worth) > 90
    assert min(worth) < 65
    assert sum(value >= 90 for value in worth) / len(worth) < 0.25


@pytest.mark.parametrize(("place", "names"), [(0, tuple(DOMAINS)), (1, STYLES), (2, PATTERNS)])
def test_every_part_of_a_recipe_matters(place: int, names: tuple[str, ...]) -> None:
    """The mean worth by category, style and pattern is spread by three to eight points."""
    worth = means(7)
    by_name = [
        sum(value for recipe, value in worth.items() if recipe[place] == name)
        / sum(recipe[place] == name for recipe in worth)
        for name in names
    ]

    assert 3 < pstdev(by_name) < 8


def test_another_seed_is_another_world() -> None:
    """The best recipe of one seed says nothing about another seed's."""
    best = {max(worlds, key=worlds.__getitem__) for worlds in map(means, range(6))}

    assert len(best) >= 5


def test_two_answers_differ_around_the_same_truth() -> None:
    """Noise differs from answer to answer and averages out."""
    landscape, traits = Landscape(3), Traits("culture", "casual", "thesis", 60)
    drawn = [landscape.quality(traits, "frame", dice(number)) for number in range(400)]

    assert len(set(drawn)) > 300
    assert abs(sum(drawn) / 400 - landscape.mean(traits, "frame")) < 1
