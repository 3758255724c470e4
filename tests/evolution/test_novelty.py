from __future__ import annotations

import subprocess
import sys
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evolution.novelty import SKETCH_BYTES, jaccard, similarity, sketch

KNOWN = "d7b40bb724f375576511e3e1399c401f"
WORDS = st.lists(
    st.text(alphabet="abcdefghijklmnoprstuvwäöü", min_size=3, max_size=9), min_size=20, max_size=60
)


def _estimate(one: str, other: str) -> float:
    return float(similarity(sketch(one), [sketch(other)])[0])


@given(WORDS, WORDS, st.integers(0, 60))
def test_the_estimate_is_near_the_exact_share(one: list[str], other: list[str], kept: int) -> None:
    """Sketches of texts that share more or less of their words tell how much, within chance."""
    first, second = " ".join(one), " ".join([*one[:kept], *other])
    assert _estimate(first, second) == pytest.approx(jaccard(first, second), abs=0.25)


def test_the_estimate_errs_to_neither_side() -> None:
    """Over many pairs the estimates are right on average, and spread as 128 draws do."""
    chance = Random(1)
    errors = []
    for _ in range(200):
        one, other = ([f"w{chance.getrandbits(40):x}" for _ in range(40)] for _ in range(2))
        first, second = " ".join(one), " ".join([*one[:30], *other[:10]])
        errors.append(_estimate(first, second) - jaccard(first, second))

    mean = sum(errors) / len(errors)
    assert abs(mean) < 0.012
    assert (sum((each - mean) ** 2 for each in errors) / len(errors)) ** 0.5 < 0.055


@given(st.text(min_size=1, max_size=400))
def test_a_text_is_like_itself(text: str) -> None:
    """The same text is wholly alike, whatever is in it; case and blanks change nothing."""
    expected = 1.0 if text.strip() else 0.0
    assert jaccard(text, text) == expected
    assert len(sketch(text)) == SKETCH_BYTES
    if expected:
        assert _estimate(text, text) == 1.0
        assert sketch(f"  {text}\n") == sketch(text)


@given(st.text(max_size=200), st.text(max_size=200))
def test_likeness_goes_both_ways(one: str, other: str) -> None:
    """It does not matter which text is compared with which, and it is a share."""
    assert 0 <= jaccard(one, other) == jaccard(other, one) <= 1
    assert _estimate(one, other) == _estimate(other, one)


def test_unlike_texts_are_unlike() -> None:
    """Bytes that agree by chance are no likeness."""
    assert _estimate("Was macht ein gutes Spiel aus?", "Beschreiben Sie den Kohlenstoff.") < 0.1


def test_sketches_are_the_same_in_every_process() -> None:
    """A sketch that another process made years ago still fits."""
    assert sketch("Brettspiele für Könige").hex()[:32] == KNOWN
    code = "from evolution.novelty import sketch; print(sketch('Brettspiele für Könige').hex())"
    other = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={"PYTHONHASHSEED": "7", "PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    assert other.stdout.strip() == sketch("Brettspiele für Könige").hex()
