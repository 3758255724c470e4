"""The quality of a draft: its rules, and the older system's own records."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from producer.quality import draft_quality


@pytest.mark.parametrize(
    ("length", "points"),
    [(49, 0), (50, 2), (99, 2), (100, 3), (500, 3), (501, 2), (800, 2), (801, 1), (1001, 0)],
)
def test_length_earns_most_between_100_and_500_characters(length: int, points: int) -> None:
    """The bounds of the length points are inclusive where the older rule had them so."""
    assert draft_quality("x" * length)["length_score"] == points


def test_a_well_formed_draft_earns_all_ten_points() -> None:
    """Ten of ten is reachable: long enough, several sentences, a list, ordinary words."""
    sentence = (
        "Erkläre bitte einmal den Weg eines alten Briefes quer durch ganz Europa bis nach Rom. "
    )

    quality = draft_quality("1. " + sentence * 2 + "\n2. " + sentence * 3)

    assert (quality["total_score"], quality["max_score"]) == (10, 10)
    assert quality["quality_rating"] == "excellent"


def test_an_empty_draft_earns_nothing() -> None:
    """An empty text has no words to divide by, and no points."""
    quality = draft_quality("")

    assert quality["total_score"] == 0
    assert quality["stats"] == {"length": 0, "sentences": 0, "words": 0, "avg_word_length": 0.0}


def test_recorded_drafts_get_the_quality_that_was_recorded() -> None:
    """Every recorded draft whose text is whole is rated exactly as the older system rated it."""
    named = os.environ.get("SYNTX_REAL_RECORDS")
    if not named:
        pytest.skip("SYNTX_REAL_RECORDS does not name a folder of real records")
    lines = (Path(named) / "gpt_prompts.jsonl").read_text("utf-8").splitlines()
    rated = [
        (record["prompt_generated"], record["quality_score"])
        for record in map(json.loads, lines)
        if record.get("quality_score") and record.get("prompt_generated")
    ]
    whole = [(text, kept) for text, kept in rated if kept["stats"]["length"] == len(text)]

    assert whole
    assert [draft_quality(text) for text, _ in whole] == [kept for _, kept in whole]
