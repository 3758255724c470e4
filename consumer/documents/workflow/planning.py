"""From a request to tasks: the planner's plan where it holds, else the standard one."""

from __future__ import annotations

import asyncio
from typing import Any

from pydantic import ValidationError

from consumer.documents.generation.kpis import check_path
from consumer.documents.rendering import formats
from consumer.documents.wording import as_json
from consumer.documents.workflow.desk import Wishes
from consumer.documents.workflow.models import RequestContext, TaskDefinition, UnderstandingResult
from consumer.documents.workflow.objects import read_object
from consumer.documents.workflow.office import Office
from consumer.documents.workflow.plan_validator import task_faults
from consumer.documents.workflow.sections import (
    Section,
    documents_section,
    lines_section,
    plain,
    request_section,
    wishes_section,
)
from syntx.errors import BadAnswer, BadRequest, ContextExceeded
from syntx.job import first_error

ANSWER = """Return one JSON object and nothing else:
{"intent": "what is wanted, in a sentence", "language": "de",
 "tasks": [{"id": "t1", "objective": "…", "successCriteria": ["…"], "dependencies": [],
            "format": "docx, or null where the task yields no file", "kpis": []}]}
One task for each document that is wanted; others only where they need each other's results."""

MORE_FORMATS = "Give the same document once more, as {}"


async def understand(office: Office) -> tuple[UnderstandingResult, str]:
    """Return the plan, and a note where it is not the planner's own."""
    if office.workflow.complexity == "simple":
        return _standard(office)
    faults: tuple[str, ...] = ()
    for _ in range(2):
        try:
            answer = await office.plan("understand", _sections(office, faults), ANSWER)
        except (BadAnswer, ContextExceeded) as error:
            faults = (error.message,)
            continue
        found, faults = await asyncio.to_thread(read_plan, answer)
        if found is not None:
            return fitted(found, office.request, office.wishes)
    told = "; ".join(faults[:5])
    plan, _ = _standard(office)
    return plan, f"standard plan, because the planner's could not be used twice: {told}"


def read_plan(answer: str) -> tuple[UnderstandingResult | None, tuple[str, ...]]:
    """Return the plan in an answer, or why there is none."""
    found = read_object(answer)
    if found is None:
        return None, ("the answer is no JSON object",)
    faults = task_faults(found.get("tasks"))
    if faults:
        return None, faults
    try:
        plan = UnderstandingResult.model_validate({"intent": "", **found})
        for kpi in (kpi for task in plan.tasks for kpi in task.kpis):
            check_path(kpi.json_path)
    except ValidationError as error:
        return None, (first_error(error),)
    except BadRequest as error:
        return None, (error.message,)
    return plan, ()


def standard_plan(request: RequestContext, wishes: Wishes) -> UnderstandingResult:
    """Return the plan that fits every request: one task per asked format."""
    first = TaskDefinition(
        id="t1",
        objective=" ".join(request.prompt.split()),
        success_criteria=("The document answers the request.",),
        format=wishes.formats[0],
        kpis=request.kpis,
    )
    intent = " ".join(request.prompt.split())
    return UnderstandingResult(intent=intent, language=wishes.language, tasks=(first,))


def fitted(
    plan: UnderstandingResult, request: RequestContext, wishes: Wishes
) -> tuple[UnderstandingResult, str]:
    """Return the plan with every asked format and measure in it, and a note on what was added.

    Formats that nobody settled are the planner's to choose, among those that can be rendered.
    """
    allowed = {None, *(wishes.formats if wishes.settled else formats())}
    tasks = [
        task if task.format in allowed else _as(task, format=wishes.formats[0])
        for task in plan.tasks
    ]
    chosen = {task.format for task in tasks} - {None}
    wanted = () if chosen and not wishes.settled else wishes.formats
    missing = [one for one in wanted if one not in chosen]
    notes = []
    if missing and all(task.format is None for task in tasks):
        tasks[-1] = _as(tasks[-1], format=missing.pop(0))
        notes.append(f"task {tasks[-1].id!r} yields {tasks[-1].format}")
    for one in missing:
        tasks.append(_another(one, tasks))
        notes.append(f"task {tasks[-1].id!r} was added for {one}")
    measured = [
        _as(task, kpis=request.kpis) if task.format and request.kpis else task for task in tasks
    ]
    return _as(plan, tasks=tuple(measured)), "; ".join(notes)


def _standard(office: Office) -> tuple[UnderstandingResult, str]:
    plan = standard_plan(office.request, office.wishes)
    return fitted(plan, office.request, office.wishes)[0], ""


def _another(format_: str, tasks: list[TaskDefinition]) -> TaskDefinition:
    source = [task for task in tasks if task.format is not None][-1]
    taken = {task.id for task in tasks}
    return TaskDefinition(
        id=next(name for name in (f"t{n}" for n in range(1, 10_000)) if name not in taken),
        objective=MORE_FORMATS.format(format_),
        success_criteria=source.success_criteria,
        dependencies=(source.id,),
        format=format_,
        kpis=source.kpis,
    )


def _as(record: Any, **changes: Any) -> Any:
    return record.model_copy(update=changes)


def _sections(office: Office, faults: tuple[str, ...]) -> list[Section]:
    return [
        request_section(office.request),
        wishes_section(office.wishes.told()),
        documents_section(office.shelf),
        ("Targets", as_json([plain(kpi) for kpi in office.request.kpis]))
        if office.request.kpis
        else ("Targets", ""),
        lines_section("Faults", faults),
    ]
