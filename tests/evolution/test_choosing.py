from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evolution.choosing import Options, choose, control_size, dice
from evolution.learner import believe
from evolution.recipes import Space
from evolution.rows import Row
from evolution.tallies import Evidence
from syntx.settings.models import Steering


def options(strength: float = 0.8, **limits: float) -> Options:
    """Make options with the given limits."""
    return Options(strength, Steering.model_validate(limits))


@pytest.fixture
def evidence(space: Space, row: Callable[..., Row]) -> list[Row]:
    """Give 300 rows in which one style, one category and one topic stand out by far."""
    made = []
    for number in range(300):
        topic = space.topics[number % 33]
        style = space.styles[number % 4]
        score = 60 + 20 * (style == "casual") + 10 * (topic.category == "category 3")
        named = {"topic": topic.name, "category": topic.category, "style": style}
        made.append(row(number, **named, score=score + 8 * (topic.name == "topic 3.2")))
    return made


@pytest.mark.parametrize(
    ("size", "scored", "strength", "expected"),
    [
        (20, 100, 0.8, 4),
        (20, 100, 0.5, 10),
        (20, 100, 1.0, 2),
        (20, 100, 0.0, 20),
        (20, 19, 0.8, 20),
        (3, 100, 0.8, 1),
        (2, 100, 0.8, 1),
        (1, 100, 0.8, 0),
        (0, 100, 0.8, 0),
    ],
)
def test_the_control_arm_has_its_share(
    size: int, scored: int, strength: float, expected: int
) -> None:
    """It is the rest of the strength, at least two or half, and all while little is known."""
    assert control_size(size, scored, options(strength)) == expected


def test_below_the_least_evidence_everything_is_unsteered(
    space: Space, row: Callable[..., Row], evidence_of: Callable[..., Evidence]
) -> None:
    """Nineteen scored rows, and any number of failures, do not steer."""
    rows = [row(n) for n in range(19)]
    rows += [row(100 + n, score=None, outcome="failed") for n in range(50)]

    assert {
        choice.arm for choice in choose(space, evidence_of(rows), 20, options(), dice(0, 1))
    } == {"control"}


def test_after_a_drift_cut_exploration_begins_anew(
    space: Space, row: Callable[..., Row], evidence: list[Row], evidence_of: Callable[..., Evidence]
) -> None:
    """Nothing is steered until enough prompts were scored that were chosen knowing of the cut."""

    def arms(known: Evidence) -> set[str]:
        return {choice.arm for choice in choose(space, known, 20, options(), dice(0, 5))}

    known = replace(evidence_of(evidence), cut=5)
    later = [row(1_000 + n, generation=6) for n in range(20)]

    assert arms(known) == {"control"}
    assert arms(replace(evidence_of([*evidence, *later[:19]]), cut=5)) == {"control"}
    assert arms(replace(evidence_of([*evidence, *later]), cut=5)) == {"control", "steered"}


def test_the_same_seed_chooses_the_same(
    space: Space, evidence: list[Row], evidence_of: Callable[..., Evidence]
) -> None:
    """The order of rows does not matter, nor who fits the belief; the generation's number does."""
    known = evidence_of(evidence)
    chosen = choose(space, known, 20, options(), dice(0, 5))

    assert chosen == choose(space, known, 20, options(), dice(0, 5), believe(space, known))
    assert chosen == choose(space, evidence_of(evidence[::-1]), 20, options(), dice(0, 5))
    assert chosen != choose(space, evidence_of(evidence), 20, options(), dice(0, 6))


def test_a_generation_keeps_its_caps(
    space: Space, evidence: list[Row], evidence_of: Callable[..., Evidence]
) -> None:
    """However clear the evidence, no cell has more than a fifth, no topic more than 15 %."""
    recipes = [c.recipe for c in choose(space, evidence_of(evidence), 20, options(), dice(0, 5))]

    assert max(Counter((r.category, r.style) for r in recipes).values()) <= 4
    assert max(Counter((r.category, r.topic) for r in recipes).values()) <= 3


def test_one_topic_never_fills_a_generation(
    space: Space, evidence: list[Row], evidence_of: Callable[..., Evidence]
) -> None:
    """A topic that outshines all others has its three prompts, in whatever style."""
    rows = [replace(each, score=99 if each.topic == "topic 0.1" else 55) for each in evidence]

    counts = Counter(
        c.recipe.topic for c in choose(space, evidence_of(rows), 20, options(), dice(0, 5))
    )

    assert counts["topic 0.1"] == max(counts.values()) == 3


