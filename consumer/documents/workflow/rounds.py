"""A round: understand the request, run its tasks in order, hand over what they yield."""

from __future__ import annotations

from dataclasses import replace

from consumer.documents.failing import ModelRefused
from consumer.documents.workflow.models import (
    ChatMessage,
    TaskDefinition,
    TaskResult,
)
from consumer.documents.workflow.office import Office
from consumer.documents.workflow.plan_validator import in_order
from consumer.documents.workflow.planning import understand
from consumer.documents.workflow.progress import told
from consumer.documents.workflow.situation import PREPARING, situation_of
from consumer.documents.workflow.tasks import result_of, step, work

REFUSED = "refused"
"""How the reason of a task begins that a model refused to work on."""


async def run_round(office: Office) -> None:
    """Run all tasks that have no result yet; the state tells how each ended."""
    await _prepared(office)
    await _understood(office)
    plan = office.workflow.understanding
    assert plan is not None
    for task in in_order(plan.tasks):
        if task.id not in {result.task_id for result in office.workflow.results}:
            await _run_task(office, task)


def refused(office: Office, error: ModelRefused) -> None:
    """Note that a model refused to work on the request as a whole."""
    reason = f"{REFUSED}: {error.message}"
    office.workflow.results.append(
        TaskResult(task_id="request", success=False, stop_reason="failed", reason=reason)
    )


async def _prepared(office: Office) -> None:
    """Read what is attached first where personal data is replaced: names in it are known then."""
    now = office.workflow
    if office.neutralizer is None or now.understanding is not None:
        return
    while _is_unprepared(office):
        await step(office, PREPARING)
    if now.held:
        place = f"round{now.current_round}_task0"
        documents = tuple(one.document for one in now.held)
        message = ChatMessage(
            id=f"msg_{place}", documents_label=f"{place}_content", documents=documents
        )
        now.messages, now.held = [*now.messages, message], []
        office.save()


def _is_unprepared(office: Office) -> bool:
    seen = office.observations(PREPARING)
    now = situation_of(PREPARING, office.shelf, seen, neutralize=True)
    return all(one.success for one in seen) and (now.unread or now.to_neutralize)


async def _understood(office: Office) -> None:
    now = office.workflow
    if now.understanding is not None:
        return
    office.caller.at(now.current_round, 0, 0)
    with told(office.progress, office.where, "understanding the request"):
        now.understanding, now.plan_note = await understand(office)
    kpis = {kpi.id: kpi for task in now.understanding.tasks for kpi in task.kpis}
    now.kpis = list(kpis.values())
    office.save()


async def _run_task(office: Office, task: TaskDefinition) -> None:
    now = office.workflow
    if not _begun(office, task):
        # A start that is told of is in the state: a later run tells its end.
        now.increment_task()
        office.save()
    where = replace(office.where, action=0)
    with told(office.progress, where, f"task {task.id}") as ending:
        result = _skipped(office, task) or await _worked(office, task)
        ending.success, ending.message = result.success, result.stop_reason
    now.results.append(result)
    message = _message(office, result)
    now.messages.append(message)
    now.held = []
    office.save()


def _begun(office: Office, task: TaskDefinition) -> bool:
    """Whether the counters stand at this task already, as after a restart."""
    return office.workflow.current_task > len(office.workflow.results)


async def _worked(office: Office, task: TaskDefinition) -> TaskResult:
    """Run the task; a refusal ends it, not the others."""
    try:
        return await work(office, task)
    except ModelRefused as error:
        return result_of(office, task, "failed", f"{REFUSED}: {error.message}")


def _skipped(office: Office, task: TaskDefinition) -> TaskResult | None:
    """Return the result of a task that cannot run, because one before it left nothing."""
    barren = {
        one.task_id for one in office.workflow.results if not one.success and not one.documents
    }
    lacking = [name for name in task.dependencies if name in barren]
    if not lacking:
        return None
    reason = f"skipped, because it needs {', '.join(lacking)}, which yielded nothing"
    return TaskResult(task_id=task.id, success=False, stop_reason="failed", reason=reason)


def _message(office: Office, result: TaskResult) -> ChatMessage:
    """Keep a task's documents under their label, for the tasks that follow."""
    now = office.workflow
    wanted = set(result.documents)
    return ChatMessage(
        id=f"msg_round{now.current_round}_task{now.current_task}",
        message=f"{result.task_id}: {result.stop_reason}",
        documents_label=result.documents_label,
        documents=tuple(one.document for one in now.held if one.document.id in wanted),
    )
