"""Where a task stands, and the action that is usually next; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from consumer.documents.workflow.models import ActionDefinition, Observation, TaskDefinition
from consumer.documents.workflow.shelf import DOCUMENT, FINDINGS, Shelf, is_neutral
from consumer.documents.workflow.versions import ANSWER, GENERATE, RENDER, VALIDATE, versions_of

EXTRACT, NEUTRALIZE, ANALYSE = "document.extractContent", "context.neutralizeData", "ai.analyse"

PREPARING = TaskDefinition(
    id="preparing",
    objective="Know what is personal before any model is asked.",
    success_criteria=("Every attachment is read and has a neutral version.",),
)
"""What comes before the plan where personal data is replaced; it stands at task 0."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What is there and what is not."""

    unread: bool = False
    to_neutralize: bool = False
    has_contents: bool = False
    has_findings: bool = False
    inherits: bool = False
    generated: bool = False
    rendered: bool = False
    checked: bool = False
    failed: frozenset[str] = frozenset()


def situation_of(
    task: TaskDefinition, shelf: Shelf, observations: Sequence[Observation], *, neutralize: bool
) -> Situation:
    """Read off where a task stands.

    A task that follows another one of the same plan and asks for another format of its document
    inherits that document.
    """
    versions = versions_of(observations)
    latest = versions[-1] if versions else None
    contents = shelf.contents
    return Situation(
        unread=bool(shelf.unread),
        to_neutralize=neutralize and not all(map(is_neutral, contents)),
        has_contents=bool(contents),
        has_findings=bool(shelf.of_type(FINDINGS)),
        inherits=bool(task.dependencies and task.format and shelf.of_type(DOCUMENT)),
        generated=latest is not None and latest.document is not None,
        rendered=latest is not None and bool(latest.files),
        checked=latest is not None and latest.validation is not None,
        failed=frozenset(one.action for one in observations if not one.success),
    )


def usual_action(
    task: TaskDefinition, now: Situation, *, simple: bool = False, hurry: bool = False
) -> ActionDefinition:
    """Return the action that is next where no planner says better.

    `simple` work takes one call; in a `hurry` the contents are not analysed first.
    """
    name = _before_writing(now) or (_writing(now, hurry) if task.format else _thinking(now))
    if simple and name in (ANALYSE, GENERATE):
        name = ANSWER
    return ActionDefinition(
        action=name,
        action_objective=task.objective,
        parameters={"format": task.format} if name == RENDER and task.format else {},
    )


def steps_to_close(now: Situation) -> int:
    """Return how many actions a document still needs until it is rendered and checked."""
    if now.rendered:
        return 0 if now.checked else 1
    if now.generated:
        return 2
    before = int(now.unread and EXTRACT not in now.failed)
    before += int(now.to_neutralize and NEUTRALIZE not in now.failed)
    return before + (2 if now.inherits else 3)


def _before_writing(now: Situation) -> str | None:
    if now.unread and EXTRACT not in now.failed:
        return EXTRACT
    if now.to_neutralize and NEUTRALIZE not in now.failed:
        return NEUTRALIZE
    return None


def _writing(now: Situation, hurry: bool) -> str:
    if now.checked:
        return GENERATE
    if now.rendered:
        return VALIDATE
    if now.generated or now.inherits:
        return RENDER
    analysed = now.has_findings or not now.has_contents or ANALYSE in now.failed
    return GENERATE if analysed or hurry else ANALYSE


def _thinking(now: Situation) -> str:
    return ANALYSE if now.has_contents and ANALYSE not in now.failed else "ai.process"