def test_steering_goes_where_the_evidence_points(
    space: Space, evidence: list[Row], evidence_of: Callable[..., Evidence]
) -> None:
    """The best style leads the steered arm, and the best cell is used up to its cap."""
    chosen = choose(space, evidence_of(evidence), 20, options(), dice(0, 5))
    steered = [c.recipe for c in chosen if c.arm == "steered"]

    assert len(steered) == 16
    assert sum(recipe.style == "casual" for recipe in steered) >= 13
    assert sum(r.category == "category 3" and r.style == "casual" for r in steered) == 4


def test_no_style_takes_a_whole_generation(
    space: Space, evidence: list[Row], evidence_of: Callable[..., Evidence]
) -> None:
    """However much better one style is, an eighth of the steered prompts has another."""
    clear = [replace(each, score=99 if each.style == "casual" else 50) for each in evidence * 3]
    rows = [replace(each, job_id=f"job-{number:06}") for number, each in enumerate(clear)]

    chosen = choose(space, evidence_of(rows), 20, options(cell_cap=1.0), dice(0, 5))

    counts = Counter(c.recipe.style for c in chosen if c.arm == "steered")
    assert counts["casual"] == 14


def test_only_steered_prompts_have_parents(
    space: Space, evidence: list[Row], evidence_of: Callable[..., Evidence]
) -> None:
    """The control arm is always from scratch; a family has two children in a generation."""
    chosen = choose(space, evidence_of(evidence), 20, options(), dice(0, 5))

    assert {(c.operator, c.parents, c.family) for c in chosen if c.arm == "control"} == {
        ("fresh", (), None)
    }
    born = [c for c in chosen if c.operator != "fresh"]
    assert {c.operator for c in born} <= {"mutate", "cross"}
    assert len(born) > 8
    assert max(Counter(c.family for c in born).values()) <= 2
    assert {c.parents[0] for c in born} <= {each.job_id for each in evidence}


def test_recipes_are_complete(
    space: Space, evidence: list[Row], evidence_of: Callable[..., Evidence]
) -> None:
    """Every choice names all that a fit needs, and a language."""
    chosen = choose(space, evidence_of(evidence), 20, options(), dice(0, 5))

    assert all(None not in choice.recipe.model_dump().values() for choice in chosen)


@given(
    topics=st.lists(st.integers(1, 4), min_size=1, max_size=4),
    kinds=st.tuples(st.integers(1, 12), st.integers(1, 3), st.integers(1, 3)),
    size=st.integers(0, 30),
    strength=st.floats(0, 1),
)
@settings(max_examples=80, deadline=None)
def test_any_space_fills_any_batch(
    topics: list[int], kinds: tuple[int, int, int], size: int, strength: float
) -> None:
    """However small the space, the batch is full, its control arm right, its recipes of it."""
    styles, wrappers, patterns = ([f"{n}" for n in range(kind)] for kind in kinds)
    named = {f"c{c}": [(f"t{t}", 1.0) for t in range(n)] for c, n in enumerate(topics)}
    space = Space.of(named, styles, wrappers, dict.fromkeys(patterns, "words"))
    rules = options(strength, min_rows=0)

    chosen = choose(space, Evidence(), size, rules, dice(0, 1))

    assert len(chosen) == size
    assert Counter(c.arm for c in chosen)["control"] == control_size(size, 0, rules)
    offered = {(topic.category, topic.name) for topic in space.topics}
    assert all((c.recipe.category, c.recipe.topic) in offered for c in chosen)


def test_a_topic_of_weight_zero_is_never_steered_to(
    row: Callable[..., Row], evidence_of: Callable[..., Evidence]
) -> None:
    """Even the best topic is left out once its weight is 0."""
    listed = [("best", 0.0), ("other", 1.0)]
    space = Space.of({"category 0": listed}, ["casual"], ["wrapper 0"])
    rows = [row(n, topic="best", score=99) for n in range(40)]

    chosen = choose(space, evidence_of(rows), 10, options(), dice(0, 1))

    assert {choice.recipe.topic for choice in chosen} == {"other"}


def test_equally_good_styles_each_keep_a_tenth(
    space: Space, evidence: list[Row], evidence_of: Callable[..., Evidence]
) -> None:
    """While no style is shown to be worse, each has a tenth of the generation."""
    alike = [replace(each, score=72 if each.style == "casual" else 70) for each in evidence]

    for number in range(10):
        chosen = choose(space, evidence_of(alike), 20, options(), dice(0, number))
        counts = Counter(choice.recipe.style for choice in chosen)
        assert min(counts[style] for style in space.styles) >= math.ceil(0.1 * 20)
