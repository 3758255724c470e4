"""What a workflow tells while it runs: every start has a finish, also on errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Protocol

from syntx.errors import SyntxError
from syntx.journal.logs import Logs
from syntx.journal.records import WorkflowPlace, WorkflowStep


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a workflow; task and action are 0 while none has begun."""

    workflow_id: str
    round: int
    task: int = 0
    action: int = 0


class Progress(Protocol):
    """Hears of every beginning and every end."""

    def started(self, where: Where, message: str) -> None:
        """Something began there."""

    def finished(self, where: Where, *, success: bool, message: str) -> None:
        """What began there has ended."""


class LoggedProgress:
    """Writes progress to `workflow.jsonl`."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs

    def started(self, where: Where, message: str) -> None:
        """Write that something began."""
        self._write({**_place(where), "event": "start", "success": None, "message": message})

    def finished(self, where: Where, *, success: bool, message: str) -> None:
        """Write that it ended."""
        self._write({**_place(where), "event": "finish", "success": success, "message": message})

    def _write(self, step: WorkflowStep) -> None:
        job = step["workflow_id"]
        self._logs.write("workflow", step, job_id=job, trace_id=job)


def _place(where: Where) -> WorkflowPlace:
    return {
        "workflow_id": where.workflow_id,
        "round": where.round,
        "task": where.task,
        "action": where.action,
    }


class Silent:
    """Tells nobody."""

    def started(self, where: Where, message: str) -> None:
        """Keep it."""

    def finished(self, where: Where, *, success: bool, message: str) -> None:
        """Keep it."""


@dataclass(slots=True)
class Ending:
    """How a step ended, as far as it says so itself."""

    success: bool = True
    message: str = ""


@contextmanager
def told(progress: Progress, where: Where, message: str) -> Iterator[Ending]:
    """Tell the start, and the finish whatever happens in between."""
    progress.started(where, message)
    ending = Ending(message=message)
    try:
        yield ending
    except BaseException as error:
        ending = replace(ending, success=False, message=_said(error))
        raise
    finally:
        progress.finished(where, success=ending.success, message=ending.message)


def _said(error: BaseException) -> str:
    """Name the error; only ours are known to hold nothing that must not be told."""
    return error.message if isinstance(error, SyntxError) else type(error).__name__
