"""A workflow as text for people (pure)."""

from __future__ import annotations

from collections.abc import Iterator

from syntx.commands.seeing.workflow_view import Action, Kpi, Task, Workflow
from syntx.commands.telling import visible

_LONGEST = 160


def lines_of(workflow: Workflow) -> list[str]:
    """Return where a workflow stands: its plan, rounds with tasks and actions, measures."""
    lines = [f"  workflow  {_plan(workflow)}"]
    rounds = sorted({one.round for one in workflow.actions} | {workflow.round} - {0})
    for number in rounds:
        lines += [f"    round {number}", *_round(workflow, number)]
    lines += [f"  note      {_short(note)}" for note in workflow.notes]
    lines += [f"  kpi       {told_kpi(kpi)}" for kpi in workflow.kpis]
    if workflow.quality is not None:
        lines.append(f"  quality   {workflow.quality:.2f}")
    return lines


def _plan(workflow: Workflow) -> str:
    if workflow.complexity is None:
        return "begun"
    reason = f" ({_short(workflow.complexity_reason)})" if workflow.complexity_reason else ""
    note = f"; plan: {_short(workflow.plan_note)}" if workflow.plan_note else ""
    return f"{workflow.complexity}{reason}{note}"


def _round(workflow: Workflow, number: int) -> Iterator[str]:
    is_current = number == workflow.round
    tasks = workflow.tasks if is_current else ()
    seen = {one.task for one in workflow.actions if one.round == number}
    for place in sorted(seen | set(range(1, len(tasks) + 1))):
        task = tasks[place - 1] if 0 < place <= len(tasks) else None
        yield f"      task {place}  {told_task(task)}" if task else f"      task {place}"
        for action in workflow.actions:
            if (action.round, action.task) == (number, place):
                yield f"        {told_action(action)}"
        if is_current and place == workflow.task and _has_open_action(workflow):
            state = "running" if workflow.at_work else "interrupted"
            yield f"        action {workflow.action}  {state}"


def _has_open_action(workflow: Workflow) -> bool:
    done = {(one.round, one.task, one.action) for one in workflow.actions}
    now = (workflow.round, workflow.task, workflow.action)
    return not workflow.finished and workflow.action > 0 and now not in done


def told_task(task: Task) -> str:
    """Tell a task and how it stands."""
    reason = f" ({_short(task.reason)})" if task.reason else ""
    return f"{visible(task.id)}: {_short(task.objective)}  {task.state}{reason}"


def told_action(action: Action) -> str:
    """Tell an action that ended: whether it succeeded, and how long it took."""
    ending = "ok" if action.success else f"failed: {_short(action.error or '')}"
    quality = "" if action.quality is None else f"  quality {action.quality:.2f}"
    name = visible(action.name).ljust(24)
    return f"action {action.action}  {name} {action.seconds:6.1f} s  {ending}{quality}"


def told_kpi(kpi: Kpi) -> str:
    """Tell a measure: current value, target, and percent."""
    current = "-" if kpi.current is None else visible(str(kpi.current))
    percent = "" if kpi.percent is None else f" ({kpi.percent} %)"
    return f"{visible(kpi.id)}: {current} of {visible(str(kpi.target))}{percent}"


def _short(text: str) -> str:
    line = " ".join(visible(text).split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
