"""The actions there are: every module in `actions/` is one, found by looking.

A module has a `NAME` (`method.action`), a `WORD` that its result labels end in, a `DESCRIPTION`,
one class derived from `Parameters`, and `async def run(parameters, desk) -> ActionResult`. One that
needs a model which not every catalogue has names its `OPERATION`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType, ModuleType
from typing import Any

from pydantic import ValidationError

from consumer.documents.calls.models import OperationType
from consumer.documents.failing import Unusable
from consumer.documents.wire import Parameters
from consumer.documents.workflow import actions
from consumer.documents.workflow.desk import Desk
from consumer.documents.workflow.models import ActionResult
from syntx.errors import in_plain_words

Run = Callable[[Any, Desk], Awaitable[ActionResult]]


@dataclass(frozen=True, slots=True)
class Action:
    """An action as its module describes it."""

    name: str
    word: str
    description: str
    parameters: type[Parameters]
    run: Run
    operation: OperationType | None = None

    def schema(self) -> dict[str, Any]:
        """Return name, description and the JSON schema of the parameters, for the planner."""
        return {
            "name": self.name,
            "description": self.description,
            "parameters": self.parameters.model_json_schema(by_alias=True),
        }

    def read(self, given: Mapping[str, Any]) -> Parameters:
        """Check and convert parameters; raises Unusable naming each one that is wrong."""
        try:
            return self.parameters.model_validate(dict(given))
        except ValidationError as error:
            faults = "; ".join(_faults(error))
            raise Unusable(
                f"{self.name}: {faults}", fix=f"parameters are {', '.join(self.keys)}"
            ) from error

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of the parameters as they are written in a plan."""
        fields = self.parameters.model_fields.items()
        return tuple(field.alias or name for name, field in fields) or ("none",)


Registry = Mapping[str, Action]


def find_actions(package: ModuleType = actions) -> Registry:
    """Return the actions of a package by name; raises TypeError for a module that is none."""
    found = {action.name: action for action in _actions(package)}
    return MappingProxyType(dict(sorted(found.items())))


def _actions(package: ModuleType) -> Iterator[Action]:
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda info: info.name):
        yield _action(importlib.import_module(f"{package.__name__}.{info.name}"))


def _action(module: ModuleType) -> Action:
    missing = [key for key in ("NAME", "WORD", "DESCRIPTION", "run") if not hasattr(module, key)]
    models = [
        kind
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Parameters) and kind is not Parameters
    ]
    own = [kind for kind in models if kind.__module__ == module.__name__]
    if missing or len(own) != 1:
        lacks = ", ".join(missing) or "exactly one class derived from Parameters"
        raise TypeError(f"{module.__name__} is no action: it lacks {lacks}")
    operation = getattr(module, "OPERATION", None)
    return Action(module.NAME, module.WORD, module.DESCRIPTION, own[0], module.run, operation)


def _faults(error: ValidationError) -> Iterator[str]:
    for fault in error.errors(include_url=False, include_input=False):
        where = ".".join(map(str, fault["loc"])) or "parameters"
        yield (
            f"unknown parameter {where!r}"
            if fault["type"] == "extra_forbidden"
            else f"{where}: {in_plain_words(fault['msg'])}"
        )
