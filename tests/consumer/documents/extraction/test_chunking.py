"""Content cut for its reader: within budget as sent, without loss, never at a wrong place."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consumer.documents.calls.budget import estimated_tokens
from consumer.documents.extraction.chunking import (
    Budget,
    Chunk,
    all_chunks,
    next_chunk,
    of_table,
    of_text,
)
from consumer.documents.wording import tagged
from syntx.errors import ContextExceeded


def in_bytes(text: str) -> int:
    """What a piece comes to in bytes as it is sent."""
    return len(sent(text).encode())


def in_tokens(text: str) -> int:
    """About how many tokens a piece comes to as it is sent."""
    return -int(-estimated_tokens(sent(text)) // 1)


def sent(text: str) -> str:
    """A piece as a prompt carries it."""
    return tagged("content", text, {"id": "d1-0001", "label": "Seite 1", "type": "text"})


MEASURES = pytest.mark.parametrize("measure", [in_bytes, in_tokens, len])

WORDS = st.sampled_from(
    [
        "Haus",
        " ",
        "\n",
        "\n\n",
        "[[PERSON_1]]",
        "[[IBAN_27]]",
        "é",
        "e\u0301",
        "字",
        "👩‍🚀",
        "</content>",
        *("a3f9", "1.234,56", ". ", "[", "]]", "ß", "🇩🇪", "\r\n", "</request>", "x" * 40),
    ]
)
TEXTS = st.tuples(st.lists(WORDS, max_size=30), st.integers(1, 30)).map(
    lambda drawn: "".join(drawn[0]) * drawn[1]
)
CELLS = st.sampled_from(
    ["a", "Müller, Max", 'sagt "ja"', "zwei\nZeilen", "", "[[PERSON_1]]", "17,5"]
)
ROWS = st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=12)
TABLES = st.tuples(ROWS, st.integers(1, 12)).map(lambda drawn: drawn[0] * drawn[1])


def written(rows: list[list[str]]) -> str:
    """Rows as CSV under a header."""
    made = io.StringIO()
    csv.writer(made, lineterminator="\n").writerows([["Name", "Text", "Zahl"], *rows])
    return made.getvalue()


def read(text: str) -> list[list[str]]:
    """The rows of a CSV text."""
    return list(csv.reader(io.StringIO(text, newline="")))


def least(measure: Callable[[str], int]) -> int:
    """A budget that has room for any one thing."""
    return measure("") + 60


@MEASURES
@settings(max_examples=60, deadline=None)
@given(text=TEXTS, extra=st.integers(0, 200))
def test_every_piece_is_within_budget_as_sent_and_nothing_is_lost(
    measure: Callable[[str], int], text: str, extra: int
) -> None:
    """What is measured is what is sent: tags, attributes and escapes included."""
    budget = Budget(least(measure) + extra, measure)

    chunks = list(all_chunks(of_text(text), budget))

    assert all(budget.fits(chunk.text) for chunk in chunks)
    assert all(chunk.own for chunk in chunks)
    assert "".join(chunk.own for chunk in chunks) == text


@settings(max_examples=100, deadline=None)
@given(text=TEXTS, extra=st.integers(0, 150))
def test_no_piece_ends_inside_a_placeholder_or_a_sign(text: str, extra: int) -> None:
    """Placeholders stay whole, and so do accents, emoji, flags and line ends."""
    chunks = list(all_chunks(of_text(text), Budget(least(len) + extra, len)))

    ends: set[int] = set()
    place = 0
    for chunk in chunks[:-1]:
        place += len(chunk.own)
        ends.add(place)
    for found in re.finditer(r"\[\[[A-Z]+_\d+\]\]|👩‍🚀|e\u0301|\r\n", text):
        assert not ends & set(range(found.start() + 1, found.end()))
    assert not any(unicodedata.combining(text[end]) for end in ends)


@MEASURES
@settings(max_examples=60, deadline=None)
@given(rows=TABLES, extra=st.integers(0, 150))
def test_a_table_is_cut_between_rows_under_its_header(
    measure: Callable[[str], int], rows: list[list[str]], extra: int
) -> None:
    """Each piece is a table of its own with the header, within budget; no row is lost or cut."""
    text = written(rows)
    budget = Budget(least(measure) + 40 + extra, measure)

    chunks = list(all_chunks(of_table(text), budget))

    assert all(budget.fits(chunk.text) for chunk in chunks)
    assert "".join(chunk.own for chunk in chunks) == text
    if not any(chunk.cut_row for chunk in chunks) and all(chunk.repeated for chunk in chunks[1:]):
        tables = [read(chunk.text) for chunk in chunks]
        assert [row for table in tables for row in table[1:]] == rows
        assert {tuple(table[0]) for table in tables} == {("Name", "Text", "Zahl")}


def test_a_large_table_keeps_its_header_in_every_piece() -> None:
    """A thousand rows with quoted line ends come out as they went in."""
    rows = [[f"Zeile {number}", f"eins\nzwei, {number}", str(number)] for number in range(1000)]
    chunks = list(all_chunks(of_table(written(rows)), Budget(800, in_tokens)))

    tables = [read(chunk.text) for chunk in chunks]

    assert len(chunks) > 10
    assert all(table[0] == ["Name", "Text", "Zahl"] for table in tables)
    assert [row for table in tables for row in table[1:]] == rows


def test_a_row_larger_than_the_budget_is_cut_and_says_so() -> None:
    """It goes on in the next piece; the rows after it are whole again."""
    rows = [["a", "b" * 3000, "1"], ["c", "d", "2"], ["e", "f", "3"]]
    text = written(rows)

    chunks = list(all_chunks(of_table(text), Budget(500, len)))

    assert [chunk.cut_row for chunk in chunks[:3]] == [False, True, True]
    assert "".join(chunk.own for chunk in chunks) == text
    assert chunks[-1].own.endswith("c,d,2\ne,f,3\n")


def test_a_cell_larger_than_the_budget_is_cut_inside_its_quotes() -> None:
    """Line ends inside a quoted cell are no ends of rows, also when a piece begins in it."""
    cell = "".join(f"Zeile {number}, mit Komma\n" for number in range(100))
    text = written([["a", cell, "1"], ["c", "d", "2"]])

    chunks = list(all_chunks(of_table(text), Budget(400, len)))

    assert "".join(chunk.own for chunk in chunks) == text
    assert all(chunk.cut_row for chunk in chunks[1:-1])


def test_a_header_that_would_fill_the_budget_is_not_repeated() -> None:
    """Half of the room at least is for rows."""
    text = "Spalte " * 30 + "\n" + "1\n" * 300

    chunks = list(all_chunks(of_table(text), Budget(250, len)))

    assert not any(chunk.repeated for chunk in chunks)
    assert "".join(chunk.own for chunk in chunks) == text


def test_each_piece_is_cut_for_the_reader_it_goes_to() -> None:
    """The budget may change from piece to piece; what remains is cut anew."""
    text = "Ein Satz über die Sache. " * 400
    first, remaining = next_chunk(of_text(text), Budget(2000, len))
    second, remaining = next_chunk(remaining, Budget(300, len))
    third, remaining = next_chunk(remaining, Budget(10**6, len))

    assert len(first.text) > 1000
    assert len(second.text) <= 300
    assert first.own + second.own + third.own == text
    assert remaining.over


def test_a_paragraph_is_the_best_end() -> None:
    """Within the last third of a piece, the end of a paragraph, a line, a sentence, a word."""
    text = "Wort " * 30 + "\n\n" + "Wort " * 200

    chunk, _ = next_chunk(of_text(text), Budget(180, len))

    assert chunk == Chunk("Wort " * 30 + "\n\n")


@pytest.mark.parametrize("length", [0, 1, 63, 64, 65, 500, 9_900, 9_999, 10_000])
def test_what_fits_is_one_piece(length: int) -> None:
    """Up to the last character of the budget."""
    text = "a" * length

    assert [chunk.own for chunk in all_chunks(of_text(text), Budget(10_000, len))] == (
        [text] if text else []
    )
    assert len(list(all_chunks(of_text("a" * 10_001), Budget(10_000, len)))) == 2


@pytest.mark.parametrize("text", ["[[PERSON_1]] kam", "字" * 10])
def test_no_room_for_anything_is_a_clear_error(text: str) -> None:
    """Rather than an endless loop or a broken placeholder."""
    with pytest.raises(ContextExceeded, match="no room"):
        next_chunk(of_text(text), Budget(2, lambda piece: len(piece.encode())))


def test_a_sign_of_too_many_marks_does_not_stop_the_reading() -> None:
    """What no reader could show is cut between characters."""
    text = "e" + "\u0301" * 500

    chunks = list(all_chunks(of_text(text), Budget(100, len)))

    assert "".join(chunk.own for chunk in chunks) == text


def test_cutting_takes_time_in_proportion_to_the_text() -> None:
    """What is measured grows with the text, and not with its square."""
    counted = [0]

    def measure(text: str) -> int:
        counted[0] += len(text)
        return len(text)

    costs = []
    for size in (20_000, 200_000):
        counted[0] = 0
        list(all_chunks(of_text("Ein Satz. " * (size // 10)), Budget(2_000, measure)))
        costs.append(counted[0])

    assert costs[1] < 12 * costs[0]


@pytest.mark.parametrize("text", ['"' + "a,b\n" * 300_000, "x" * 1_000_000, '"\n' * 400_000])
def test_a_table_that_is_none_is_read_all_the_same(text: str) -> None:
    """A quote that is never closed, or a row without end, is cut without loss or delay."""
    chunks = list(all_chunks(of_table(text), Budget(3_000, len)))

    assert "".join(chunk.own for chunk in chunks) == text
