"""JSON out of what models write."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consumer.documents.generation.json_texts import (
    MOST_GUESSED,
    extract_json_string,
    repair_broken_json,
    try_parse_json,
)

_SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
_VALUES = st.recursive(
    _SCALARS.filter(lambda value: value not in (float("inf"), float("-inf"))),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
_OBJECTS = st.dictionaries(st.text(), _VALUES, min_size=1, max_size=4)

MEANT = {"a": ["x", 1.5, None, True], "b": {"c": "it's"}}


@pytest.mark.parametrize(
    "text",
    [
        '{"a": ["x", 1.5, NaN, true], "b": {"c": "it\'s"}}',
        '{"a": ["x", 1.5, null, true,], "b": {"c": "it\'s",},}',
        "{'a': ['x', 1.5, None, True], 'b': {'c': 'it\\'s'}}",
        '{a: ["x", 1.5, null, true], b: {c: "it\'s"}}',
        '{"a": ["x", 1.5, null, true] /* why */ "b": {"c": "it\'s"}} // end',
        '{"a": ["x", 1.5, null, true], "b": {"c": "it\'s"',
        'Sure, [as asked]: {"a": ["x", 1.5, null, true], "b": {"c": "it\'s"}}\n\nAnything else?',
        "{“a”: [“x”, +1.5, undefined, TRUE]; “b” => {“c”: “it's”}}",
    ],
)
def test_what_was_meant_is_read_and_what_was_mended_is_told(text: str) -> None:
    """Common faults are mended, and never silently."""
    parsed = repair_broken_json(text)

    assert parsed.ok
    assert parsed.value == MEANT
    assert parsed.repaired
    assert parsed.changes


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"t": "eins\nzwei\tdrei"}', "eins\nzwei\tdrei"),
        ('{"t": "er sagte "ja", und ging"}', 'er sagte "ja", und ging'),
        ('{"t": "C:\\Users"}', "C:\\Users"),
        ('{"t": "\\ud83d\\ude00"}', "😀"),
        (json.dumps('{"t": "innen"}'), "innen"),
        ("{&quot;t&quot;: &quot;&lt;b&gt;&quot;}", "<b>"),
    ],
)
def test_strings_keep_their_content(text: str, value: str) -> None:
    """Raw line breaks, quotes and odd escapes do not cost the text around them."""
    assert repair_broken_json(text).value == {"t": value}


def test_a_fence_alone_is_no_repair() -> None:
    """What stands in a fence is taken as it is; that it was fenced is told."""
    parsed = try_parse_json('\ufeff```json\n{"a": "```"}\n```')

    assert parsed.value == {"a": "```"}
    assert not parsed.repaired
    assert "fence taken off" in parsed.changes


def test_nothing_inside_is_mended_when_only_parsing() -> None:
    """Broken JSON is no JSON until repair is asked for."""
    assert not try_parse_json('{"a": 1,}').ok


def test_a_piece_of_a_broken_document_is_not_taken_for_it() -> None:
    """An object that is whole inside one that is cut is not what was meant."""
    cut = '{"metadata": {"title": "' + "lang " * 50 + '"}, "documents": [{"sec'

    assert not try_parse_json(cut).ok
    assert list(repair_broken_json(cut).value) == ["metadata", "documents"]


def test_json_is_cut_out_of_prose() -> None:
    """The largest object is taken, thoughts are not."""
    text = '<think>{"x": [1, 2, 3, 4]}</think> As in {"e": 1}: {"a": [1, 2]} Good?'

    assert extract_json_string(text) == '{"a": [1, 2]}'


@given(st.text())
@settings(max_examples=150, deadline=None)
def test_noise_never_raises(text: str) -> None:
    """Whatever a model says, reading it gives an answer."""
    for tried in (text, "{" + text, '["' + text, '{"a":' + text):
        assert isinstance(extract_json_string(tried), str)
        try_parse_json(tried)
        repair_broken_json(tried)


@given(_OBJECTS, st.data())
@settings(max_examples=120, deadline=None)
def test_every_prefix_gives_a_part_of_the_original(value: dict[str, Any], data: Any) -> None:
    """What is cut is closed behind what is whole: no value that the original has not."""
    text = json.dumps(value, indent=data.draw(st.sampled_from([None, 1])))
    cut = data.draw(st.integers(min_value=1, max_value=len(text) - 1))
    parsed = repair_broken_json(text[:cut])

    assert parsed.ok
    assert parsed.repaired
    assert _is_part(parsed.value, value)


@pytest.mark.parametrize("text", ["", "no", "null and void", "{", "[" * 100_000, '{"a"' * 5_000])
def test_hopeless_text_is_nothing_and_no_error(text: str) -> None:
    """Without a value there is none; depth costs no stack."""
    assert repair_broken_json(text).value in (None, {})


def _is_part(part: Any, whole: Any) -> bool:
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(key in whole and _is_part(one, whole[key]) for key, one in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        fits = len(part) <= len(whole)
        return fits and all(_is_part(a, b) for a, b in zip(part, whole, strict=False))
    return bool(part == whole)


def test_only_a_short_text_is_guessed_at() -> None:
    """The time that takes can grow with the square of the length, and worse."""
    assert repair_broken_json('{{"a": "x"}}').value == {"a": "x"}
    assert not repair_broken_json('{{"a": "' + "x" * MOST_GUESSED + '"}}').ok
