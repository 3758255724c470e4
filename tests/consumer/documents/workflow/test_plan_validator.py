from __future__ import annotations

from typing import Any

import pytest

from consumer.documents.workflow.models import TaskDefinition
from consumer.documents.workflow.plan_validator import action_faults, in_order, task_faults

KNOWN = ("ai.process", "document.render")


def _task(id_: str, *needs: str) -> dict[str, Any]:
    return {"id": id_, "objective": "o", "successCriteria": ["c"], "dependencies": list(needs)}


def _action(**changes: Any) -> dict[str, Any]:
    whole = {"action": "ai.process", "parameters": {}, "resultLabel": "round1_task1_action1_text"}
    return {key: value for key, value in {**whole, **changes}.items() if value != "gone"}


def test_a_sound_plan_has_no_faults() -> None:
    """Several tasks may need the same one."""
    assert task_faults([_task("a"), _task("b", "a"), _task("c", "a", "b")]) == ()


@pytest.mark.parametrize("key", ["id", "objective", "successCriteria"])
def test_a_task_without_what_it_needs_is_rejected(key: str) -> None:
    """The fault names the key."""
    task = _task("a")
    del task[key]

    (fault,) = task_faults([task])

    assert f"{key} is missing" in fault


@pytest.mark.parametrize(
    ("tasks", "told"),
    [
        ([], "no tasks"),
        ("tasks", "no tasks"),
        ([_task(str(n)) for n in range(21)], "21 tasks, more than 20"),
        ([_task("a"), _task("a")], "'a' is used more than once"),
        ([_task("a", "zz")], "depends on 'zz', which is no task"),
        (["text"], "task 1 is no object"),
        ([{**_task("a"), "successCriteria": "one"}], "must be a list of texts"),
        ([{**_task("a"), "id": 7}], "id must be a text"),
        ([{**_task("a"), "successCriteria": ["", " "]}], "successCriteria is missing"),
        ([{**_task("a"), "dependencies": [["b"]]}], "must be a list of texts"),
    ],
)
def test_a_plan_that_cannot_be_run_is_rejected(tasks: Any, told: str) -> None:
    """Each fault is told in words, whatever a model wrote."""
    assert any(told in fault for fault in task_faults(tasks))


def test_a_cycle_is_named_from_task_to_task() -> None:
    """The planner is told which tasks wait for each other."""
    (fault,) = task_faults([_task("a", "c"), _task("b", "a"), _task("c", "b"), _task("d")])

    assert "a → c → b → a" in fault or "b → a → c → b" in fault or "c → b → a → c" in fault


def test_a_task_that_needs_itself_is_a_cycle() -> None:
    """The smallest circle is one too."""
    (fault,) = task_faults([_task("a", "a")])

    assert "a → a" in fault


def test_tasks_run_after_those_they_need_else_in_the_order_of_the_plan() -> None:
    """The order is the same whenever it is computed."""
    wires = [_task("c", "b"), _task("a"), _task("b", "a"), _task("d")]
    tasks = [TaskDefinition.model_validate(wire) for wire in wires]

    assert [task.id for task in in_order(tasks)] == ["a", "b", "c", "d"]


def test_a_sound_action_has_no_faults() -> None:
    """Empty parameters are an answer."""
    assert action_faults(_action(), KNOWN) == ()


@pytest.mark.parametrize(
    ("action", "told"),
    [
        (_action(action="gone"), "action is missing"),
        (_action(parameters="gone"), "parameters is missing"),
        (_action(resultLabel="gone"), "resultLabel is missing"),
        (_action(resultLabel="task1"), "must begin with 'round'"),
        (_action(action="process"), "not of the form method.action"),
        (_action(action="a.b.c"), "not of the form method.action"),
        (_action(action=["ai.process"]), "not of the form method.action"),
        (_action(action="ai.sing"), "there are ai.process, document.render"),
        (_action(parameters=[1]), "must be an object"),
        (_action(connectionReference="crm"), "connectionReference is not supported"),
    ],
)
def test_an_action_that_cannot_be_run_is_rejected(action: dict[str, Any], told: str) -> None:
    """Each fault is told in words."""
    assert any(told in fault for fault in action_faults(action, KNOWN))
