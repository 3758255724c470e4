from __future__ import annotations

import pytest

from evolution.claims import Claim
from producer.advice import advice
from syntx.job import Recipe

RECIPE = Recipe(topic="Tiere", category="natur", style="casual", pattern="scenario", language="de")


def _claim(factor: str, level: str, kind: str = "better") -> Claim:
    return Claim(f"{factor}-{level}-{kind}", factor, level, kind, 4.0, 1.0, 7.0, 20, 0.98)  # type: ignore[arg-type]


CLAIMS = (
    _claim("style", "casual", "worse"),
    _claim("pattern", "scenario", "best"),
    _claim("category", "natur"),
    _claim("topic", "natur › Tiere"),
    _claim("wrapper", "human"),
    _claim("style", "kreativ"),
)


def test_what_is_decided_is_said_in_plain_words() -> None:
    """A form that does best is named as people name it."""
    told = advice([_claim("pattern", "scenario", "best")], RECIPE)
    assert told.sentences == (
        "Bisher gelingen Prompts in Form eines Szenarios am besten; arbeite das deutlich heraus.",
    )


def test_only_the_recipe_s_own_parts_are_advised_on() -> None:
    """Another style would lead away from the recipe, and the wrapper is none of the prompt's."""
    told = " ".join(advice(CLAIMS, RECIPE).sentences)
    assert "casual" in told
    assert "Tiere" in told
    assert "kreativ" not in told
    assert "human" not in told


def test_no_figure_is_passed_on() -> None:
    """Scores, intervals and counts are for people, not for the prompt."""
    assert not any(letter.isdigit() for line in advice(CLAIMS, RECIPE).sentences for letter in line)


def test_the_same_statements_have_the_same_id() -> None:
    """The ID depends on what is said, not on order or effect; without advice there is none."""
    told = advice(CLAIMS, RECIPE)
    assert told.id == advice(tuple(reversed(CLAIMS)), RECIPE).id
    assert told.id != advice(CLAIMS[1:], RECIPE).id
    assert advice(CLAIMS[4:], RECIPE).id is None


@pytest.mark.parametrize("factor", ["style", "pattern", "category", "topic"])
def test_what_is_undecided_is_not_said(factor: str) -> None:
    """A statement that is not decided yet is no advice."""
    level = {"style": "casual", "pattern": "scenario", "category": "natur"}.get(
        factor, "natur › Tiere"
    )
    assert advice([_claim(factor, level, "undecided")], RECIPE).sentences == ()
