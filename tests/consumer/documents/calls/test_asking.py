"""A job's calls: kept before use, found again, failing over, guarded and bounded."""

from __future__ import annotations

import asyncio
import errno
import os
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from consumer.documents.calls.models import AiCallOptions, OperationType
from consumer.documents.failing import LeakBlocked, ModelRefused
from syntx.errors import (
    BadRequest,
    ConfigError,
    DeadlineExceeded,
    ModelUnavailable,
    SpoolError,
)
from syntx.llm.contract import Answer, Usage


def answer(text: str, **told: Any) -> Answer:
    """An answer of the large model."""
    return Answer(text, "large", "there", **told)


async def test_a_finished_answer_is_found_after_a_restart(scene: Any, question: Any) -> None:
    """The second run asks nobody, and gets the same answer, marked as replayed."""
    first, _ = scene.caller([answer("Alles.", usage=Usage(10, 3), cost=0.25)])
    first.at(1, 2, 3)
    given = await first.ask(question())

    second, model = scene.caller()
    second.at(1, 2, 3)
    again = await second.ask(question())

    assert model.requests == []
    assert again == replace(given, replayed=True)
    assert (again.usage, again.cost) == (Usage(10, 3), 0.25)


async def test_equal_questions_at_one_place_have_answers_of_their_own(
    scene: Any, question: Any
) -> None:
    """The n-th time a question is asked it gets the n-th answer, in every run."""
    first, _ = scene.caller(["eins", "zwei", "drei"])
    first.at(1, 1, 1)
    given = [(await first.ask(question())).text for _ in range(2)]
    first.at(1, 1, 2)
    given.append((await first.ask(question())).text)

    second, _ = scene.caller()
    second.at(1, 1, 1)
    again = [(await second.ask(question())).text for _ in range(2)]
    second.at(1, 1, 2)
    again.append((await second.ask(question())).text)

    assert given == again == ["eins", "zwei", "drei"]


async def test_another_question_is_another_answer(scene: Any, question: Any) -> None:
    """Text, options and the longest answer make the question."""
    caller, model = scene.caller(lambda request: "ja")

    await caller.ask(question("a"))
    await caller.ask(question("b"))
    await caller.ask(question("a", temperature=0.5))
    await caller.ask(replace(question("a"), max_tokens=10))

    assert len(model.requests) == 4


async def test_the_ledger_knows_what_earlier_runs_paid(scene: Any, question: Any) -> None:
    """All answers of the job in order, this run's and earlier ones'."""
    first, _ = scene.caller([answer("a", cost=0.25), answer("b", cost=0.5)])
    await first.ask(question("a"))
    await first.ask(question("b"))

    second, _ = scene.caller([answer("c", cost=1.0)])
    await second.ask(question("c"))

    assert [(one.text, one.replayed) for one in second.answers] == [
        ("a", True),
        ("b", True),
        ("c", False),
    ]
    assert second.ledger.spent == 1.75


async def test_the_next_model_is_asked_when_one_is_down(scene: Any, question: Any) -> None:
    """In the order of the settings."""
    caller, model = scene.caller([ModelUnavailable("weg"), "da"])

    given = await caller.ask(question())

    assert [request.model for request in model.requests] == ["large", "small"]
    assert [one.reason for one in given.tries] == ["unavailable"]


async def test_a_call_may_name_its_own_models(scene: Any, question: Any) -> None:
    """A judge, for one, is another model than the analyst."""
    caller, model = scene.caller(["da"])

    await caller.ask(replace(question(), models=("here",)))

    assert [request.model for request in model.requests] == ["here"]


async def test_without_a_configured_chain_the_operation_chooses(scene: Any, question: Any) -> None:
    """All able models, the best first; an operation that none lists is a clear error."""
    caller, model = scene.caller([ModelUnavailable("weg"), "da"], chain=())

    await caller.ask(question(priority="quality"))
    web = AiCallOptions(operation_type=OperationType.WEB_SEARCH)

    assert [request.model for request in model.requests] == ["large", "small"]
    with pytest.raises(ConfigError, match="webSearch"):
        await caller.ask(replace(question(), options=web))


async def test_a_refusal_is_final(scene: Any, question: Any) -> None:
    """It is kept, and not asked again after a restart."""
    first, _ = scene.caller([answer("Das kann ich nicht.", refused=True)])
    with pytest.raises(ModelRefused, match="large"):
        await first.ask(question())

    second, model = scene.caller()
    with pytest.raises(ModelRefused):
        await second.ask(question())
    assert model.requests == []


