"""Breaking JSON, and leaving alone what is none."""

from __future__ import annotations

import json

import pytest

from syntx.simulator.breaking import break_json
from syntx.simulator.faults import spoil
from syntx.simulator.replies import Reply

VALUES = (
    {},
    [],
    {"a": None},
    {"met": True, "reason": "Ja, „so“"},
    [{"text": "a"}, {"text": "b"}],
    {"text": "kein Komma", "zahl": 12.5, "liste": [1, 2, 3]},
)


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("indent", [None, 1, 2])
def test_whatever_it_is_it_no_longer_parses(value: object, indent: int | None) -> None:
    """Every shape of JSON has a way it can be broken in, always the same one."""
    text = json.dumps(value, indent=indent)

    assert break_json(text) == break_json(text)
    with pytest.raises(ValueError):
        json.loads(break_json(text))


def test_the_ways_differ() -> None:
    """Fences left aside, models break JSON in many ways; so does this."""
    broken = [break_json(json.dumps({"text": f"Text {n}", "ja": True})) for n in range(60)]
    kinds = {
        "prose": any(text.startswith("Hier") for text in broken),
        "comment": any("// " in text for text in broken),
        "python": any("True" in text for text in broken),
        "comma": any(",}" in text for text in broken),
        "unclosed": any(text.endswith("tru") for text in broken),
    }

    assert all(kinds.values()), kinds


def test_a_cut_answer_has_no_closing_fence() -> None:
    """It never got that far; and what is cut is broken enough."""
    cut = Reply('{"a": "b", "c', "length", as_json=True)

    assert spoil(cut, "fenced_json").text == '```json\n{"a": "b", "c'
    assert spoil(cut, "broken_json") == cut
