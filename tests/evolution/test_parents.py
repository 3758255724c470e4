from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from evolution.learner import believe
from evolution.parents import Nursery
from evolution.recipes import Space
from evolution.rows import Row
from evolution.tallies import Evidence
from syntx.job import Recipe

EvidenceOf = Callable[..., Evidence]


@pytest.fixture
def nursery(space: Space, evidence_of: EvidenceOf) -> Callable[..., Nursery]:
    """Open a nursery over rows."""

    def make(rows: list[Row], cap: int = 2) -> Nursery:
        evidence = evidence_of(rows)
        return Nursery(evidence, believe(space, evidence), cap)

    return make


def promises(*effects: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return one promised effect per family, in the order of the rows."""
    return np.array(effects)


def test_a_family_that_promises_nothing_has_no_children(
    nursery: Callable[..., Nursery], row: Callable[..., Row], recipe: Recipe
) -> None:
    """A prompt from scratch promises 0, and what promises less is not copied."""
    made = nursery([row(0, family="a"), row(1, family="b")])

    descent = made.descent(recipe, promises(-1.0, 0.0))

    assert (descent.operator, descent.parents, descent.family) == ("fresh", (), None)


def test_without_any_prompt_all_are_from_scratch(
    nursery: Callable[..., Nursery], recipe: Recipe
) -> None:
    """Nothing known, no parent."""
    assert nursery([]).descent(recipe, promises()).operator == "fresh"


def test_the_most_promising_family_has_the_child(
    nursery: Callable[..., Nursery], row: Callable[..., Row], recipe: Recipe
) -> None:
    """Of two families the one that promises more, and of its members the one that did best."""
    rows = [row(0, family="a", score=99), row(1, family="b", score=70)]
    rows += [row(2, family="b", score=85), row(3, family="b", score=80)]

    descent = nursery(rows).descent(recipe, promises(1.0, 2.0))

    assert (descent.operator, descent.parents, descent.family) == ("mutate", ("job-000002",), "b")


@pytest.mark.parametrize(
    ("changes", "operator"),
    [
        ({}, "mutate"),
        ({"pattern": "thesis", "wrapper": "wrapper 7"}, "mutate"),
        ({"topic": "topic 0.3", "pattern": "thesis"}, "mutate"),
        ({"topic": "topic 4.1", "category": "category 4"}, "cross"),
        ({"topic": "topic 4.1", "category": "category 4", "pattern": "thesis"}, "fresh"),
        ({"style": "technisch"}, "fresh"),
        ({"topic": "topic 4.1", "category": "category 4", "style": "technisch"}, "fresh"),
    ],
)
def test_parents_are_of_the_same_cell_or_the_same_phrasing(
    nursery: Callable[..., Nursery],
    row: Callable[..., Row],
    recipe: Recipe,
    changes: dict[str, str],
    operator: str,
) -> None:
    """Category and style alike is a mutation, style and pattern alike a cross, else neither."""
    assert nursery([row(0, **changes)]).descent(recipe, promises(3.0)).operator == operator


def test_a_family_has_so_many_children_and_then_another_has_them(
    nursery: Callable[..., Nursery], row: Callable[..., Row], recipe: Recipe
) -> None:
    """The cap is per family and generation; when all are used up, prompts are from scratch."""
    made = nursery([row(0, family="a"), row(1, family="b")], cap=2)

    families = [made.descent(recipe, promises(2.0, 1.0)).family for _ in range(5)]

    assert families == ["a", "a", "b", "b", None]
