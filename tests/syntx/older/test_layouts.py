from __future__ import annotations

from typing import Any

import pytest

from syntx.older.layouts import sort_texts

PROMPT = "Erkläre einem Kind, was 1. ein Blitz und 2. ein Donner ist."
ANSWER = "**1. Σ-DRIFTGRADIENT**: steigend\n\n2) Σ-MECHANISMUSKNOTEN (MN)\nMN-04\n"


def _quality(length: int) -> dict[str, Any]:
    return {"gpt_quality": {"stats": {"length": length}}}


def _scored(structure: float) -> dict[str, Any]:
    return {"syntex_result": {"quality_score": {"structure_adherence": structure}}}


@pytest.mark.parametrize(
    ("text", "data", "layout"),
    [
        (PROMPT, _quality(len(PROMPT)), "prompt_only"),
        (PROMPT + "\n", _quality(len(PROMPT)), "prompt_only"),
        ("Freier Text.", _quality(400), "answer_only"),
        (ANSWER, {}, "answer_only"),
        (ANSWER, _scored(96), "answer_only"),
        ("### Driftkörperanalyse\na\n### Kalibrierung\nb", _scored(100), "answer_only"),
        (PROMPT, _scored(96), "prompt_only"),
        (PROMPT, _scored(32), "unknown"),
        ("### Frage", _scored(100), "unknown"),
        (PROMPT, {}, "unknown"),
    ],
)
def test_the_evidence_decides_and_else_nothing_does(
    text: str, data: dict[str, Any], layout: str
) -> None:
    """Recorded length, headings and recorded structure tell; without them it is unknown."""
    assert sort_texts(text, None, data, answered=True).layout == layout


def test_an_unanswered_text_is_the_prompt() -> None:
    """Without an answer on record nothing can have been written over it."""
    assert sort_texts(ANSWER, None, {}, answered=False).prompt == ANSWER


@pytest.mark.parametrize("text", [None, "", "Antwort.", "Antwort.\n"])
def test_a_text_that_equals_the_answer_is_no_prompt(text: str | None) -> None:
    """Where the answer is stored apart, a text that repeats it was written over."""
    texts = sort_texts(text, "Antwort.", {}, answered=True)
    assert (texts.layout, texts.prompt, texts.answer) == ("answer_only", "", "Antwort.")
