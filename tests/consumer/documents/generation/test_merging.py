"""Answers joined to the text they go on with, or not at all."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from consumer.documents.generation.merging import Joint, join, take
from consumer.documents.generation.pieces import Pieces
from consumer.documents.generation.prefixes import Reader


def joined(first: str, answer: str, *, cut: bool = False) -> tuple[Joint, Any]:
    """Join an answer to a text; returns what came of it, and the value then."""
    reader, text = Reader(), Pieces(first)
    reader.feed(first)
    joint = join(reader, text, answer, cut=cut)
    if joint.way is not None:
        take(reader, text, joint.way)
        again = Reader()
        again.feed(str(text))
        assert again.value == reader.value
    return joint, reader.value


def test_repeated_characters_are_never_glued_wrongly(make_document: Callable[..., Any]) -> None:
    """Of 1,000 cuts with 0 to 500 characters repeated, none gives another document.

    Most are joined; what could be joined in two ways is left open.
    """
    draw = random.Random(7)
    outcomes = []
    for number in range(1_000):
        prose = " ".join(str(draw.random()) + " Wort" * draw.randint(0, 2) for _ in range(9))
        value = make_document(8, f"{prose} Größe \U0001f600 „Maß“")
        text = json.dumps(value, ensure_ascii=number % 2 == 0, indent=draw.choice((None, 2)))
        cut = draw.randrange(1, len(text))
        back = draw.choice((0, draw.randint(1, 20), draw.randint(20, 500)))
        joint, got = joined(text[:cut], text[max(0, cut - back) :])
        assert joint.way is None or got == value, (cut, back)
        outcomes.append(joint.outcome)

    assert outcomes.count("joined") > 700


@pytest.mark.parametrize(
    ("first", "answer"),
    [
        ('{"t": "\\ud83d', '\\ude00!"}'),
        ('{"t": "\\ud83d\\ude', '00!"}'),
        ('{"t": "\\', 'ud83d\\ude00!"}'),
        ('{"t": "', '\\ud83d\\ude00!"}'),
        ('{"t": "😀', '!"}'),
    ],
)
def test_a_cut_inside_an_escape_costs_nothing(first: str, answer: str) -> None:
    """Half a surrogate pair, half an escape: what follows completes it."""
    assert joined(first, answer)[1] == {"t": "😀!"}


def test_a_number_goes_on() -> None:
    """12 and 345 are 12345."""
    assert joined('{"n": 12', "345}")[1] == {"n": 12345}


def test_two_ways_are_left_open() -> None:
    """Whether a digit is repeated or goes on cannot be told."""
    assert joined('{"n": [7, 12', "2, 8]}")[0].outcome == "ambiguous"
    assert joined('{"t": ["gut und gut', ' und gut"]}')[0].outcome == "ambiguous"


def test_identical_rows_are_left_open() -> None:
    """A row given once more may be the next row, which is the same."""
    row = '["Berlin", 2020], '

    assert joined('{"rows": [' + row, row + '["Bonn", 2021]]}')[0].outcome == "ambiguous"


@pytest.mark.parametrize("indent", [None, 2])
def test_a_start_from_the_beginning_replaces_what_it_repeats(
    document: dict[str, Any], indent: int | None
) -> None:
    """The same document once more, laid out in another way or not, is recognised."""
    first = json.dumps(document)[:500]
    joint, value = joined(first, json.dumps(document, indent=indent))

    assert joint.outcome == "joined"
    assert value == document


def test_the_innermost_list_begun_anew_is_recognised(document: dict[str, Any]) -> None:
    """Rows from the first on are not added to the rows there are."""
    text = json.dumps(document)
    rows = text.index('"rows": ') + len('"rows": ')

    for cut in range(rows + 100, rows + 160):
        joint, value = joined(text[:cut], text[rows:])
        assert joint.way is None or value == document
        assert joint.outcome == "joined"


@pytest.mark.parametrize("cut", range(30, 700, 23))
def test_another_document_is_not_glued(document: dict[str, Any], cut: int) -> None:
    """A start anew with other content is refused, wherever the first was cut."""
    other = {"metadata": {"title": "Anders"}, "documents": [{"sections": [{"id": "x"}]}]}
    answer = json.dumps(other)

    for told, was_cut in ((answer, False), (answer, True), (answer[:-9], True)):
        assert joined(json.dumps(document)[:cut], told, cut=was_cut)[0].outcome == "refused"


@pytest.mark.parametrize(
    "wrap",
    [
        "Here is the rest:\n\n```json\n{}\n```",
        "```\n{}\n```\nThat is all.",
        "Of course, I go on.\n{}",
        "<think>\nwhere was I?\n</think>\n{}",
        "{}\n```",
    ],
)
def test_prose_and_fences_are_no_part_of_a_string(document: dict[str, Any], wrap: str) -> None:
    """What stands around is left away, space at the seam stays."""
    text = json.dumps(document, ensure_ascii=False)
    for place in (" und", '"rows"', ", [3", "😀"):
        cut = text.index(place) if place in text else 77
        joint, value = joined(text[:cut], wrap.replace("{}", text[cut:]))
        assert joint.way is None or value == document
        assert joint.outcome == "joined"


@pytest.mark.parametrize("answer", ["", "  \n", "I cannot go on.", "]", "null"])
def test_what_does_not_continue_is_refused(answer: str) -> None:
    """An apology is no end of a sentence in the document."""
    assert joined('{"a": [1, {"t": "Es war', answer)[0].outcome == "refused"


def test_nothing_is_changed_by_what_is_refused() -> None:
    """The text before stays what it was."""
    reader, text = Reader(), Pieces('{"a": [1, 2')
    reader.feed(str(text))
    join(reader, text, "} no", cut=True)

    assert str(text) == '{"a": [1, 2'
    assert reader.value == {"a": [1]}
    assert reader.pending == "2"


def test_sections_are_not_taken_for_elements() -> None:
    """Sections given once more, where the elements of one are due, are refused."""
    first = '{"documents": [{"sections": [{"id": "a", "title": "A", "elements": [{"text": "x"}]}, '
    first += '{"id": "b", "title": "B", "elements":'
    answer = '[{"id": "a", "title": "A", "elements": [{"text": "x"}]}, {"id": "b", "ti'

    assert joined(first, answer[:20] + "0" + answer[20:], cut=True)[0].outcome == "refused"
    assert joined(first, answer.replace('"a"', '"c"'), cut=True)[0].outcome == "refused"


def test_a_row_unlike_many_others_leaves_the_other_way() -> None:
    """Repeated characters that would make a row too long are no second way."""
    first = '{"rows": [' + "[1, 2], " * 6 + "[1, "
    joint, value = joined(first, "1, 2], [3, 4]]}")

    assert joint.outcome == "joined"
    assert value == {"rows": [[1, 2]] * 7 + [[3, 4]]}


def test_words_of_two_letters_repeat_by_chance() -> None:
    """Four characters repeated among words that are all alike are not taken for more."""
    text = '{"text": "ab abab abab b abab abab b abab abab"}'
    joint, got = joined(text[:27], text[23:])

    assert joint.way is None or got == json.loads(text)
