"""Whatever an endpoint makes of our key, nothing of it is told on."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syntx.llm.hiding import without_key, without_pieces
from syntx.llm.translating import scrubbed

KEY = "cAnary/7+ZyXw=0123456789_abcdefgh"


@pytest.mark.parametrize(
    "echo",
    [
        KEY,
        KEY[::-1],
        quote(KEY, safe=""),
        KEY.encode().hex(),
        base64.b64encode(f"Bearer {KEY}".encode()).decode(),
        base64.b64encode(f"u:{KEY}".encode()).decode(),
        base64.urlsafe_b64encode(f":{KEY}:".encode()).decode(),
    ],
)
def test_the_key_is_hidden_however_it_is_encoded(echo: str) -> None:
    """An error and an answer that echo the key in any usual form hold nothing of use."""
    for told in (scrubbed(f"no: {echo}!", KEY), without_key(f"no: {echo}!", KEY)):
        assert "***" in told
        assert not any(echo[at : at + 12] in told for at in range(len(echo) - 11))


@given(st.text(max_size=40), st.integers(0, 32), st.integers(8, 33), st.text(max_size=40))
def test_no_piece_of_eight_characters_is_told(
    before: str, start: int, length: int, after: str
) -> None:
    """An error that repeats the middle of the key, or its end, is told without it."""
    told = without_pieces(f"{before}{KEY[start : start + length]}{after}", KEY)
    assert not any(KEY[at : at + 8] in told for at in range(len(KEY) - 7))


def test_honest_text_stays_as_it_is() -> None:
    """Without the key in it, an answer is what the endpoint said; a short key is a word."""
    answer = "Der Kanarienvogel öffnet den Käfig."
    assert without_key(answer, KEY) == without_pieces(answer, KEY) == answer
    assert without_key("a test is a test", "test") == "a test is a test"
