"""What a document job's workflow has done so far, read from where the job lies.

The record is another process's and may be of another version: what is not there is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from syntx.spool.layout import OUTPUTS, WORKFLOW, Folders
from syntx.spool.plain import NotPlain
from syntx.spool.storage import Storage
from syntx.spool.syscalls import Disk

STATE = "state.json"


@dataclass(frozen=True, slots=True)
class Action:
    """One action that ended; `seconds` is how long it took."""

    round: int
    task: int
    action: int
    task_id: str
    name: str
    success: bool
    seconds: float
    quality: float | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One task of the plan; `state` is waiting, running, interrupted, done or failed."""

    id: str
    objective: str
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Kpi:
    """A measure with its target; `percent` is how far it is, None where it is no amount."""

    id: str
    description: str
    current: Any
    target: Any
    percent: int | None


@dataclass(frozen=True, slots=True)
class Workflow:
    """A workflow as far as it came; round, task and action say where it stands.

    `at_work` says that a worker holds the job: what has begun and not ended is running then, else
    it was interrupted.
    """

    round: int
    task: int
    action: int
    complexity: str | None
    complexity_reason: str
    plan_note: str
    finished: bool
    at_work: bool
    tasks: tuple[Task, ...]
    actions: tuple[Action, ...]
    kpis: tuple[Kpi, ...]
    notes: tuple[str, ...]
    quality: float | None


def outputs_of(entry: Path) -> list[Path]:
    """Return the files a document job's work yielded, by path."""
    return sorted(one for one in (entry / OUTPUTS).rglob("*") if one.is_file())


def read_workflow(entry: Path, *, at_work: bool) -> Workflow | None:
    """Return the workflow of a document job; None while there is none that can be read."""
    storage = Storage(Disk(), Folders.at(entry), durable=False)
    with suppress(OSError, NotPlain, ValueError, RecursionError):
        # The way to the state would lead through a symbolic link.
        if not (entry / WORKFLOW).is_symlink():
            data = json.loads(storage.read(f"{entry.absolute()}/{WORKFLOW}/{STATE}"))
            return parse_workflow(data, at_work=at_work) if isinstance(data, dict) else None
    return None


def parse_workflow(data: dict[str, Any], *, at_work: bool) -> Workflow:
    """Read a workflow's state, leaving out what cannot be understood (pure)."""
    results = {_text(one, "taskId"): one for one in _dicts(data, "results")}
    actions = tuple(_action(one) for one in _dicts(data, "actions"))
    scores = [_quality(one.get("validation")) for one in results.values()]
    qualities = [score for score in scores if score is not None] or [
        one.quality for one in actions[::-1] if one.quality is not None
    ][:1]
    understanding = data.get("understanding")
    plan = understanding if isinstance(understanding, dict) else {}
    return Workflow(
        round=_number(data, "currentRound"),
        task=_number(data, "currentTask"),
        action=_number(data, "currentAction"),
        complexity=_text(data, "complexity") or None,
        complexity_reason=_text(data, "complexityReason"),
        plan_note=_text(data, "planNote"),
        finished=data.get("finished") is True,
        at_work=at_work,
        tasks=tuple(_tasks(plan, results, actions, _begun(data, at_work))),
        actions=actions,
        kpis=tuple(_kpi(one) for one in _dicts(data, "kpis")),
        notes=tuple(dict.fromkeys(_notes(data))),
        quality=min(qualities, default=None),
    )


def _tasks(
    plan: dict[str, Any],
    results: dict[str, dict[str, Any]],
    actions: tuple[Action, ...],
    begun: dict[int, str],
) -> Iterator[Task]:
    """Yield the tasks in the order they are worked in; `begun` has the state of the current one."""
    planned = {_text(one, "id"): _text(one, "objective") for one in _dicts(plan, "tasks")}
    known = dict.fromkeys((*results, *(one.task_id for one in actions), *planned))
    for number, name in enumerate((one for one in known if one in planned), 1):
        result = results.get(name)
        if result is None:
            yield Task(name, planned[name], begun.get(number, "waiting"))
            continue
        state = "done" if result.get("success") is True else "failed"
        reason = _text(result, "reason") or _text(result, "stopReason")
        yield Task(name, planned[name], state, reason)


def _begun(data: dict[str, Any], at_work: bool) -> dict[int, str]:
    return {_number(data, "currentTask"): "running" if at_work else "interrupted"}


def _action(data: dict[str, Any]) -> Action:
    return Action(
        round=_number(data, "round"),
        task=_number(data, "task"),
        action=_number(data, "action"),
        task_id=_text(data, "taskId"),
        name=_text(data, "name"),
        success=data.get("success") is True,
        seconds=_seconds(data),
        quality=_share(data.get("qualityScore")),
        error=_text(data, "error") or None,
    )


def _notes(data: dict[str, Any]) -> Iterator[str]:
    """Yield what could not be read of attachments, by name."""
    kept: list[Any] = [one.get("document") for one in _dicts(data, "held")]
    for message in _dicts(data, "messages"):
        kept += _dicts(message, "documents")
    for document in kept:
        about = document.get("validationMetadata") if isinstance(document, dict) else None
        told = about.get("notes") if isinstance(about, dict) else None
        if isinstance(about, dict) and isinstance(told, list):
            yield from (f"{_text(about, 'source')}: {one}" for one in told)


def _seconds(data: dict[str, Any]) -> float:
    with suppress(ValueError, TypeError):
        ended, started = (datetime.fromisoformat(_text(data, key)) for key in ("ended", "started"))
        return max(0.0, round((ended - started).total_seconds(), 3))
    return 0.0


def _kpi(data: dict[str, Any]) -> Kpi:
    current, target = data.get("currentValue"), data.get("targetValue")
    return Kpi(
        _text(data, "id"), _text(data, "description"), current, target, percent_of(current, target)
    )


def percent_of(current: Any, target: Any) -> int | None:
    """Say how far a measure is from 0 to 100; None where it is no amount (pure)."""
    if not _is_amount(target) or target <= 0:
        return None
    if not _is_amount(current):
        return 0
    return max(0, min(100, int(100 * current / target)))


def _is_amount(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _quality(validation: Any) -> float | None:
    return _share(validation.get("qualityScore")) if isinstance(validation, dict) else None


def _share(value: Any) -> float | None:
    return float(value) if _is_amount(value) else None


def _number(data: dict[str, Any], key: str) -> int:
    value = data.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _text(data: dict[str, Any], key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""


def _dicts(data: dict[str, Any], key: str) -> list[dict[str, Any]]:
    found = data.get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
