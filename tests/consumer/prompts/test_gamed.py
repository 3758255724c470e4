"""Good answers stay good, and whatever spoils or fakes one is caught."""

from __future__ import annotations

from itertools import pairwise

import pytest
from gamed_answers import CAUGHT_BELOW, TRICKS
from good_answers import Good, good_answers

from consumer.prompts.scoring.total import score

GOOD = {good.name: good for good in good_answers()}
BLIND_SPOTS = {"words chained at random", "mostly another prompt's answer", "horoscope"}
"""Tricks that get through now and then; docs/explanation/scoring.md tells of them."""


def total(answer: str, good: Good) -> int:
    """Score a text as an answer to the good one's prompt."""
    return score(answer, good.wrapper, good.prompt).total


@pytest.mark.parametrize("name", GOOD)
def test_a_good_answer_scores_high(name: str) -> None:
    """Natural prose in German or English, in every terminology, reaches 90 and more."""
    assert total(GOOD[name].answer, GOOD[name]) >= 90


@pytest.mark.parametrize("trick", sorted(set(TRICKS) - BLIND_SPOTS))
def test_a_spoilt_answer_is_caught(trick: str) -> None:
    """Each trick brings every good answer below 60."""
    for good in GOOD.values():
        assert total(TRICKS[trick](good), good) < CAUGHT_BELOW, good.name


def test_nearly_everything_is_caught() -> None:
    """Blind spots included, at least 95 of 100 spoilt answers are caught."""
    caught = [
        total(trick(good), good) < CAUGHT_BELOW
        for trick in TRICKS.values()
        for good in GOOD.values()
    ]

    assert len(TRICKS) >= 24
    assert sum(caught) >= 0.95 * len(caught)


@pytest.mark.parametrize("name", GOOD)
def test_a_missing_field_costs_at_least_its_weight(name: str) -> None:
    """Whichever field is left out, its share of the total goes with it, and it is told."""
    good = GOOD[name]
    whole = score(good.answer, good.wrapper, good.prompt)
    headings = [good.answer.index(field.heading) for field in good.wrapper.fields]
    starts = [good.answer.rfind("\n", 0, at) + 1 for at in headings] + [len(good.answer)]

    for field, (start, end) in zip(good.wrapper.fields, pairwise(starts), strict=True):
        left = score(good.answer[:start] + good.answer[end:], good.wrapper, good.prompt)
        assert left.fields[field.key] is False
        assert left.total <= whole.total * (1 - field.weight / 100)


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("share", [0.3, 0.5, 0.7, 0.9])
def test_a_cut_answer_scores_below_the_whole_one(name: str, share: float) -> None:
    """Wherever an answer breaks off, it is worth less, and the break is measured."""
    good = GOOD[name]
    cut = good.answer[: int(len(good.answer) * share)].rstrip(" .!?\n") + " und"

    result = score(cut, good.wrapper, good.prompt)

    assert result.total < CAUGHT_BELOW
    assert result.measures["truncated"] is True


@pytest.mark.parametrize("name", GOOD)
def test_more_loops_never_help(name: str) -> None:
    """Each further turn of the last paragraph leaves the score or lowers it."""
    good = GOOD[name]
    totals = [total(good.answer + f"\n{good.texts[-1]}" * turns, good) for turns in (0, 1, 3, 9)]

    assert totals == sorted(totals, reverse=True)
    assert totals[-1] < CAUGHT_BELOW
