"""The scripted gateway keeps the gateway's contract."""

from __future__ import annotations

from typing import Any

import pytest

from syntx.errors import RateLimited
from syntx.llm.contract import Gateway, Request
from syntx.llm.scripted import ScriptedModel


async def test_a_script_is_read_line_by_line(asking: Any) -> None:
    """Texts are answered, errors are raised, and what was asked is kept."""
    model: Gateway = ScriptedModel(["eins", RateLimited("langsam"), "zwei"])

    first = await model.ask(asking("a"))
    with pytest.raises(RateLimited):
        await model.ask(asking("b"))
    second = await model.ask(asking("c"))

    assert (first.text, second.text) == ("eins", "zwei")
    assert isinstance(model, ScriptedModel)
    assert [one.messages[0].content for one in model.requests] == ["a", "b", "c"]


async def test_a_function_can_answer(asking: Any) -> None:
    """It may be async, and its refusals are marked as a real model's would be."""

    async def speak(request: Request) -> str:
        return f"Es tut mir leid, aber ich kann zu {request.model} nichts schreiben."

    answer = await ScriptedModel(speak).ask(asking())

    assert answer.refused
    assert answer.simulated
    assert answer.model == "m"


async def test_a_script_that_is_used_up_says_so(asking: Any) -> None:
    """A test that asks more than it scripted fails loudly."""
    with pytest.raises(LookupError, match="draft"):
        await ScriptedModel([]).ask(asking())
