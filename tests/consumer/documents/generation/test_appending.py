"""Elements asked for by place, from models that give some of them once more."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from consumer.documents.generation.accumulation import Generation, GenerationOrder, Piece, generate
from consumer.documents.generation.appending import append, in_question
from consumer.documents.generation.models import JsonAccumulationState, KpiDefinition
from consumer.documents.generation.prefixes import Reader

ORDER = GenerationOrder(prompt="Write.", title="Maße", max_parts=40)
DISTINCT = [[f"n{n}", n] for n in range(30)]
EQUAL: list[Any] = [["x", 0]] * 30
IN_PAIRS = [[f"n{n // 2}", n // 2] for n in range(30)]
IN_TURN: list[Any] = [["x", 0], ["y", 1]] * 15


def a_table(rows: list[Any]) -> Any:
    """Return a document that is one table."""
    section = {"id": "s1", "content_type": "table", "elements": [{"headers": [], "rows": rows}]}
    return {"metadata": {"title": "Maße"}, "documents": [{"sections": [section]}]}


class Repeating:
    """Delivers `have` rows, goes on in no other way than by rows, gives `again` of them twice.

    Its answers are cut after `size` characters.
    """

    def __init__(self, rows: list[Any], have: int, again: int, size: int = 10**6) -> None:
        self.rows, self.have, self.again, self.size = rows, have, again, size
        self.counts: list[int] = []

    async def __call__(self, purpose: str, conversation: Any) -> Piece:
        """Answer as asked."""
        if purpose == "write":
            given = json.dumps(a_table(self.rows[: self.have]))
            return Piece(given[: given.index("]]}") + 1] + ', ["', cut=True)
        if purpose == "continue":
            return Piece("I cannot do that.", cut=False)
        found = re.search(r"# Delivered\n(.*?)\n\n# ", conversation[-1][1], re.DOTALL)
        assert found is not None
        told = json.loads(found[1])
        if not told["path"].endswith("rows"):
            return Piece("[]" if "count" in told else "{}", cut=False)
        self.counts.append(told["count"])
        text = json.dumps(self.rows[max(0, told["count"] - self.again) :])
        return Piece(text[: self.size], len(text) > self.size)


def rows_of(made: Generation) -> list[Any]:
    """Return the rows of the table."""
    assert made.document is not None
    rows: list[Any] = made.document.documents[0].sections[0].elements[0]["rows"]
    return rows


@pytest.mark.parametrize("rows", [DISTINCT, EQUAL, IN_PAIRS, IN_TURN])
@pytest.mark.parametrize("have", [1, 2, 3, 12])
@pytest.mark.parametrize("again", [0, 1, 3, 30])
async def test_rows_given_twice_are_told_from_equal_rows(
    rows: list[Any], have: int, again: int
) -> None:
    """Whether rows are alike or given again, the table has each as often as it should."""
    made = await generate(Repeating(rows, have, again), ORDER)

    assert made.complete
    assert rows_of(made) == rows


async def test_months_after_a_year_are_no_beginning_anew() -> None:
    """A list of a long period that is cut behind its first turn keeps its second."""
    months = [[f"Monat {n % 12}", 0] for n in range(24)]
    made = await generate(Repeating(months, 12, 0), ORDER)

    assert made.complete
    assert rows_of(made) == months


async def test_only_what_is_in_doubt_is_asked_for_again() -> None:
    """One row tells where the list ends, unless there are more like it."""
    model = Repeating(DISTINCT, 12, 1)
    await generate(model, ORDER)

    assert model.counts == [12, 11]
    assert in_question(EQUAL) == 30
    assert in_question(IN_TURN[:4]) == 3


@pytest.mark.parametrize("size", [5, 40])
async def test_an_answer_that_only_repeats_adds_nothing(size: int) -> None:
    """Cut before it gets further than the list is, it ends the work with what there was."""
    made = await generate(Repeating(DISTINCT, 12, 12, size), ORDER)

    assert not made.complete
    assert rows_of(made) == DISTINCT[:12]
    assert "repeat" in made.reason


async def test_a_doubt_outlasts_a_restart() -> None:
    """Stopped between the two questions, the second one is asked."""
    model = Repeating(DISTINCT, 12, 3)
    kept: list[JsonAccumulationState] = []
    await generate(model, ORDER, keep=kept.append)
    doubted = next(state for state in kept if state.doubted)
    made = await generate(
        model, ORDER, JsonAccumulationState.model_validate_json(doubted.to_wire())
    )

    assert made.complete
    assert rows_of(made) == DISTINCT


async def test_figures_do_not_fall_by_what_is_asked_for_again() -> None:
    """A table that is given again, cut earlier, is no fall: it was dropped to be given whole."""
    value = a_table(DISTINCT)
    sections = value["documents"][0]["sections"]
    sections[0]["elements"][0]["caption"] = "Alles, was es gibt"
    sections.insert(0, {"id": "s0", "content_type": "paragraph", "elements": [{"text": "Ja."}]})
    text, table = json.dumps(value), json.dumps(sections[1:])
    cut, half = text.index(", was es"), table.index('["n9"')
    answers = [
        Piece(text[:cut], cut=True),
        Piece("I cannot do that.", cut=False),
        Piece(table[:half], cut=True),
        Piece(table[half:] + "}]}", cut=False),
    ]

    async def ask(purpose: str, conversation: Any) -> Piece:
        return answers.pop(0)

    rows = KpiDefinition(id="rows", json_path="$..rows", target_value=30)
    made = await generate(ask, replace(ORDER, kpis=(rows,)))

    assert (made.complete, made.reason) == (True, "the document is whole")
    assert made.kpis[0].current_value == 30


async def test_a_whole_table_in_an_open_section_still_counts() -> None:
    """Cut behind its last row, a table has not lost its rows."""
    value = a_table(DISTINCT)
    value["documents"][0]["sections"][0]["elements"][0]["caption"] = "Alles, was es gibt"
    text = json.dumps(value)
    cuts = (0, text.index('["n9"'), text.index(", was es"), len(text))
    answers = [Piece(text[a:b], cut=b < len(text)) for a, b in pairwise(cuts)]

    async def ask(purpose: str, conversation: Any) -> Piece:
        return answers.pop(0)

    rows = KpiDefinition(id="rows", json_path="$..rows", target_value=50)
    made = await generate(ask, replace(ORDER, kpis=(rows,)))

    assert (made.complete, made.reason) == (True, "the document is whole")


def test_members_given_again_do_not_replace_what_there_is() -> None:
    """Of an object given whole, only the members that were lacking are added."""
    reader = Reader()
    reader.feed('{"a": [1], "b": 2')
    reader.cut_back(1)
    added = append(reader, '{"a": [], "b": 2, "c": 3}', cut=False)

    assert added.reader is not None
    reader.adopt(added.reader)
    assert reader.value == {"a": [1], "b": 2, "c": 3}


def test_elements_with_ids_are_told_apart_at_once() -> None:
    """No second question is needed where no two elements can be equal."""
    reader = Reader()
    reader.feed('[{"id": "a"}, {"id": "b"}')
    added = append(reader, '[{"id": "b"}, {"id": "c"}]', cut=False)

    assert not added.doubtful
    assert added.reader is not None
    reader.adopt(added.reader)
    assert reader.value == [{"id": "a"}, {"id": "b"}, {"id": "c"}]
