"""Cut plain text answers: asked on, and put together without loss."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syntx.errors import BadAnswer
from syntx.llm.contract import Answer, CallLimits, Message, Request, Usage
from syntx.llm.scripted import ScriptedModel
from syntx.llm.stitching import LEAST_OVERLAP, ask_whole, stitched

STORY = "".join(f"Satz {number} erzählt von Posten {number * 7}. " for number in range(200))
ASKED = Request("dataAnalyse", (Message("user", "Erzähle."),), limits=CallLimits(max_tokens=50))


def cut(text: str) -> Answer:
    """An answer cut at its limit."""
    return Answer(text, "m", "e", finish_reason="length", usage=Usage(10, 5), cost=0.5)


def done(text: str) -> Answer:
    """An answer that ended."""
    return replace(cut(text), finish_reason="stop")


async def test_a_cut_answer_is_asked_on_until_it_ends() -> None:
    """The parts make the whole; tokens and costs add up."""
    model = ScriptedModel([cut(STORY[:900]), cut(STORY[900:2000]), done(STORY[2000:])])

    answer = await ask_whole(model.ask, ASKED, 10)

    assert answer.text == STORY
    assert not answer.truncated
    assert (answer.usage, answer.cost) == (Usage(30, 15), 1.5)


async def test_no_question_is_asked_twice_as_it_was() -> None:
    """A continuation shows what was delivered, in a conversation that ends with the user."""
    model = ScriptedModel([cut(STORY[:900]), done(STORY[900:])])

    await ask_whole(model.ask, ASKED, 10)

    first, second = (request.messages for request in model.requests)
    assert [one.role for one in second] == ["user", "assistant", "user"]
    assert second[0] == first[0]
    assert second[1].content == STORY[:900]


async def test_the_parts_are_bounded() -> None:
    """What is still cut after the last part says so."""
    model = ScriptedModel([cut(STORY[:100]), cut(STORY[100:200]), cut(STORY[200:300])])

    answer = await ask_whole(model.ask, ASKED, 3)

    assert answer.text == STORY[:300]
    assert answer.truncated


@pytest.mark.parametrize(
    "more", [cut(STORY[:900]), BadAnswer("no text"), replace(done("Nein."), refused=True)]
)
async def test_a_model_that_does_not_go_on_is_not_asked_again(more: Answer | Exception) -> None:
    """A restart that brings nothing, no text, or a refusal: what there is comes back, as cut."""
    model = ScriptedModel([cut(STORY[:900]), more])

    answer = await ask_whole(model.ask, ASKED, 10)

    assert answer.text == STORY[:900]
    assert answer.truncated


@pytest.mark.parametrize("size", [LEAST_OVERLAP, 120, 890])
def test_a_repeated_end_is_left_out(size: int) -> None:
    """A continuation that begins with the last characters goes on behind them."""
    assert stitched(STORY[:900], STORY[900 - size :]) == STORY


def test_a_restart_replaces_what_it_repeats() -> None:
    """An answer that begins anew and comes further is the answer."""
    assert stitched(STORY[:900], STORY[:1800]) == STORY[:1800]


def test_a_finished_restart_in_other_words_is_taken_whole() -> None:
    """A model that tells all again, a little differently, is not glued to its first half."""
    retold = STORY[:500] + "Und so weiter, bis alles gesagt war. " * 20

    assert stitched(STORY[:900], retold, finished=True) == retold
    assert stitched(STORY[:900], retold, finished=False) == STORY[:900]


def test_rows_that_repeat_themselves_are_kept() -> None:
    """A table whose rows are equal loses none: which repetition is meant cannot be known."""
    row = "| Berlin | 2024 | 17 |\n"
    delivered = "| Ort | Jahr | Zahl |\n" + row * 3

    assert stitched(delivered, row * 2) == delivered + row * 2


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab \n", max_size=300), st.integers(0, 300), st.integers(0, 40))
def test_stitching_never_loses_what_the_model_said_first(text: str, at: int, back: int) -> None:
    """Whatever is repeated, the result begins with what was delivered and ends as its rest."""
    delivered, more = text[:at], text[max(0, at - back) :]

    whole = stitched(delivered, more)

    assert whole.startswith(delivered)
    assert len(whole) >= len(text) or whole == text
    assert whole.endswith(text[at:])
