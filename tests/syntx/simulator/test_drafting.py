"""Playing the generator."""

from __future__ import annotations

from itertools import combinations, product
from statistics import mean

import pytest

from syntx.simulator.dice import dice
from syntx.simulator.drafting import Order, read_order, write_draft, write_drafts
from syntx.simulator.traits import PATTERNS, STYLES, category_of, read_traits

TOPICS = ("Quantencomputer", "Römisches Reich", "Haustiere", "Tierethik", "Moderne Kunst")


def drafts() -> list[tuple[Order, str]]:
    """Return two drafts of every style, pattern and topic."""
    orders = [Order(*recipe) for recipe in product(TOPICS, STYLES, PATTERNS)] * 2
    return [(order, write_draft(order, dice(at))) for at, order in enumerate(orders)]


def grams(text: str) -> set[str]:
    """Return the character 5-grams of a text."""
    return {text[start : start + 5] for start in range(len(text) - 4)}


def test_a_recipe_is_read_from_labelled_lines() -> None:
    """Topic, style, form and language are found whatever else the request says."""
    order = read_order(
        "Schreib etwas.\n- **Thema:** Ebbe und Flut\nStil: casual – locker, direkt\n"
        "Form: Stelle zwei Fälle gegenüber.\nSprache: Englisch\nLiefere 3 Kandidaten."
    )

    assert order == Order("Ebbe und Flut", "casual", "comparison", english=True, candidates=3)


@pytest.mark.parametrize(
    ("sentence", "style"),
    [
        ("Generiere einen kreativen und inspirierenden Prompt über: Ebbe und Flut", "kreativ"),
        ("Erstelle einen technisch präzisen Prompt über: Ebbe und Flut", "technisch"),
    ],
)
def test_a_recipe_is_read_from_one_sentence(sentence: str, style: str) -> None:
    """The older wording of a request is understood too."""
    assert read_order(sentence) == Order("Ebbe und Flut", style)


def test_other_requests_are_no_orders() -> None:
    """A question is not taken for a request for a draft."""
    assert read_order("Warum gibt es Ebbe und Flut?") is None


def test_a_draft_shows_the_recipe_it_was_asked_for() -> None:
    """Style, pattern and category can be recognised in nearly every draft."""
    written = [(order, read_traits(draft)) for order, draft in drafts()]

    assert mean(traits.style == order.style for order, traits in written) > 0.95
    assert mean(traits.pattern == order.pattern for order, traits in written) > 0.95
    assert mean(traits.category == category_of(order.topic) for order, traits in written) > 0.95


def test_a_draft_is_about_its_topic_and_of_use() -> None:
    """Every draft names its topic and has 35 to 120 words and no gap left open."""
    for order, draft in drafts():
        assert order.topic in draft
        assert 35 <= len(draft.split()) <= 120
        assert "{" not in draft


def test_drafts_of_one_recipe_are_seldom_alike() -> None:
    """Nearly all pairs share less than half of their character 5-grams."""
    order = Order("Quantencomputer", "casual", "question")
    written = [grams(write_draft(order, dice(number))) for number in range(25)]
    alike = [len(one & two) / len(one | two) >= 0.5 for one, two in combinations(written, 2)]

    assert mean(alike) < 0.05


def test_english_is_written_when_asked_for() -> None:
    """An English draft has no German in it."""
    draft = write_draft(Order("Tides", "casual", "thesis", english=True), dice(1))

    assert draft.startswith("Thesis: ")
    assert not {"die", "der", "und"} & set(draft.casefold().split())


def test_several_candidates_are_numbered() -> None:
    """Candidates come as a numbered list of different drafts."""
    parts = write_drafts(Order("Tierethik", candidates=3), dice(1)).split("\n\n")

    assert [part[:3] for part in parts] == ["1. ", "2. ", "3. "]
    assert len({part[3:] for part in parts}) == 3


REQUEST = '''Thema: Ebbe und Flut
Stil: casual
Form: Stelle eine Frage.
Vorlage:
"""
Vergleiche zwei Varianten.
Thema: Mond
"""
Die Antwort darauf blieb dünn.
Aufgabe: Schreibe genau einen neuen Prompt.'''


def test_what_is_quoted_is_no_wish() -> None:
    """Labels and numbers inside a template are material, not orders."""
    order = read_order(REQUEST)

    assert order is not None
    assert (order.topic, order.style, order.pattern) == ("Ebbe und Flut", "casual", "question")
    assert order.candidates == 1
    assert order.template == "Vergleiche zwei Varianten.\nThema: Mond"


def test_a_draft_from_a_template_is_as_long_and_worded_anew() -> None:
    """Length is kept, as are style and form where none is asked for; the words are not."""
    away, shared = [], []
    for number, (order, template) in enumerate(drafts()[:60]):
        draft = write_draft(Order(order.topic, template=template), dice("child", number))
        away.append(abs(len(draft.split()) - len(template.split())))
        shared.append(len(grams(draft) & grams(template)) / len(grams(draft) | grams(template)))
        assert read_traits(draft).style == read_traits(template).style

    assert mean(away) < 10
    assert max(shared) < 0.7
