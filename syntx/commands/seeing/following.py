"""Watching a job until it ends: a live display on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from syntx.commands.finding import Found, find_job
from syntx.commands.seeing.workflow_lines import lines_of, told_action, told_task
from syntx.commands.seeing.workflow_view import Workflow, outputs_of, read_workflow
from syntx.errors import SyntxError
from syntx.ground import Ground
from syntx.spool.layout import ARCHIVE, DISCARDED, ERROR, INCOMING, PROCESSED, PROCESSING
from syntx.spool.workers import workers

POLL_SECONDS = 0.25
_MISSES = 8
"""A job that moves while we look is looked for again so often."""

_ENDED = (PROCESSED, ERROR, ARCHIVE, DISCARDED)


@dataclass(frozen=True, slots=True)
class Glance:
    """A job at one moment, and what its workflow had done by then."""

    found: Found
    workflow: Workflow | None

    @property
    def has_ended(self) -> bool:
        """Whether the job came to its end."""
        return self.found.state in _ENDED and self.found.job.verdict is not None


def follow(ground: Ground, job_id: str) -> Found:
    """Show a job's progress on stderr until it ends; returns it then. Ctrl-C exits with 130."""
    glances = _glances(ground, job_id)
    try:
        return _live(glances) if sys.stderr.isatty() else _plain(glances)
    except KeyboardInterrupt:
        # Not 1, which says that the job did not pass.
        click.echo(f"no longer watched; again: syntx show {job_id} --follow", err=True)
        sys.exit(130)


def _glances(ground: Ground, job_id: str) -> Iterator[Glance]:
    told, found = False, _found(ground, job_id)
    while True:
        if not found.path.exists() or found.state in _ENDED:
            found = _found(ground, job_id)
        glance = Glance(found, _workflow_of(found))
        yield glance
        if glance.has_ended:
            return
        if not told and found.state == INCOMING and not _is_served(ground):
            told = True
            click.echo("no consumer is running; one works here: syntx consumer", err=True)
        time.sleep(POLL_SECONDS)


def _workflow_of(found: Found) -> Workflow | None:
    if not found.path.is_dir():
        return None
    return read_workflow(found.path, at_work=found.state == PROCESSING)


def _is_served(ground: Ground) -> bool:
    return any(one.alive for one in workers(ground.queue))


def _found(ground: Ground, job_id: str) -> Found:
    for _ in range(_MISSES):
        try:
            found = find_job(ground, job_id)
        except SyntxError:
            time.sleep(POLL_SECONDS)
            continue
        if isinstance(found, Path):
            break
        return found
    raise SyntxError(f"{job_id} is no job any more", fix=f"syntx show {job_id}")


def _plain(glances: Iterator[Glance]) -> Found:
    """Print a line for each thing that happened since the last glance."""
    said: set[str] = set()
    for glance in glances:
        for line in news(glance):
            if line not in said:
                said.add(line)
                click.echo(line, err=True)
        if glance.has_ended:
            return glance.found
    raise AssertionError("a job is watched until it ends")


def news(glance: Glance) -> Iterator[str]:
    """Yield what can be said of a job so far, each thing always in the same words."""
    workflow = glance.workflow
    if workflow is not None:
        for action in workflow.actions:
            yield f"round {action.round} task {action.task} {told_action(action)}"
        for number, task in enumerate(workflow.tasks, 1):
            if task.state in ("done", "failed"):
                yield f"task {number} {told_task(task)}"
    yield f"{glance.found.job.id} {_state(glance)}"


def _state(glance: Glance) -> str:
    verdict = glance.found.job.verdict
    if not glance.has_ended or verdict is None:
        return glance.found.state
    score = "" if verdict.score is None else f", score {verdict.score.total}"
    return f"{verdict.outcome}{score}"


def _live(glances: Iterator[Glance]) -> Found:
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    console = Console(stderr=True, highlight=False)
    with Live(console=console, refresh_per_second=8, transient=False) as live:
        for glance in glances:
            live.update(Text("\n".join(picture(glance))))
            if glance.has_ended:
                return glance.found
    raise AssertionError("a job is watched until it ends")


def picture(glance: Glance) -> list[str]:
    """Return a job as it stands, as the live display shows it."""
    lines = [f"{glance.found.job.id}  {_state(glance)}"]
    if glance.workflow is not None:
        lines += lines_of(glance.workflow)
    if glance.has_ended:
        lines += [f"  output    {path}" for path in outputs_of(glance.found.path)]
    return lines
