"""Whether a plan, or an action of it, can be run; pure, and every fault is named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

from consumer.documents.workflow.models import TaskDefinition

MOST_TASKS = 20

_COMPOUND = re.compile(r"[A-Za-z][A-Za-z0-9]*\.[A-Za-z][A-Za-z0-9]*\Z")
_NEEDED = ("id", "objective", "successCriteria")


def task_faults(tasks: object) -> tuple[str, ...]:
    """Return what is wrong with the tasks of a plan as the planner wrote them."""
    if not isinstance(tasks, Sequence) or isinstance(tasks, str) or not tasks:
        return ("the plan has no tasks",)
    if len(tasks) > MOST_TASKS:
        return (f"the plan has {len(tasks)} tasks, more than {MOST_TASKS}",)
    faults = [fault for place, task in enumerate(tasks, 1) for fault in _task_faults(task, place)]
    plain = [task for task in tasks if isinstance(task, Mapping)]
    ids = [task["id"] for task in plain if _said(task.get("id"))]
    twice = sorted(name for name, count in Counter(ids).items() if count > 1)
    faults += [f"task ID {name!r} is used more than once" for name in twice]
    needs = {
        task["id"]: _names(task.get("dependencies")) for task in plain if task.get("id") in ids
    }
    faults += [
        f"task {name!r} depends on {needed!r}, which is no task"
        for name, wanted in needs.items()
        for needed in wanted
        if needed not in ids
    ]
    return (*faults, *_cycle_faults(needs))


def action_faults(action: Mapping[str, Any], known: Collection[str]) -> tuple[str, ...]:
    """Return what is wrong with a complete action: its name, parameters and result label."""
    faults = [f"{key} is missing" for key in ("action", "parameters") if action.get(key) is None]
    name = action.get("action")
    if name is not None:
        faults += _name_faults(name, known)
    if action.get("parameters") is not None and not isinstance(action["parameters"], Mapping):
        faults.append("parameters must be an object")
    if action.get("connectionReference"):
        faults.append("connectionReference is not supported, as there are no connections")
    label = action.get("resultLabel")
    if not _said(label):
        faults.append("resultLabel is missing")
    elif not str(label).startswith("round"):
        faults.append(f"resultLabel {label!r} must begin with 'round'")
    return tuple(faults)


def in_order(tasks: Sequence[TaskDefinition]) -> tuple[TaskDefinition, ...]:
    """Return tasks so that each follows those it depends on, else in the plan's own order."""
    done: set[str] = set()
    ordered: list[TaskDefinition] = []
    waiting = list(tasks)
    while waiting:
        task = next(one for one in waiting if done.issuperset(one.dependencies))
        waiting.remove(task)
        ordered.append(task)
        done.add(task.id)
    return tuple(ordered)


def _task_faults(task: object, place: int) -> list[str]:
    if not isinstance(task, Mapping):
        return [f"task {place} is no object"]
    named = f"task {task['id']!r}" if _said(task.get("id")) else f"task {place}"
    faults = [f"{named}: {key} is missing" for key in _NEEDED if _is_empty(task.get(key))]
    faults += [
        f"{named}: {key} must be a text"
        for key in ("id", "objective")
        if task.get(key) and not _said(task[key])
    ]
    return faults + [
        f"{named}: {key} must be a list of texts"
        for key in ("successCriteria", "dependencies")
        if task.get(key) and not _is_texts(task[key])
    ]


def _name_faults(name: object, known: Collection[str]) -> list[str]:
    if not isinstance(name, str) or not _COMPOUND.match(name):
        return [f"action {name!r} is not of the form method.action"]
    if name not in known:
        return [f"there is no action {name!r}; there are {', '.join(sorted(known))}"]
    return []


def _cycle_faults(needs: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        # graphlib lists each node before the one that needs it.
        path = " → ".join(reversed(error.args[1]))
        return (f"the dependencies go round in a circle: {path}",)
    return ()


def _names(value: object) -> tuple[str, ...]:
    return tuple(value) if _is_texts(value) else ()  # type: ignore[arg-type]


def _is_texts(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)


def _is_empty(value: object) -> bool:
    """Whether nothing is there, or a list of texts that say nothing."""
    return not value or (_is_texts(value) and not any(map(_said, value)))  # type: ignore[call-overload]


def _said(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
