"""The score: good answers high, spoilt ones low, and always the same."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consumer.prompts.scoring.total import score
from syntx.job import Score

if TYPE_CHECKING:
    from tests.consumer.prompts.conftest import Example

SCALE = 20


def of(example: Example, answer: str, **options: bool) -> Score:
    """Score `answer` under the example's wrapper and prompt."""
    return score(answer, example.wrapper, example.prompt, **options)


def test_a_hundred_is_reachable_in_every_terminology(example: Example) -> None:
    """A complete, varied answer on topic gets all points under any wrapper."""
    result = of(example, example.answer("### {heading}\n{text}"))

    assert result.total == 100
    assert (result.completeness, result.structure) == (100, 100)
    assert all(result.fields.values())


def test_the_same_answer_always_gets_the_same_score(example: Example) -> None:
    """Scoring keeps no history."""
    answer = example.answer()

    assert of(example, answer) == of(example, answer)


@pytest.mark.parametrize(
    "form",
    [
        "**{number}. {heading}**\n{text}",
        "{number}) {heading}\n{text}",
        "## {heading}\n{text}",
        "- **{heading}**: {text}",
        "{number}. {heading}: {text}",
        "{heading}\n{text} Kalibrierung.",
    ],
)
def test_form_changes_neither_fields_nor_score(example: Example, form: str) -> None:
    """How headings are written is worth at most two points."""
    plain, formed = of(example, example.answer()), of(example, example.answer(form))

    assert formed.fields == plain.fields
    assert abs(formed.total - plain.total) <= 2


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    mark=st.sampled_from(
        ["{number}. ", "{number}) ", "## ", "### {number}. ", "- ", "* {number}. "]
    ),
    bold=st.booleans(),
    spell=st.sampled_from([str, str.upper, str.lower, str.title]),
    after=st.sampled_from(["\n", ":\n", ": ", "\n\n", " (AB)\n"]),
    umlauts=st.booleans(),
    newline=st.sampled_from(["\n", "\r\n"]),
    word=st.sampled_from(["", " Kalibrierung"]),
)
def test_any_mixture_of_forms_is_worth_the_same(
    human: Example,
    mark: str,
    bold: bool,
    spell: Callable[[str], str],
    after: str,
    umlauts: bool,
    newline: str,
    word: str,
) -> None:
    """Number, hashes, bold, case, umlauts, line ends and a stray word are not quality."""
    fields = tuple(replace(field, heading=spell(field.heading)) for field in human.wrapper.fields)
    other = replace(human, wrapper=replace(human.wrapper, fields=fields))
    heading = "**{heading}**" if bold else "{heading}"
    answer = other.answer(mark + heading + after + "{text}" + word)
    if umlauts:
        answer = answer.translate(str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"}))

    result = of(human, answer.replace("\n", newline))

    assert all(result.fields.values())
    assert abs(result.total - of(human, human.answer()).total) <= 2


@pytest.mark.parametrize("stray", [" Kalibrierung", "\nKalibrierung", " Kalibrierung."])
def test_a_stray_word_is_not_quality(example: Example, stray: str) -> None:
    """A word more, even the name of another terminology's field, changes nothing."""
    plain = of(example, example.answer())
    more = of(example, example.answer() + stray)

    assert more.fields == plain.fields
    assert abs(more.total - plain.total) <= 2


def blocks(example: Example) -> list[str]:
    """Return the answer field by field."""
    return example.answer().split("\n\n")


@pytest.mark.parametrize("gone", range(6))
def test_a_missing_field_costs_at_least_its_weight(human: Example, gone: int) -> None:
    """The total falls by the field's share or more, and the record says which is missing."""
    field = human.wrapper.fields[gone]
    left = [block for index, block in enumerate(blocks(human)) if index != gone]

    result = of(human, "\n\n".join(left))

    assert result.total <= of(human, human.answer()).total * (1 - field.weight / 100)
    assert result.fields[field.key] is False
    assert field.heading in result.explanation[0]


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda b: [b[1], b[0], *b[2:]], "order"),
        (lambda b: [*b, b[2]], "DRUCKFAKTOREN"),
        (lambda b: [*b[:3], "**Zusatz**\nEtwas anderes.", *b[3:]], "Zusatz"),
        (lambda b: [*b, "7. FAZIT\nNoch ein Satz zum Schluss."], "FAZIT"),
    ],
)
def test_wrong_headings_lower_the_structure_and_are_named(
    human: Example, spoil: Callable[[list[str]], list[str]], named: str
) -> None:
    """Swapped, doubled and extra headings each cost structure, and the reason names them."""
    clean, spoilt = of(human, human.answer()), of(human, "\n\n".join(spoil(blocks(human))))

    assert spoilt.structure < clean.structure
    assert spoilt.total < clean.total
    assert named in spoilt.explanation[0]


def shuffled(text: str) -> str:
    """Return the words of a text in a random but fixed order."""
    found = text.split()
    random.Random(7).shuffle(found)
    return " ".join(found)


