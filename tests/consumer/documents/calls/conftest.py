"""A job's calls over a scripted gateway, and two models of different sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from consumer.documents.calls.asking import Bounds, Call, Caller
from consumer.documents.calls.choosing import chains
from consumer.documents.calls.debugging import DebugFiles
from consumer.documents.calls.journal import AnswerJournal
from consumer.documents.calls.models import AiCallOptions, OperationType
from consumer.documents.failing import LeakBlocked
from syntx.llm.catalogue import Catalogue
from syntx.llm.contract import Answer, Message, Request
from syntx.llm.scripted import ScriptedModel
from syntx.settings.documents import DocumentModels

MODELS = """
base_url: https://x.example/v1
models:
  - {name: large, context: 4000, max_output: 500, rank: 1}
  - {name: small, context: 1500, max_output: 300, rank: 2}
"""
HERE = """
base_url: http://127.0.0.1:1/v1
local: true
models: [{name: here, context: 4000, max_output: 500, rank: 3}]
"""


class Scene:
    """A folder, a catalogue, and callers as one run after the other has them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.models = folder / "models"
        self.models.mkdir()
        (self.models / "there.yaml").write_text(MODELS)
        (self.models / "here.yaml").write_text(HERE)

    @property
    def answers(self) -> Path:
        """Where the answers are kept."""
        return self.folder / "workflow" / "answers"

    @property
    def debug(self) -> Path:
        """Where the debug files are."""
        return self.folder / "workflow" / "debug"

    def caller(
        self,
        reply: Iterable[str | Answer | BaseException] | Callable[[Request], Any] = (),
        chain: tuple[str, ...] = ("large", "small"),
        secrets: tuple[str, ...] | None = None,
        **told: Any,
    ) -> tuple[Caller, ScriptedModel]:
        """A caller of a fresh run, and the model it asks."""
        model = ScriptedModel(reply)
        targets = chains(
            lambda: Catalogue.load(self.models),
            DocumentModels(plan=chain, analyse=chain, write=chain),
        )
        debug = None if secrets is None else DebugFiles(self.debug, lambda: secrets)
        caller = Caller(model, targets, AnswerJournal(self.answers), debug=debug, **told)
        return caller, model


class Names:
    """A guard that knows one name, and cannot clean another."""

    def clean(self, text: str) -> str:
        """Replace the known name."""
        return text.replace("Max Muster", "[[PERSON_1]]")

    def check(self, text: str) -> None:
        """Block the name that was missed."""
        if "Erika" in text:
            raise LeakBlocked("1 name")


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """A job's folder and models."""
    return Scene(tmp_path)


@pytest.fixture
def names() -> Names:
    """A guard."""
    return Names()


@pytest.fixture
def bounded() -> Callable[..., Bounds]:
    """Make bounds."""
    return Bounds


@pytest.fixture
def question() -> Callable[..., Call]:
    """Make a call; keyword arguments go to the options."""

    def make(text: str = "Was steht da?", purpose: str = "analyse", **options: Any) -> Call:
        asked = AiCallOptions(operation_type=OperationType.DATA_ANALYSE, **options)
        return Call(purpose, (Message("user", text),), asked)

    return make