async def test_a_cut_text_is_continued_and_every_part_is_kept(scene: Any, question: Any) -> None:
    """A kill between two parts repeats none of them."""
    laid_out = question("# Role\nanalyst\n\n# Order\nanalyse")
    script = [answer("Der Anfang ", finish_reason="length"), ModelUnavailable("weg")]
    first, _ = scene.caller(script, chain=("large",))
    with pytest.raises(ModelUnavailable):
        await first.ask_text(laid_out)

    second, model = scene.caller([answer("und das Ende.")])
    whole = await second.ask_text(laid_out)

    assert whole.text == "Der Anfang und das Ende."
    assert len(model.requests) == 1
    asked = model.requests[0].messages[-1].content
    assert asked.startswith("# Role\nanalyst\n\n# Order\ncontinue\n\n# Delivered\n")


async def test_remote_models_get_cleaned_text_and_local_ones_the_text(
    scene: Any, question: Any, names: Any
) -> None:
    """What a model on this machine reads does not leave it."""
    caller, model = scene.caller(lambda request: "ja", guard=names)

    await caller.ask(question("Was tat Max Muster?"))
    await caller.ask(replace(question("Was tat Max Muster?"), models=("here",)))

    assert [request.messages[0].content for request in model.requests] == [
        "Was tat [[PERSON_1]]?",
        "Was tat Max Muster?",
    ]


async def test_what_would_leak_is_not_sent_to_anybody(
    scene: Any, question: Any, names: Any
) -> None:
    """The call fails for good, also when a next model would be there."""
    caller, model = scene.caller(["ja"], guard=names)

    with pytest.raises(LeakBlocked):
        await caller.ask(question("Was tat Erika?"))
    assert model.requests == []


async def test_a_local_answer_is_cleaned_before_it_goes_on(
    scene: Any, question: Any, names: Any
) -> None:
    """A continuation by a remote model does not carry what the local one said in clear."""
    script = [answer("Max Muster ", finish_reason="length"), ModelUnavailable("weg"), "kam."]
    caller, model = scene.caller(script, chain=("here", "large"), guard=names)

    await caller.ask_text(question())

    sent = model.requests[-1]
    assert sent.model == "large"
    assert "Muster" not in "".join(message.content for message in sent.messages)


async def test_an_unsupported_option_is_refused_by_name(scene: Any, question: Any) -> None:
    """Before any call."""
    caller, model = scene.caller(["ja"])

    with pytest.raises(BadRequest, match="processingMode 'detailed'"):
        await caller.ask(question(processing_mode="detailed"))
    assert model.requests == []


def test_the_operation_has_no_default() -> None:
    """A call without its purpose is an error before any call."""
    with pytest.raises(ValidationError, match="operationType"):
        AiCallOptions.model_validate({"priority": "speed"})


async def test_cost_and_time_are_bounded_over_all_calls(
    scene: Any, question: Any, bounded: Any
) -> None:
    """Each call gets what the earlier ones left, those of earlier runs included."""
    first, _ = scene.caller([answer("a", cost=0.75)])
    await first.ask(question("a"))

    second, model = scene.caller(["b", "c"], bounds=bounded(cost=1.0, seconds=100))
    await second.ask(question("b"))
    await second.ask(question("c", max_cost=0.1, max_processing_time=7))

    before, after = (request.limits for request in model.requests)
    assert before.cost == 0.25
    assert before.deadline == pytest.approx(100, abs=60)
    assert (after.cost, after.deadline) == (0.1, 7)


async def test_nothing_is_asked_when_the_time_is_over(
    scene: Any, question: Any, bounded: Any
) -> None:
    """The error names the setting; nobody is asked."""
    caller, model = scene.caller(["a"], bounds=bounded(seconds=0.0))

    with pytest.raises(DeadlineExceeded, match="job are over"):
        await caller.ask(question())
    assert model.requests == []


async def test_an_answer_that_cannot_be_kept_is_not_used(
    scene: Any, question: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fails pauses the service; nothing goes on with an answer that may be lost."""
    caller, _ = scene.caller(["a"])

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SpoolError, match="No space left"):
        await caller.ask(question())


async def test_halves_of_characters_are_replaced_before_anything_is_kept(
    scene: Any, question: Any
) -> None:
    """What no file can hold would be lost at the next restart."""
    caller, _ = scene.caller(["\ud83d\ude00 und \ud83d"])

    assert (await caller.ask(question())).text == "😀 und \ufffd"


async def test_calls_at_the_same_time_are_all_kept(scene: Any, question: Any) -> None:
    """Also those that are equal."""
    caller, _ = scene.caller([str(number) for number in range(20)])
    await asyncio.gather(*(caller.ask(question()) for _ in range(20)))

    second, model = scene.caller()
    again = await asyncio.gather(*(second.ask(question()) for _ in range(20)))

    assert sorted(int(one.text) for one in again) == list(range(20))
    assert model.requests == []