FRENCH = (
    "Les voisins commencent avec joie, mais la fatigue arrive dans le jardin au deuxième été.",
    "Le même schéma revient: quelques personnes arrosent et les autres mangent les tomates.",
    "La sécheresse, le loyer et les clés perdues sont des charges pour une petite association.",
    "Cela touche la confiance entre des gens qui habitent porte à porte sans se parler.",
    "Les uns ferment leur portail avec colère, les autres achètent leur salade au marché.",
    "Un jardin commun survit avec des règles claires et une fête pour tous les membres.",
)
EMPTY_TALK = (
    "Alles ist im Wandel.",
    "Es gibt Muster.",
    "Druck ist da.",
    "Es geht tief.",
    "Beide Seiten merken es.",
    "So ist es.",
)
ALIEN = "Wie vermessen Astronomen ferne Galaxien, und was verrät das Licht einer Supernova?"


def with_texts(human: Example, *texts: str) -> str:
    """Write the six headings over other texts; one text serves for all."""
    return replace(human, texts=texts if len(texts) == 6 else texts * 6).answer()


SPOILT: dict[str, Callable[[Example], str]] = {
    "x in each field": lambda e: with_texts(e, "x"),
    "headings only": lambda e: with_texts(e, ""),
    "one rich, five x": lambda e: with_texts(e, " ".join(e.texts), *["x"] * 5),
    "one rich, five empty": lambda e: with_texts(e, " ".join(e.texts), *[""] * 5),
    "words shuffled": lambda e: with_texts(e, *[shuffled(text) for text in e.texts]),
    "fields reversed": lambda e: "\n\n".join(reversed(blocks(e))),
    "one field six times": lambda e: with_texts(e, e.texts[0]),
    "looped": lambda e: "\n\n".join([e.answer()] * 3),
    "looped in the last field": lambda e: e.answer() + f" {e.texts[5]}" * 8,
    "cut at sixty percent": lambda e: e.answer()[: len(e.answer()) * 6 // 10],
    "cut in the last field": lambda e: e.answer()[:-40],
    "prompt echo": lambda e: with_texts(e, e.prompt),
    "wrapper echo": lambda e: e.wrapper.text,
    "wrapper and prompt echo": lambda e: e.wrapper.wrap(e.prompt),
    "keyword stuffing": lambda e: with_texts(e, "Garten Gartenverein Nachbarschaft aufgeben " * 4),
    "other language": lambda e: with_texts(e, *FRENCH),
    "refusal": lambda e: with_texts(e, "Es tut mir leid, dabei kann ich nicht helfen."),
    "placeholders": lambda e: with_texts(e, "[Text hier einfügen]"),
    "empty talk": lambda e: with_texts(e, *EMPTY_TALK),
    "no headings": lambda e: " ".join(e.texts),
}


@pytest.mark.parametrize("trick", SPOILT)
def test_spoilt_and_gamed_answers_get_half_at_most(human: Example, trick: str) -> None:
    """Nothing that is no answer comes near one; a cut one is worth half at most."""
    assert of(human, SPOILT[trick](human)).total <= 50


def test_an_answer_to_another_prompt_stays_below_fifty(human: Example) -> None:
    """A good answer to something else is off topic."""
    assert score(human.answer(), human.wrapper, ALIEN).total < 50


def test_a_truncated_answer_is_worth_half_at_most(human: Example) -> None:
    """What the model could not finish is never a success, even cut at a full stop."""
    result = of(human, human.answer(), truncated=True)

    assert result.total <= 50
    assert result.measures["truncated"] is True


def test_the_explanation_names_every_part(human: Example) -> None:
    """Each part is explained in a sentence, with its value and weight."""
    result = of(human, human.answer())

    for part in ("structure", "substance", "non_redundancy", "relevance", "wording", "length"):
        assert any(line.startswith(part) for line in result.explanation)
        assert 0 <= result.parts[part] <= 1
    assert result.measures["words"]["drift"] > 10


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(answer=st.text(max_size=200), prompt=st.text(max_size=50))
def test_any_text_gets_a_score_of_0_to_100(human: Example, answer: str, prompt: str) -> None:
    """Scoring never raises, and stays on its scale."""
    headed = f"1. DRIFT\n{answer}\n6. KLARTEXT: {answer}"

    for text in (answer, headed):
        assert 0 <= score(text, human.wrapper, prompt).total <= 100


def test_fields_without_weights_count_alike(human: Example) -> None:
    """A wrapper that weighs nothing is scored, and one without fields gets nothing."""
    fields = tuple(replace(field, weight=0.0) for field in human.wrapper.fields)

    weightless = replace(human.wrapper, fields=fields)
    assert score(human.answer(), weightless, human.prompt).total == 100
    assert score(human.answer(), replace(weightless, fields=()), human.prompt).total == 0


def test_scoring_is_fast_enough_for_every_answer(human: Example) -> None:
    """An ordinary answer takes some milliseconds, a megabyte less than two seconds."""
    started = time.process_time()
    for _ in range(SCALE):
        of(human, human.answer())
    ordinary = (time.process_time() - started) / SCALE
    started = time.process_time()
    of(human, human.answer() * 1100)

    assert ordinary < 0.02
    assert time.process_time() - started < 2
