"""One task: choose, act, observe, refine, one action a step, until it is done or no use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from consumer.documents.failing import LeakBlocked, ModelRefused, NothingSaid, NotPlain
from consumer.documents.generation.models import KpiDefinition
from consumer.documents.needing import MissingExtra
from consumer.documents.neutralization.mapping import MappingDamaged
from consumer.documents.threads import in_thread
from consumer.documents.workflow.models import (
    ActionDefinition,
    ActionRecord,
    ActionResult,
    ChatDocument,
    HeldDocument,
    Observation,
    StopReason,
    TaskDefinition,
    TaskResult,
)
from consumer.documents.workflow.office import Office
from consumer.documents.workflow.progress import told
from consumer.documents.workflow.refining import review
from consumer.documents.workflow.selecting import Choice, choose
from consumer.documents.workflow.shelf import Entry
from consumer.documents.workflow.versions import Version, best_version, versions_of
from syntx.errors import CostLimitExceeded, NotAuthorised, Permanent

MOST_LEARNINGS = 50

_ENDS_THE_JOB = (
    CostLimitExceeded,
    LeakBlocked,
    MappingDamaged,
    MissingExtra,
    ModelRefused,
    NotAuthorised,
    NothingSaid,
    NotPlain,
)
"""What no other action of the same task could mend."""


async def work(office: Office, task: TaskDefinition) -> TaskResult:
    """Run actions until the review says stop; each is on disk before the next begins."""
    while True:
        verdict = review(
            task,
            office.observations(task),
            accept=office.wishes.accept,
            max_steps=office.wishes.max_steps,
            once=office.workflow.complexity == "simple",
        )
        if verdict.status != "continue":
            assert verdict.stop_reason is not None
            return result_of(office, task, verdict.stop_reason, verdict.reason)
        await step(office, task)


async def step(office: Office, task: TaskDefinition) -> None:
    """Take one step; one that was interrupted is taken again, with the answers it had."""
    now = office.workflow
    if now.current_action == len(office.observations(task)):
        now.increment_action()
        office.save()
    office.caller.at(now.current_round, now.current_task, now.current_action)
    started = datetime.now(UTC)
    with told(office.progress, office.where, f"action of task {task.id}") as ending:
        choice = await choose(office, task)
        result = await _act(office, task, choice)
        ending.success, ending.message = result.success, result.error or choice.action.name
    await in_thread(_observe, office, task, choice, result, started)


async def _act(office: Office, task: TaskDefinition, choice: Choice) -> ActionResult:
    """Run an action; what it raises for good becomes its result, unless it ends the job."""
    learnings = _learned(office, choice.definition)
    references = choice.definition.document_list or ()
    desk = office.desk(task, choice.label, references, learnings)
    try:
        return await choice.action.run(choice.parameters, desk)
    except _ENDS_THE_JOB:
        raise
    except Permanent as error:
        message = error.message if error.fix is None else f"{error.message} ({error.fix})"
        return ActionResult(success=False, result_label=choice.label, error=message)


def _observe(
    office: Office, task: TaskDefinition, choice: Choice, result: ActionResult, started: datetime
) -> None:
    """Keep what an action yielded, then the state that tells of it."""
    now, chosen = office.workflow, choice.definition
    place = f"r{now.current_round}_t{now.current_task}_a{now.current_action}"
    kept = office.keeper.keep(place, result.documents)
    now.context.update_from_selection(
        chosen.model_copy(update={"learnings": tuple(_learned(office, chosen))})
    )
    now.held.extend(HeldDocument(label=choice.label, document=one) for one in kept)
    now.kpis = _measured(now.kpis, kept)
    seen = _seen(choice, result, kept)
    now.actions.append(_record(office, task, choice, result, kept, started))
    now.observations.append(seen)
    office.save()


def _measured(kpis: list[KpiDefinition], kept: tuple[ChatDocument, ...]) -> list[KpiDefinition]:
    """Return the measures with the values that the latest documents tell of."""
    told = [KpiDefinition.model_validate(one) for doc in kept for one in _told_kpis(doc)]
    values = {one.id: one for one in told}
    return [values.get(one.id, one) for one in kpis]


def _told_kpis(document: ChatDocument) -> Sequence[Any]:
    found: Sequence[Any] = document.validation_metadata.get("kpis", ())
    return found


def _seen(choice: Choice, result: ActionResult, kept: tuple[ChatDocument, ...]) -> Observation:
    notes = [result.error or "", choice.note]
    notes += [str(note) for one in kept for note in one.validation_metadata.get("notes", ())]
    return Observation(
        action=choice.action.name,
        success=result.success,
        result_label=choice.label,
        documents=tuple(Entry(choice.label, one).reference for one in kept),
        notes=tuple(note for note in notes if note),
        validation=result.validation,
    )


def _record(
    office: Office,
    task: TaskDefinition,
    choice: Choice,
    result: ActionResult,
    kept: tuple[ChatDocument, ...],
    started: datetime,
) -> ActionRecord:
    now, chosen = office.workflow, choice.definition
    return ActionRecord(
        round=now.current_round,
        task=now.current_task,
        action=now.current_action,
        task_id=task.id,
        name=choice.action.name,
        objective=chosen.action_objective,
        result_label=choice.label,
        success=result.success,
        started=started,
        ended=datetime.now(UTC),
        documents=tuple(one.id for one in kept),
        error=result.error,
        quality_score=result.validation.quality_score if result.validation else None,
        parameters=chosen.parameters or {},
        document_list=chosen.document_list or (),
    )


def _learned(office: Office, chosen: ActionDefinition) -> list[str]:
    """Carry earlier learnings on; a planner that repeats them adds nothing."""
    return list(dict.fromkeys((*office.workflow.context.learnings, *chosen.learnings)))[
        -MOST_LEARNINGS:
    ]


def result_of(office: Office, task: TaskDefinition, stop: StopReason, reason: str) -> TaskResult:
    """Say how a task ended; a document that is good enough counts, whatever ended the task."""
    version = best_version(office.observations(task))
    found = version.validation if version else None
    good = found is not None and found.quality_score >= office.wishes.accept
    done = stop == "criteria_met" or good
    now = office.workflow
    label = f"round{now.current_round}_task{now.current_task}_results"
    left_out = _superseded(office.observations(task), version)
    yielded = [one for one in now.held if one.label not in left_out]
    return TaskResult(
        task_id=task.id,
        success=done,
        stop_reason=stop,
        reason=reason,
        documents_label=label if yielded else None,
        documents=tuple(one.document.id for one in yielded),
        validation=found,
    )


def _superseded(observations: Sequence[Observation], best: Version | None) -> set[str]:
    """Return the labels of what belongs to versions that are not delivered."""
    labels = {label for one in versions_of(observations) for label in one.labels}
    return labels - (best.labels if best else set())
