"""Whatever a model sends: scoring never raises, stays on its scale, and takes linear time.

The long run: ``./run test -m slow tests/consumer/prompts/test_hostile_answers.py``.
"""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consumer.prompts.parsing import detect, parse
from consumer.prompts.scoring.total import score
from syntx.terminologies import TERMINOLOGIES, for_terminology

MEGABYTE = 1_000_000
SCRAPS = st.sampled_from(
    [
        *(f"{n}. " for n in range(1, 8)), *"#*_-–•>|`~=+:.,;!?()[]{}<>\"'„“…\\/\t\r\n\0",
        "\n\n", "### ", "**", "DRIFT", "TIEFE", "KLARTEXT", "Σ-DRIFTGRADIENT", "Kalibrierung",
        "WIRKUNG AUF BEIDE SEITEN", "Depth", "глубина", "TIER-2", "ein", "der", "the of", "und",
        "Es tut mir leid, ich kann nicht", "<html>", "{{prompt}}", "a\u0308", "\u200b", "\u2028",
        "\ufffd", "\ud83d\ude00", "𝕏", "١٢٣", "مرحبا", "說明", "ǅ", "İ", "ﬁ", "=", "[Faktor]",
    ]
)  # fmt: skip
ANSWERS = st.one_of(
    st.text(max_size=300),
    st.lists(st.one_of(SCRAPS, st.text(max_size=12)), max_size=60).map("".join),
    st.lists(SCRAPS, max_size=40).map(" ".join),
)


def hold(answer: str, prompt: str, terminology: str) -> None:
    """Check all promises about one answer."""
    wrapper = for_terminology(terminology)
    result = score(answer, wrapper, prompt)
    assert 0 <= result.total <= 100
    assert set(result.fields) == {field.key for field in wrapper.fields}
    assert result == score(answer, wrapper, prompt)
    end = 0
    for found in parse(answer, wrapper.fields).fields:
        assert answer[found.start : found.end] == found.text
        assert found.start >= end or not found.text
        end = max(end, found.end)
    assert detect(answer) in {None, *TERMINOLOGIES}


@settings(max_examples=300, deadline=None)
@given(ANSWERS, ANSWERS, st.sampled_from(sorted(TERMINOLOGIES)))
def test_no_answer_and_no_prompt_breaks_the_score(
    answer: str, prompt: str, terminology: str
) -> None:
    """Any text gets an integer of 0 to 100, the same each time."""
    hold(answer, prompt, terminology)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@settings(max_examples=100_000, deadline=None)
@given(ANSWERS, ANSWERS, st.sampled_from(sorted(TERMINOLOGIES)))
def test_a_hundred_thousand_answers_do_not_break_the_score(
    answer: str, prompt: str, terminology: str
) -> None:
    """The same promises, for very many texts."""
    hold(answer, prompt, terminology)


@pytest.mark.parametrize(
    "piece",
    [
        "*",
        "#",
        " ",
        "1. ",
        "1. x\n",
        "1. DRIFT\n",
        "- a\n",
        "\n ",
        "word ",
        "a",
        "[",
        "<",
        "…",
        "? ",
    ],
)
def test_a_megabyte_takes_no_longer_than_its_length(piece: str) -> None:
    """A million signs of anything are parsed, detected and scored in a few seconds at worst."""
    answer = f"1. DRIFT\nEin Satz. {piece * (MEGABYTE // len(piece))}"
    wrapper = for_terminology("human")

    before = time.process_time()
    score(answer, wrapper, "Erkläre die Drift.")
    parse(answer, wrapper.fields)
    detect(answer)

    assert time.process_time() - before < 8
