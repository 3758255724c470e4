from __future__ import annotations

from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consumer.prompts.scoring.consistency import consistency

KEYS = ("drift", "muster", "druck", "tiefe", "wirkung", "klartext")
WHOLE = dict(
    zip(
        KEYS,
        (
            "Am Anfang graben alle mit, doch im zweiten Sommer kippt die Stimmung im Garten.",
            "Wenige schleppen Wasser, viele ernten Tomaten, und wer gibt, zählt irgendwann mit.",
            "Trockene Wochen, steigende Pacht und fehlende Schlüssel belasten den Verein.",
            "Das reicht tiefer als ein Streit um Unkraut: Es geht um Vertrauen zwischen Fremden.",
            "Die Fleißigen ziehen sich gekränkt zurück, die anderen spüren den Vorwurf.",
            "Ein gemeinsamer Garten überlebt nur mit klaren Regeln und jährlichen Festen.",
        ),
        strict=True,
    )
)


def _without(*keys: str) -> dict[str, str]:
    return {key: text for key, text in WHOLE.items() if key not in keys}


@pytest.mark.parametrize("count", [2, 3, 5])
def test_identical_answers_are_wholly_consistent(count: int) -> None:
    """The same answer again and again is 1.0, exactly."""
    assert consistency([WHOLE] * count).value == 1.0


def test_every_missing_field_lowers_it() -> None:
    """The fewer fields two answers share, the less they agree, whatever the texts say."""
    missing = [(), ("drift",), ("drift", "tiefe"), ("drift", "tiefe", "druck", "muster")]
    values = [consistency([WHOLE, _without(*keys)]).value for keys in missing]
    assert values == sorted(values, reverse=True)
    assert len(set(values)) == len(values)


def test_answers_with_no_field_in_common_contradict_each_other() -> None:
    """Nothing shared is the least there is, and still above zero: it never vetoes a score."""
    part = consistency([_without(*KEYS[:3]), _without(*KEYS[3:])])
    assert part.value == consistency([WHOLE, {}]).value == 0.05
    assert part.measures == {"fields_shared": 0.0, "answers_alike": 0.0}


def test_other_texts_lower_it() -> None:
    """The same fields with texts about something else are less consistent."""
    other = dict.fromkeys(KEYS, "Quanten verschränken Teilchen über große Entfernungen hinweg.")
    assert consistency([WHOLE, other]).value < 0.5 < consistency([WHOLE, WHOLE]).value


def test_the_order_of_the_answers_does_not_matter() -> None:
    """Consistency is a property of the set of answers."""
    answers = [WHOLE, _without("drift"), _without("tiefe", "klartext")]
    assert consistency(answers) == consistency(answers[::-1])


def test_one_answer_has_no_consistency() -> None:
    """Nothing can be said of a single answer."""
    with pytest.raises(ValueError, match="two"):
        consistency([WHOLE])


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(KEYS), st.text(max_size=60)), min_size=2))
def test_whatever_the_answers_hold_it_is_a_share(answers: list[dict[str, str]]) -> None:
    """Any texts give a value above 0 and at most 1; doubling every answer lowers nothing."""
    part = consistency(answers)
    assert 0 < part.value <= 1
    assert consistency([*answers, *answers]).value >= part.value - 1e-9 or part.value == 0.05


def test_thirty_two_long_answers_are_compared_in_time() -> None:
    """The most samples of the longest answers do not hold up the consumer."""
    answers = [
        {key: " ".join(f"wort{(n * 7 + i) % 997}x{i}" for i in range(4000)) for key in KEYS}
        for n in range(32)
    ]
    started = monotonic()
    consistency(answers)
    assert monotonic() - started < 20
