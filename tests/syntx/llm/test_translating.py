"""Statuses, waits, error bodies and scrubbing, without any network."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syntx.errors import (
    BadRequest,
    ContextExceeded,
    DeadlineExceeded,
    ModelUnavailable,
    NotAuthorised,
    Permanent,
    RateLimited,
    SyntxError,
    Temporary,
)
from syntx.llm.choosing import Room, estimate_tokens, fit
from syntx.llm.contract import CallLimits, Message
from syntx.llm.pausing import Backoff
from syntx.llm.translating import error_for, retry_delay, said_in, scrubbed

NOON = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, BadRequest),
        (400, BadRequest),
        (401, NotAuthorised),
        (402, NotAuthorised),
        (403, NotAuthorised),
        (404, BadRequest),
        (408, DeadlineExceeded),
        (413, ContextExceeded),
        (422, BadRequest),
        (425, ModelUnavailable),
        (429, RateLimited),
        (500, ModelUnavailable),
        (503, ModelUnavailable),
        (529, ModelUnavailable),
    ],
)
def test_each_status_is_one_error(status: int, kind: type[SyntxError]) -> None:
    """The tree of errors has a place for each."""
    assert type(error_for(status, "said", {}, "api")) is kind


def test_an_empty_account_is_not_asked_again_and_again() -> None:
    """A 429 for want of credit will not pass by waiting."""
    error = error_for(429, "You exceeded your quota", {}, "api", "insufficient_quota")

    assert isinstance(error, NotAuthorised)
    assert "credit" in (error.fix or "")


@given(st.integers(300, 599), st.text(max_size=50))
@settings(max_examples=100, deadline=None)
def test_every_status_is_temporary_or_permanent(status: int, text: str) -> None:
    """No status falls through."""
    error = error_for(status, text, {}, "api")

    assert isinstance(error, Temporary | Permanent)
    assert "api" in error.message


@pytest.mark.parametrize(
    ("headers", "delay"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "Thu, 01 Jan 2026 12:01:30 GMT"}, 90.0),
        ({"retry-after": "Thu, 01 Jan 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
    ],
)
def test_the_wait_an_endpoint_asks_for_is_read(
    headers: dict[str, str], delay: float | None
) -> None:
    """Seconds, milliseconds and dates are understood, nonsense is ignored."""
    assert retry_delay(headers, NOON) == delay


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_no_header_breaks_the_reading(text: str) -> None:
    """Whatever stands there gives a wait that is not negative, or none."""
    delay = retry_delay({"retry-after": text, "retry-after-ms": text}, NOON)

    assert delay is None or delay >= 0


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"error": {"message": "m", "code": "c"}}, ("m", "c")),
        ({"message": "m", "type": "t"}, ("m", "t")),
        ({"detail": "d"}, ("d", "")),
        ({"detail": [{"loc": ["body"], "msg": "x"}]}, ('[{"loc": ["body"], "msg": "x"}]', "")),
        ({"error": "plain"}, ("plain", "")),
        ("text", ("text", "")),
        (None, ("", "")),
    ],
)
def test_error_bodies_of_all_shapes_are_read(body: object, said: tuple[str, str]) -> None:
    """Each kind of API says it in its own way."""
    assert said_in(body) == said


@pytest.mark.parametrize(
    "text",
    [
        "key my-own-secret refused",
        "Incorrect API key provided: sk-abcdef***wxyz. See the docs",
        "header Bearer eyJhbGciOi.J9 refused",
        "key AIzaSyA-123456789 refused",
    ],
)
def test_keys_are_taken_out_of_what_providers_say(text: str) -> None:
    """Our own key and everything that looks like one become stars."""
    clean = scrubbed(text, "my-own-secret")

    assert "***" in clean
    for part in ("my-own", "abcdef", "wxyz", "eyJ", "AIzaSy"):
        assert part not in clean


@given(st.integers(1, 60), st.floats(0, 1), st.floats(0, 500))
@settings(max_examples=200, deadline=None)
def test_a_pause_is_bounded_below_and_above(tries: int, chance: float, asked: float) -> None:
    """Never shorter than asked for, never more than the longest back-off on top of it."""
    pause = Backoff(1.0, 60.0).pause(tries, RateLimited("x", delay=asked), chance)

    assert asked <= pause <= asked + 60.0


@given(
    st.integers(0, 5000),
    st.integers(1, 5000),
    st.none() | st.integers(1, 5000),
    st.none() | st.integers(1, 5000),
)
@settings(max_examples=200, deadline=None)
def test_a_fitted_answer_fits(
    prompt: int, context: int, asked: int | None, most: int | None
) -> None:
    """Prompt and answer stay within the context, and nobody gets more than asked for."""
    room = Room(prompt, context, most)
    if prompt >= context:
        with pytest.raises(ContextExceeded):
            fit(CallLimits(max_tokens=asked), room)
        return

    sent = fit(CallLimits(max_tokens=asked), room).max_tokens

    assert (sent is None) == (asked is None and most is None)
    if sent is not None:
        assert 1 <= sent <= min(asked or sent, most or sent, context - prompt)


@pytest.mark.parametrize("text", ["a" * 300, "ä" * 150, "猫" * 100])
def test_tokens_are_counted_by_bytes(text: str) -> None:
    """Scripts that take more tokens a character are counted so."""
    assert estimate_tokens([Message("user", text)]) == 104
