"""The next action of a task: chosen by the planner, else the usual one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from consumer.documents.failing import Unusable
from consumer.documents.wire import Parameters
from consumer.documents.wording import as_json
from consumer.documents.workflow.models import ActionDefinition, TaskDefinition
from consumer.documents.workflow.objects import read_object
from consumer.documents.workflow.office import Office
from consumer.documents.workflow.plan_validator import action_faults
from consumer.documents.workflow.registry import Action
from consumer.documents.workflow.sections import (
    Section,
    actions_section,
    documents_section,
    history_section,
    lines_section,
    plain,
    request_section,
    task_section,
    wishes_section,
)
from consumer.documents.workflow.situation import (
    PREPARING,
    situation_of,
    steps_to_close,
    usual_action,
)
from syntx.errors import BadAnswer, ContextExceeded
from syntx.job import first_error

SELECT = """Choose the one action that comes next. Return one JSON object and nothing else:
{"action": "method.action", "actionObjective": "…", "parametersContext": "…", "learnings": ["…"],
 "documentList": ["docItem:…"], "resultLabel": "%s", "parameters": {…}}
Set "parameters" to null to be asked for them in a second step."""

PARAMETERS = "Return one JSON object with the parameters of %s, and nothing else."


@dataclass(frozen=True, slots=True)
class Choice:
    """An action ready to run; `note` says why it is not the planner's own choice."""

    definition: ActionDefinition
    action: Action
    parameters: Parameters
    note: str = ""

    @property
    def label(self) -> str:
        """What its results will be found under."""
        assert self.definition.result_label is not None
        return self.definition.result_label


async def choose(office: Office, task: TaskDefinition) -> Choice:
    """Return the next action, checked and with its parameters."""
    if office.workflow.complexity == "simple" or task.id == PREPARING.id:
        return _usual(office, task, "")
    seen = office.observations(task)
    now = situation_of(task, office.shelf, seen, neutralize=office.wishes.neutralize)
    left = office.wishes.max_steps - len(seen)
    if task.format is not None and left <= steps_to_close(now):
        return _usual(office, task, f"steps left: {left}", hurry=True)
    faults: tuple[str, ...] = ()
    for _ in range(2):
        try:
            choice = await _asked(office, task, faults)
        except (BadAnswer, ContextExceeded, Unusable) as error:
            faults = (error.message,)
        else:
            note = f"the planner's first choice could not be used: {faults[0]}" if faults else ""
            return replace(choice, note=note)
    return _usual(office, task, f"the planner's choice could not be used twice: {faults[0]}")


async def _asked(office: Office, task: TaskDefinition, faults: tuple[str, ...]) -> Choice:
    sections = [*_sections(office, task), lines_section("Faults", faults)]
    answer = await office.plan("select", sections, SELECT % _label(office, "word"))
    chosen = await asyncio.to_thread(_read, answer)
    if chosen.needs_stage2():
        chosen = await _with_parameters(office, task, chosen)
    chosen = _labelled(office, chosen)
    found = action_faults(plain(chosen), list(office.registry))
    if found:
        raise Unusable("; ".join(found))
    choice = _ready(office, chosen)
    if _repeats(office, task, choice):
        raise Unusable(f"{chosen.action} with the same parameters was done or failed already")
    return choice


async def _with_parameters(
    office: Office, task: TaskDefinition, chosen: ActionDefinition
) -> ActionDefinition:
    action = office.registry.get(chosen.action)
    if action is None:
        raise Unusable("; ".join(action_faults(plain(chosen), list(office.registry))[:1]))
    sections = [
        *_sections(office, task, only=action),
        ("Selection", as_json(plain(chosen))),
    ]
    answer = await office.plan("parameters", sections, PARAMETERS % action.name)
    found = await asyncio.to_thread(read_object, answer)
    if found is None:
        raise Unusable(f"the parameters of {action.name} are no JSON object")
    return chosen.model_copy(update={"parameters": found})


def _read(answer: str) -> ActionDefinition:
    found = read_object(answer)
    if found is None:
        raise Unusable("the answer is no JSON object")
    if not found.get("action"):
        raise Unusable("action is missing")
    try:
        return ActionDefinition.model_validate(found)
    except ValidationError as error:
        raise Unusable(first_error(error)) from error


def _ready(office: Office, chosen: ActionDefinition) -> Choice:
    action = office.registry[chosen.action]
    if action.operation is not None and not office.able(action.operation):
        operation = action.operation.value
        raise Unusable(
            f"{action.name}: no model does the operation {operation}; "
            f"list {operation} under `operations` of a model in config/models"
        )
    references = chosen.document_list or ()
    office.shelf.find(references)
    return Choice(chosen, action, action.read(chosen.parameters or {}))


def _usual(office: Office, task: TaskDefinition, note: str, *, hurry: bool = False) -> Choice:
    seen = office.observations(task)
    now = situation_of(task, office.shelf, seen, neutralize=office.wishes.neutralize)
    usual = usual_action(task, now, simple=office.workflow.complexity == "simple", hurry=hurry)
    label = _label(office, office.registry[usual.action].word)
    chosen = usual.model_copy(update={"result_label": label})
    action = office.registry[chosen.action]
    return Choice(chosen, action, action.read(chosen.parameters or {}), note)


def _labelled(office: Office, chosen: ActionDefinition) -> ActionDefinition:
    """Give a selection without a label, or with one that is taken, the label of its place."""
    taken = {entry.label for entry in office.shelf.entries}
    if chosen.result_label and chosen.result_label not in taken:
        return chosen
    action = office.registry.get(chosen.action)
    label = _label(office, action.word if action else "result")
    return chosen.model_copy(update={"result_label": label})


def _label(office: Office, word: str) -> str:
    now = office.workflow
    return f"round{now.current_round}_task{now.current_task}_action{now.current_action}_{word}"


def _repeats(office: Office, task: TaskDefinition, choice: Choice) -> bool:
    """Whether the same was done or tried in this task, with no check since."""
    for record, seen in reversed(
        list(zip(office.workflow.actions, office.workflow.observations, strict=True))
    ):
        if record.task_id != task.id:
            return False
        if _same(record.parameters, record.document_list, record.name, choice):
            return True
        if seen.validation is not None:
            return False
    return False


def _same(
    parameters: Mapping[str, Any], documents: tuple[str, ...], name: str, choice: Choice
) -> bool:
    chosen = choice.definition
    return (
        name == chosen.action
        and parameters == (chosen.parameters or {})
        and documents == (chosen.document_list or ())
    )


def _sections(office: Office, task: TaskDefinition, only: Action | None = None) -> list[Section]:
    return [
        request_section(office.request),
        wishes_section(office.wishes.told(task.format)),
        documents_section(office.shelf),
        actions_section([only.schema()] if only else office.offered),
        task_section(task),
        history_section(office.observations(task)),
        lines_section("Learnings", office.workflow.context.learnings),
    ]
