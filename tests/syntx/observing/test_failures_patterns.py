"""What messages have in common once what differs from job to job is left out."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syntx.observing.failures_patterns import LONGEST, pattern_of

_ALNUM = string.ascii_lowercase + string.digits
_WORDS = [
    "the",
    "model",
    "failed",
    "after",
    "Größe",
    "(at)",
    "gpt-4o:",
    "v2.5,",
    "a",
    "-",
    "B",
    "s",
]
_QUIET = st.lists(st.sampled_from(_WORDS), max_size=6).map(" ".join)
_HOSTS = st.builds(
    "{}.{}:{}".format,
    st.text(string.ascii_lowercase, min_size=1, max_size=8),
    st.sampled_from(["local", "example.org"]),
    st.integers(10, 65535),
)
_VALUES = {
    "number": st.one_of(st.integers(0, 10**12).map(str), st.floats(0, 1e6).map("{:.2f}".format)),
    "duration": st.builds("{} {}".format, st.integers(0, 9999), st.sampled_from(["s", "ms", "h"])),
    "id": st.builds(
        "2026112{}T193000.{:06d}Z-{:04x}{}".format,
        st.integers(0, 9),
        st.integers(0, 999_999),
        st.integers(0, 65535),
        st.sampled_from(["", "-quanten", "-quanten-casual"]),
    ),
    "uuid": st.uuids().map(str),
    "hex": st.text("0123456789abcdef", min_size=8, max_size=40),
    "quoted": st.text(st.characters(exclude_characters="'\n"), max_size=30).map("'{}'".format),
    "url": st.builds("http://{}/v1".format, _HOSTS),
    "host": _HOSTS,
    "path": st.lists(st.text(_ALNUM, min_size=1, max_size=8), min_size=2, max_size=4).map(
        lambda parts: "/" + "/".join(parts)
    ),
}


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_the_pattern_of_a_pattern_is_itself(message: str) -> None:
    """Whatever an endpoint says."""
    found = pattern_of(message)

    assert pattern_of(found) == found
    assert len(found) <= LONGEST


@pytest.mark.parametrize("kind", _VALUES)
@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_messages_that_differ_in_a_value_alone_have_one_pattern(
    kind: str, data: st.DataObject
) -> None:
    """For every kind of value, with any words around it."""
    before, behind = data.draw(_QUIET), data.draw(_QUIET)
    one, other = data.draw(_VALUES[kind]), data.draw(_VALUES[kind])

    patterns = {pattern_of(f"{before} {value} {behind}") for value in (one, other)}

    assert len(patterns) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("local answered 503: busy", "local answered 500: busy"),
        ("local did not answer in time", "distant did not answer in time"),
        ("gpt-4o declined to answer", "gpt-4.1 declined to answer"),
        ("KeyError: 'a'", "ValueError: 'a'"),
        ("no wrapper 'a' in /srv/w", "no terminology 'a' in /srv/w"),
        ("byte 12 is not UTF-8", "12 bytes, more than the 10 allowed"),
        ("it doesn't parse, it isn't YAML", "it doesn't parse, it is YAML"),
    ],
)
def test_different_causes_stay_apart(one: str, other: str) -> None:
    """What was asked, what answered and the status tell causes apart."""
    assert pattern_of(one) != pattern_of(other)


@pytest.mark.parametrize(
    ("message", "pattern"),
    [
        (
            "local cannot be reached at http://127.0.0.1:8080/v1 (ConnectError)",
            "local cannot be reached at <url> (ConnectError)",
        ),
        ("left alone for another 12 s: busy", "left alone for another <n>: busy"),
        ("job 20261120T193000.123456Z-7f3a ran out", "job <id> ran out"),
        ("config/models/x.yaml: line 3:12", "<path>: line <n>"),
        ("[::1]:80 or localhost:11434 or 10.0.0.1", "<host> or <host> or <host>"),
        ("since 2026-11-20T19:30:00.12Z,\n  2 of 3 (40 %)", "since <time>, <n> of <n> (<n>)"),
        ("request req_011CSxyz987 failed", "request <id> failed"),
    ],
)
def test_what_a_pattern_says(message: str, pattern: str) -> None:
    """It can still be read."""
    assert pattern_of(message) == pattern


def test_a_long_hostile_message_takes_no_time() -> None:
    """No text makes the search go through it again and again."""
    for piece in ("a/", "1.", "'", "a:", "[:", "0x", "a1", "<n", "http://", "-a.b", "„"):
        assert len(pattern_of(piece * 100_000)) <= LONGEST


def test_an_endpoint_that_is_left_alone_fails_for_what_it_said_last() -> None:
    """Jobs that were not asked because of earlier failures are one group with those that were."""
    said = "door answered 503: The server had an error (try later)"
    left = f"door failed 7 times in a row; it is left alone for another 12 s (last: {said})"

    assert pattern_of(left) == pattern_of(said)
