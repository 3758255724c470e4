from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from consumer.documents.failing import Unusable
from consumer.documents.workflow.registry import find_actions

NEW = '''
from pydantic import Field, field_validator

from consumer.documents.wire import Parameters

NAME = "text.translate"
WORD = "translation"
DESCRIPTION = "Translate a text."


class TranslateParameters(Parameters):
    """What to translate, into what."""

    target: str = Field(description="a language")
    pages: int = Field(default=3, description="how many")
    formal: bool = True
    suffix: str = "txt"

    @field_validator("target")
    @classmethod
    def _known(cls, target: str) -> str:
        if target == "xx":
            raise ValueError("nobody speaks it")
        return target


async def run(parameters, desk):
    raise NotImplementedError
'''


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a package of actions of one's own, with one module in it."""
    folder = tmp_path / "own_actions"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "translate.py").write_text(NEW)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder
    for name in [name for name in sys.modules if name.startswith("own_actions")]:
        del sys.modules[name]


def test_all_documented_actions_are_there_with_their_schemas() -> None:
    """Each names itself, says what it is for, and describes every parameter."""
    registry = find_actions()

    assert set(registry) == {
        "ai.analyse",
        "ai.answer",
        "ai.generateDocument",
        "ai.process",
        "context.neutralizeData",
        "document.extractContent",
        "document.render",
        "document.validate",
        "web.crawl",
        "web.search",
    }
    for action in registry.values():
        schema = action.schema()
        assert schema["description"]
        assert all(one.get("description") for one in schema["parameters"]["properties"].values()), (
            action.name
        )


def test_a_new_module_is_found_and_its_schema_listed(package: Path) -> None:
    """No other code names it."""
    registry = find_actions(importlib.import_module("own_actions"))

    (action,) = registry.values()
    schema = action.schema()["parameters"]
    assert action.name == "text.translate"
    assert schema["required"] == ["target"]
    assert schema["properties"]["target"]["description"] == "a language"


@pytest.mark.parametrize(
    ("line", "instead", "lacks"),
    [
        ('NAME = "text.translate"', "", "NAME"),
        ("async def run", "async def go", "run"),
        ("class TranslateParameters(Parameters)", "class TranslateParameters", "exactly one class"),
    ],
)
def test_a_module_that_is_no_action_is_told_at_once(
    package: Path, line: str, instead: str, lacks: str
) -> None:
    """Whoever forgets a part hears which one."""
    (package / "translate.py").write_text(NEW.replace(line, instead))

    with pytest.raises(TypeError, match=f"translate is no action: it lacks {lacks}"):
        find_actions(importlib.import_module("own_actions"))


def test_parameters_are_converted_and_defaults_filled_in(package: Path) -> None:
    """`0`, `false` and an empty text are values; `null` is none, so the default counts."""
    (action,) = find_actions(importlib.import_module("own_actions")).values()

    given = action.read({"target": "", "pages": "0", "formal": "false", "suffix": ""})
    fallback = action.read({"target": "de"})
    nothing = action.read({"target": "de", "pages": None, "formal": None, "suffix": None})

    assert given.model_dump() == {"target": "", "pages": 0, "formal": False, "suffix": ""}
    assert fallback.model_dump() == {"target": "de", "pages": 3, "formal": True, "suffix": "txt"}
    assert nothing == fallback


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "target: Field required"),
        ({"target": None}, "target: Field required"),
        ({"target": "de", "colour": None}, "unknown parameter 'colour'"),
        ({"target": "de", "pages": "many"}, "pages: should be a valid integer"),
        ({"target": "xx"}, "nobody speaks it"),
        ({"target": "de", "colour": 1, "size": 2}, "unknown parameter 'size'"),
    ],
)
def test_parameters_that_are_wrong_are_named(
    package: Path, given: dict[str, object], told: str
) -> None:
    """Missing, of the wrong type, against a rule, unknown."""
    (action,) = find_actions(importlib.import_module("own_actions")).values()

    with pytest.raises(Unusable) as error:
        action.read(given)

    assert told in error.value.message
    assert "target, pages, formal, suffix" in (error.value.fix or "")
