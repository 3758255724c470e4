"""JSON read in parts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consumer.documents.generation.prefixes import Broken, Reader
from consumer.documents.generation.spines import closed_value, whole_sections

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(-1e9, 1e9) | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=20,
)


@given(_VALUES.filter(lambda value: isinstance(value, (list, dict))), st.data())
@settings(max_examples=150, deadline=None)
def test_parts_read_one_by_one_give_the_whole(value: Any, data: Any) -> None:
    """Wherever a text is cut, in escapes and numbers too, it is read as if it were in one piece."""
    text = json.dumps(value, indent=data.draw(st.sampled_from([None, 2])))
    places = data.draw(st.lists(st.integers(0, len(text)), max_size=8).map(sorted))
    reader = Reader()
    for start, end in zip([0, *places], [*places, len(text)], strict=True):
        trial = reader.trial()
        assert trial.feed(text[start:end]) == ""
        reader.adopt(trial)

    assert reader.complete
    assert json.dumps(reader.value) == json.dumps(value)


def test_a_trial_leaves_no_trace() -> None:
    """What was only tried is not there."""
    reader = Reader()
    reader.feed('{"a": [1, 2, {"b": "x')
    trial = reader.trial()
    trial.feed('y"}], "c": 5}')

    assert trial.complete
    assert not reader.complete
    assert reader.value == {"a": [1, 2, {}]}


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 12',
        '{"a": tru',
        '{"a": "wo',
        '{"a',
        '{"a":',
        '{"a": -',
        '{"a": 1.5e',
        '{"a": "\\u00e',
    ],
)
def test_half_a_value_is_not_believed(text: str) -> None:
    """12 may become 123: until something follows, it is no value."""
    reader = Reader()
    reader.feed(text)

    assert reader.value == {}


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ('{"a": 1,}', 8),
        ("[1 2]", 3),
        ('["a\nb"]', 3),
        ("[01]", 1),
        ("[NaN]", 1),
        ("{'a': 1}", 1),
        ('["\\x"]', 2),
        ("[" * 300, 199),
    ],
)
def test_what_is_no_json_is_found_where_it_ceases_to_be(text: str, at: int) -> None:
    """The place of a fault is known, in whatever parts the text came."""
    for size in (1, len(text)):
        reader = Reader()
        with pytest.raises(Broken) as caught:
            _feed_all(reader, text, size)
        assert caught.value.at == at


def _feed_all(reader: Reader, text: str, size: int) -> None:
    for start in range(0, len(text), size):
        reader.feed(text[start : start + size])


def test_a_row_that_is_not_whole_is_no_row() -> None:
    """A closed text ends behind the last whole row; the section stays for the rows it has."""
    reader = Reader()
    reader.feed('{"documents": [{"sections": [{"id": "s", "elements": [{"rows": [[1, 2], [3, ')

    assert closed_value(reader) == {
        "documents": [{"sections": [{"id": "s", "elements": [{"rows": [[1, 2]]}]}]}]
    }


def test_sections_count_when_they_are_whole(document: dict[str, Any]) -> None:
    """After every character, the sections so far are sections of the original, and whole."""
    text, sections = json.dumps(document), document["documents"][0]["sections"]
    reader = Reader()
    counts = []
    for character in text:
        reader.feed(character)
        found = whole_sections(reader)
        assert found == sections[: len(found)]
        counts.append(len(found))

    assert counts == sorted(counts)
    assert counts[-1] == len(sections)
