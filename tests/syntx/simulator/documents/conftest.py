"""A simulated model to ask for its part in a document job."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from syntx.simulator.mind import Mind
from syntx.simulator.options import SimulatorOptions
from syntx.simulator.questions import Question


@pytest.fixture
def say() -> Callable[..., str]:
    """Give a function that puts a conversation, the user first, to a flawless model."""

    def ask(*turns: str, occurrence: int = 0, seed: int = 0, flawless: bool = True) -> str:
        said = tuple(zip(("user", "assistant") * len(turns), turns, strict=False))
        users = "\n\n".join(text for role, text in said if role == "user")
        profile = "instant" if flawless else "standard"
        mind = Mind(SimulatorOptions(seed=seed, profile=profile))
        question = Question(users, turns=said if len(said) > 1 else ())
        return mind.reply(question, occurrence)[1].text

    return ask


@pytest.fixture
def read(say: Callable[..., str]) -> Callable[..., Any]:
    """Give a function that asks and reads the answer as JSON."""

    def ask(*turns: str, **how: Any) -> Any:
        return json.loads(say(*turns, **how))

    return ask
