"""Answers that are none: they fail with a reason instead of being scored."""

from __future__ import annotations

import pytest

from consumer.prompts.scoring.gates import unusable

REPLACED = "\ufffd"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty_answer"),
        (" \n\t\u00a0\n", "empty_answer"),
        ("...", "empty_answer"),
        ("<!DOCTYPE html><html><body>502 Bad Gateway</body></html>", "html_page"),
        ("<html>\n<head><title>504 Gateway Time-out</title></head>", "html_page"),
        ("<head><title>Error</title></head><body><h1>Nope</h1></body>", "html_page"),
        ("\x00\x01\x02\x7fELF" * 30, "binary_answer"),
        (f"PK{REPLACED * 20}abc", "binary_answer"),
        ("%%%$$$###@@@!!!&&&" * 5 + "ab", "binary_answer"),
    ],
)
def test_what_is_no_answer_is_named(text: str, reason: str) -> None:
    """Empty texts, error pages and bytes each get their own reason."""
    assert unusable(text) == reason


@pytest.mark.parametrize(
    "text",
    [
        "1. DRIFT\nAlles ruhig.",
        "Ein kurzer Satz mit <b>Betonung</b>.",
        "Объяснение по-русски.",
        "42",
        "説明は次のとおりです。",
    ],
)
def test_what_may_be_an_answer_is_scored(text: str) -> None:
    """Short, foreign or lightly marked texts are left to the score."""
    assert unusable(text) is None
