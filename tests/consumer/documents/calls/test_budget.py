"""How much content goes into one call: the documented formula and the working estimate."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consumer.documents.calls.budget import (
    HIGHEST_RATIO,
    LOWEST_RATIO,
    ChunkSizes,
    Correction,
    content_tokens,
    documented_sizes,
    estimated_tokens,
)
from syntx.errors import ContextExceeded


@pytest.mark.parametrize(
    ("context", "max_output", "prompt_bytes", "text", "image"),
    [
        (128_000, 16_384, 4_000, 247_531, 282_892),
        (8_192, 1_024, 1_001, 15_248, 17_427),
        (1_000, 400, 999, 537, 614),
        (200_000, 64_000, 0, 304_393, 347_878),
    ],
)
def test_the_documented_formula_is_reproduced_to_the_byte(
    context: int, max_output: int, prompt_bytes: int, text: int, image: int
) -> None:
    """The values were worked out by hand from the documented steps."""
    assert documented_sizes(context, max_output, prompt_bytes) == ChunkSizes(text, image)


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_documented_formula_is_positive_or_an_error(
    context: int, max_output: int, prompt_bytes: int
) -> None:
    """What is left is never zero or less; text never takes more than images would."""
    if context - max_output - prompt_bytes / 4 - 110 < 1.25:  # four fifths of it are no token
        with pytest.raises(ContextExceeded, match="leaves nothing"):
            documented_sizes(context, max_output, prompt_bytes)
        return

    sizes = documented_sizes(context, max_output, prompt_bytes)

    assert 0 < sizes.text <= sizes.image
    assert sizes.image + prompt_bytes + 4 * max_output < 4 * context


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("The quick brown fox jumps over the lazy dog near the river bank. ", 13, 24),
        ("Die Prüfung der Jahresabschlüsse größerer Gesellschaften ", 17, 26),
        ("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", 34, 44),
        ("2024-01-17;1.234,56;19,00;DE;17\n" * 4, 60, 90),
        ("株式会社の年次報告書", 10, 16),
    ],
)
def test_the_estimate_is_not_below_what_tokenizers_count(text: str, least: int, most: int) -> None:
    """`least` is about what usual tokenizers count; four bytes a token is below it for most."""
    assert least <= estimated_tokens(text) <= most


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.text(max_size=10))
def test_the_estimate_grows_with_the_text(text: str, more: str) -> None:
    """A longer text never counts less, which cutting relies on."""
    assert estimated_tokens(text + more) >= estimated_tokens(text) - 1e-9
    assert estimated_tokens(text) >= len(text) / 3 - 1e-9


def test_a_model_that_counts_more_is_believed_at_once() -> None:
    """Down only by halves, and never beyond the bounds."""
    known = Correction()

    known.tell(100, 180)
    assert known.tokens(100) == 180
    known.tell(100, 80)
    assert known.tokens(100) == 130
    known.tell(100, 10_000)
    assert known.ratio == HIGHEST_RATIO
    for _ in range(50):
        known.tell(100, 1)
    assert known.ratio == pytest.approx(LOWEST_RATIO)


@pytest.mark.parametrize("reported", [None, 0])
def test_a_model_that_tells_nothing_corrects_nothing(reported: int | None) -> None:
    """Counts that are missing are no counts."""
    known = Correction()

    known.tell(100, reported)

    assert known.ratio == 1.0


def test_an_answer_as_long_as_the_context_leaves_half_for_the_rest() -> None:
    """The output reserve shrinks before the content does."""
    assert content_tokens(8_192, 1_000, 8_192, 0.1) == int((8_192 - 4_096 - 1_110) * 0.9)
    assert content_tokens(8_192, 1_000, None, 0.1) == content_tokens(8_192, 1_000, 8_192, 0.1)


def test_no_room_for_content_is_a_clear_error() -> None:
    """Prompt, answer and context are named."""
    with pytest.raises(ContextExceeded, match="1000 tokens leaves nothing"):
        content_tokens(1_000, 900, 300, 0.1)
