"""The labelled real answers: what is in them is found, and the scores tell their kinds apart."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from consumer.prompts.parsing import detect, parse
from consumer.prompts.scoring.legacy import legacy_format, legacy_score
from consumer.prompts.scoring.total import score
from syntx.terminologies import TERMINOLOGIES, for_terminology

if TYPE_CHECKING:
    from tests.consumer.prompts.conftest import Labelled


def found_in(answer: str) -> set[str]:
    """Return the keys of the fields an answer holds, whatever its terminology."""
    terminology = detect(answer)
    if terminology is None:
        return set()
    parsed = parse(answer, TERMINOLOGIES[terminology])
    return {field.key for field in parsed.fields if field.text}


def total_of(item: Labelled) -> int:
    """Score a real answer with the wrapper its headings tell."""
    wrapper = for_terminology(detect(item.answer) or "human")
    return score(item.answer, wrapper, item.prompt).total


def test_fields_are_found_and_nothing_else(labelled: list[Labelled]) -> None:
    """Recall and precision of fields are at least 0.98 against the labels."""
    pairs = [(found_in(item.answer), set(item.label["gold_fields_present"])) for item in labelled]
    hits = sum(len(found & gold) for found, gold in pairs)

    assert hits >= 0.98 * sum(len(gold) for _, gold in pairs)
    assert hits >= 0.98 * sum(len(found) for found, _ in pairs)


def test_the_terminology_is_the_labelled_one(labelled: list[Labelled]) -> None:
    """Answers are told apart by their headings, and free text has none."""
    for item in labelled:
        gold = item.label["gold_terminology"]
        assert detect(item.answer) == (None if gold == "none" else gold)


def test_scores_tell_the_kinds_apart(labelled: list[Labelled]) -> None:
    """Complete answers reach 70 with a median of 90, echoes stay below 50, free text below 30."""
    totals: dict[str, list[int]] = {}
    for item in labelled:
        totals.setdefault(item.label["gold_kind"], []).append(total_of(item))

    assert min(totals["answer"]) >= 70
    assert statistics.median(totals["answer"]) >= 90
    assert max(totals["template_echo"]) < 50
    assert max(totals["free_text"]) < 30


def test_the_older_score_is_reproduced(labelled: list[Labelled]) -> None:
    """The legacy score and format are those the older scorer recorded."""
    for item in labelled:
        assert legacy_score(item.answer) == item.label["origin_head_total_score"]
        assert legacy_format(item.answer) == item.label["origin_head_format"]
