"""One document out of several answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from consumer.documents.generation.accumulating import Accumulation
from consumer.documents.generation.accumulation import (
    Generation,
    GenerationOrder,
    Piece,
    generate,
)
from consumer.documents.generation.documents import document_from
from consumer.documents.generation.models import JsonAccumulationState, KpiDefinition

Writer = Callable[..., Any]
ORDER = GenerationOrder(prompt="Write.", title="Maße")


def is_document(made: Generation, value: Any) -> bool:
    """Say whether the generation is this document, whole."""
    return made.complete and made.document == document_from(value)


async def test_a_whole_answer_is_taken_as_it_is(writer: Writer, document: Any) -> None:
    """One answer, nothing repaired."""
    model = writer(json.dumps(document), 10**6)
    made = await generate(model, ORDER)

    assert is_document(made, document)
    assert (made.parts, made.repaired, made.changes) == (1, False, ())


async def test_two_megabytes_come_back_out_of_fifty_fragments(
    writer: Writer, make_document: Callable[..., Any]
) -> None:
    """Cut anywhere, inside escapes and numbers too, the document is the same."""
    value = make_document(24_000)
    text = json.dumps(value)
    made = await generate(writer(text, len(text) // 30), ORDER)

    assert len(text) > 2_000_000
    assert is_document(made, value)
    assert made.parts <= 50
    assert not made.repaired


@pytest.mark.parametrize("back", [20, 120])
@pytest.mark.parametrize("size", [333, 700])
async def test_a_model_that_repeats_itself_is_followed(
    writer: Writer, document: Any, back: int, size: int
) -> None:
    """Repeated characters are found, or the elements asked for instead."""
    model = writer(json.dumps(document), size, lambda before, part: before[-back:] + part)
    made = await generate(model, ORDER)

    assert is_document(made, document)


@pytest.mark.parametrize("size", range(210, 900, 60))
async def test_a_model_that_cannot_go_on_is_asked_for_elements(
    writer: Writer, document: Any, size: int
) -> None:
    """Refused twice, it is asked container by container, outwards."""
    model = writer(json.dumps(document), size, lambda before, part: "As I said before.")
    made = await generate(model, replace(ORDER, max_parts=200))

    assert is_document(made, document)
    assert "append" in model.asked


async def test_the_limit_of_parts_gives_what_is_whole(writer: Writer, document: Any) -> None:
    """What there is at the limit is closed, and marked as incomplete."""
    order = GenerationOrder(prompt="Write.", max_parts=3)
    made = await generate(writer(json.dumps(document), 300), order)
    assert made.document is not None
    rows = made.document.documents[0].sections[1].elements[0]["rows"]

    assert not made.complete
    assert made.repaired
    assert made.parts == 3
    assert "limit" in made.reason
    assert rows == document["documents"][0]["sections"][1]["elements"][0]["rows"][: len(rows)]
    assert rows


@pytest.mark.parametrize("spoiled", [False, True])
async def test_a_restart_after_every_answer_changes_nothing(
    writer: Writer, document: Any, spoiled: bool
) -> None:
    """The state goes through JSON and carries all: the result is that of an undisturbed run."""
    text = json.dumps(document)
    spoil = (lambda before, part: "Sorry.") if spoiled else None
    undisturbed = await generate(writer(text, 333, spoil), ORDER)
    model = writer(text, 333, spoil)
    state: JsonAccumulationState | None = None
    kept: list[JsonAccumulationState] = []
    for parts in range(1, undisturbed.parts + 1):
        order = GenerationOrder(prompt="Write.", title="Maße", max_parts=parts)
        made = await generate(model, order, state, kept.append)
        state = JsonAccumulationState.model_validate_json(kept[-1].to_wire())

    assert made == undisturbed
    assert len(kept) == undisturbed.parts


async def test_the_cut_and_the_closed_text_are_kept_apart(writer: Writer, document: Any) -> None:
    """One is for joining, the other for reading; whole sections stand beside them."""
    text = json.dumps(document)
    kept: list[JsonAccumulationState] = []
    await generate(
        writer(text, 500), GenerationOrder(prompt="Write.", max_parts=1), None, kept.append
    )
    (state,) = kept

    assert state.accumulated_json_string == text[:500]
    assert json.loads(state.closed_json_string) == state.last_parsed_result
    assert list(state.all_sections) == document["documents"][0]["sections"][:1]
    assert state.is_accumulation_mode


async def test_a_broken_whole_answer_is_mended_and_flagged() -> None:
    """Trailing commas and a fence do not cost the document."""

    async def ask(purpose: str, conversation: Any) -> Piece:
        return Piece('```json\n{"sections": [{"elements": [{"text": "x"},]},]}\n```', cut=False)

    made = await generate(ask, ORDER)

    assert made.complete
    assert made.repaired
    assert "trailing commas taken off" in made.changes


@pytest.mark.parametrize(
    "wrap", ['{"sections": %s}', "Here they are: %s Enough?", "```\n%s\n```", "%s"]
)
async def test_elements_are_found_in_what_a_model_puts_around_them(wrap: str) -> None:
    """An object around the list that was asked for, prose or a fence do not cost its elements."""
    answers = iter(
        (
            Piece(
                '{"sections": [{"id": "a", "elements": [{"text": "x"}]}, {"id": "b", "el', cut=True
            ),
            Piece("I do not know where I was.", cut=False),
            Piece(wrap % '[{"id": "b", "elements": [{"text": "y"}]}]', cut=False),
            Piece("}", cut=False),
        )
    )

    async def ask(purpose: str, conversation: Any) -> Piece:
        return next(answers)

    made = await generate(ask, ORDER)
    assert made.document is not None

    assert made.complete
    assert [one.id for one in made.document.documents[0].sections] == ["a", "b"]


async def test_a_broken_cut_answer_is_mended_and_gone_on_with() -> None:
    """Prose with a bracket before, bare keys inside: what is whole is kept and gone on with."""
    answers = iter(
        (
            Piece("As [asked]: {sections: [{id: 'a', elements: [{text: 'x'}, {text: 'y", cut=True),
            Piece(', {"text": "y"}]}]}', cut=False),
            Piece('[{"text": "y"}]', cut=False),
            *(Piece(end, cut=False) for end in ("}]}", "}", "]", "}")),
        )
    )

    async def ask(purpose: str, conversation: Any) -> Piece:
        return next(answers)

    made = await generate(ask, ORDER)
    assert made.document is not None

    assert made.complete
    assert made.repaired
    assert [e["text"] for e in made.document.documents[0].sections[0].elements] == ["x", "y"]


async def test_a_key_that_stands_twice_is_told() -> None:
    """Of two lists of sections only one can stay, and the document is flagged."""
    one, two = (json.dumps([{"id": name, "elements": [{"text": "x"}]}]) for name in "ab")

    async def ask(purpose: str, conversation: Any) -> Piece:
        twice = f'"sections": {one}, "sections": {two}'
        return Piece('{"documents": [{' + twice + "}]}", cut=False)

    made = await generate(ask, ORDER)

    assert made.repaired
    assert made.changes == ("the last of equal keys taken",)


async def test_an_answer_without_json_gives_no_document() -> None:
    """A refusal in prose is no document, and says so."""

    async def ask(purpose: str, conversation: Any) -> Piece:
        return Piece("I am sorry.", cut=False)

    made = await generate(ask, ORDER)

    assert made.document is None
    assert not made.complete
    assert "no JSON" in made.reason


async def test_a_model_that_adds_nothing_is_not_asked_for_ever() -> None:
    """The same cut answer again and again ends the work, with what there was."""
    asked: list[str] = []

    async def ask(purpose: str, conversation: Any) -> Piece:
        asked.append(purpose)
        return Piece('{"documents": [{"sections": [{"id": "s1", "elements": []}, {"id"', cut=True)

    made = await generate(ask, ORDER)

    assert len(asked) <= 4
    assert not made.complete
    assert made.document is not None
    assert [one.id for one in made.document.documents[0].sections] == ["s1"]


async def test_key_figures_are_measured_and_what_the_model_says_is_only_kept(
    writer: Writer, document: Any
) -> None:
    """40 of 80 rows are 40, even if the model says 100 percent, and then 0."""
    rows = KpiDefinition(id="rows", json_path="$..rows", target_value=80)
    said = iter((100, *range(50)))
    spoil = lambda before, part: f"Progress: {next(said)} %\n{part}"  # noqa: E731
    order = GenerationOrder(prompt="Write.", title="Maße", kpis=(rows,))
    made = await generate(writer(json.dumps(document), 600, spoil), order)

    assert is_document(made, document)
    assert made.kpis[0].current_value == 40
    assert made.said_percent[:3] == (100, 0, 1)


async def test_more_than_was_wanted_ends_the_work(writer: Writer, document: Any) -> None:
    """A table that runs on past its target is not waited for."""
    rows = KpiDefinition(id="rows", json_path="$..rows", target_value=5)
    order = GenerationOrder(prompt="Write.", kpis=(rows,))
    made = await generate(writer(json.dumps(document), 250), order)

    assert not made.complete
    assert "targets" in made.reason


async def test_a_continuation_is_asked_by_the_user_about_the_delivered_tail(
    writer: Writer, document: Any
) -> None:
    """The conversation ends with a question of the user; no answer is begun for the model."""
    seen: list[Any] = []
    model = writer(json.dumps(document), 900)

    async def ask(purpose: str, conversation: Any) -> Piece:
        seen.append(conversation)
        piece: Piece = await model(purpose, conversation)
        return piece

    await generate(ask, ORDER)

    assert [role for role, _ in seen[1]] == ["user", "assistant", "user"]
    assert seen[1][1][1] == json.dumps(document)[:900]
    assert '"characters": 900' in seen[1][2][1]


async def test_half_a_character_does_not_stop_the_keeping() -> None:
    """A lone surrogate, escaped or not, can be kept and written."""
    kept: list[JsonAccumulationState] = []

    async def ask(purpose: str, conversation: Any) -> Piece:
        text = '{"sections": [{"id": "a", "elements": [{"text": "\\ud83d \ud83d"}]}, {"id"'
        return Piece(text, cut=True)

    await generate(ask, replace(ORDER, max_parts=1), None, kept.append)
    (state,) = kept

    assert state.to_wire().decode().count("\ufffd") >= 2


async def test_answers_are_read_beside_the_service(
    writer: Writer, document: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long or broken one may take its time, and other jobs go on."""
    take, threads = Accumulation.take, []

    def noted(self: Accumulation, piece: Piece) -> None:
        threads.append(threading.current_thread())
        take(self, piece)

    monkeypatch.setattr(Accumulation, "take", noted)
    await generate(writer(json.dumps(document), 10**6), ORDER)

    assert threads
    assert threading.main_thread() not in threads
