from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evolution.exploring import explore
from evolution.recipes import DEFAULT_PATTERNS, Space, WeightedTopic, random_language
from syntx.errors import ConfigError


def of_weights(weights: dict[str, float]) -> Space:
    """Make a space of one category with weighted topics."""
    return Space.of({"one": list(weights.items())}, ["casual"], ["human"])


def drawn_from(space: Space, count: int, rng: np.random.Generator) -> list[WeightedTopic]:
    """Return the topics of a generation that follows nothing."""
    listed = {(topic.category, topic.name): topic for topic in space.topics}
    return [
        listed[str(recipe.category), str(recipe.topic)] for recipe in explore(space, (), count, rng)
    ]


def test_draws_only_listed_topics_and_most_of_them(space: Space) -> None:
    """Ten batches of 33 name listed topics in their own category only, at least 30 of them."""
    rng = np.random.default_rng(1)

    drawn = [topic for _ in range(10) for topic in drawn_from(space, 33, rng)]

    assert len(drawn) == 330
    assert set(drawn) <= set(space.topics)
    assert len(set(drawn)) >= 30


@pytest.mark.parametrize("count", [1, 20, 33])
def test_a_batch_no_larger_than_the_list_has_no_duplicate(space: Space, count: int) -> None:
    """Each topic of such a batch stands in it once."""
    drawn = drawn_from(space, count, np.random.default_rng(2))

    assert len(set(drawn)) == count


def test_every_topic_is_used_once_before_any_repeats(space: Space) -> None:
    """The first 33 of 40 draws are the whole list."""
    drawn = drawn_from(space, 40, np.random.default_rng(3))

    assert len(drawn) == 40
    assert set(drawn[:33]) == set(space.topics)


def test_the_same_seed_draws_the_same_list(space: Space) -> None:
    """Two sources of one seed agree, and another seed differs."""
    first, again, other = (drawn_from(space, 20, np.random.default_rng(seed)) for seed in (4, 4, 5))

    assert first == again
    assert first != other


@pytest.mark.parametrize(("batches", "size"), [(1, 500), (5, 100)])
def test_heavier_topics_are_drawn_oftener(batches: int, size: int) -> None:
    """A topic of weight 1 is drawn far oftener than one of 0.1, however large the batch."""
    space = of_weights({"heavy": 1.0, "light": 0.1})
    rng = np.random.default_rng(6)

    counts = Counter(topic.name for _ in range(batches) for topic in drawn_from(space, size, rng))

    assert counts["heavy"] > 3 * counts["light"] > 0


@given(st.lists(st.sampled_from([0.0, 0.2, 1.0, 5.0]), min_size=1, max_size=8), st.integers(0, 40))
@settings(max_examples=60, deadline=None)
def test_weight_zero_excludes_and_the_count_is_kept(weights: list[float], count: int) -> None:
    """Any list with a weight above 0 gives as many draws as asked, none of weight 0."""
    named = {f"topic {number}": weight for number, weight in enumerate([*weights, 1.0])}

    drawn = drawn_from(of_weights(named), count, np.random.default_rng(0))

    assert len(drawn) == count
    assert all(topic.weight > 0 for topic in drawn)


def test_a_space_without_a_topic_to_draw_is_refused() -> None:
    """All weights 0 is an error that says what to list."""
    with pytest.raises(ConfigError, match="topics with a weight above 0"):
        of_weights({"never": 0.0})


def test_patterns_and_language_have_defaults() -> None:
    """Without own patterns the six shipped ones stand, and prompts are German."""
    space = of_weights({"any": 1.0})

    assert space.patterns == DEFAULT_PATTERNS
    assert set(DEFAULT_PATTERNS) >= {"question", "scenario", "comparison", "thesis", "dialogue"}
    assert random_language(space, np.random.default_rng(0)) == "de"


def test_a_language_of_weight_zero_is_never_drawn() -> None:
    """Languages follow their weights."""
    space = Space.of({"one": [("any", 1)]}, ["casual"], ["human"], languages={"de": 1, "en": 0})
    rng = np.random.default_rng(0)

    assert {random_language(space, rng) for _ in range(50)} == {"de"}
