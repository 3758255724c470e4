"""What a whole workflow works with, from its first call to its delivery."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from consumer.documents.calls.asking import Call, Caller
from consumer.documents.calls.models import AiCallOptions, OperationType
from consumer.documents.neutralization.neutralizer import Neutralizer
from consumer.documents.wording import Order, prompt
from consumer.documents.workflow.desk import Desk, Wishes
from consumer.documents.workflow.keeping import Keeper
from consumer.documents.workflow.models import (
    ChatDocument,
    ChatWorkflow,
    Observation,
    RequestContext,
    TaskDefinition,
)
from consumer.documents.workflow.progress import Progress, Where
from consumer.documents.workflow.registry import Action, Registry
from consumer.documents.workflow.sections import Section
from consumer.documents.workflow.shelf import Shelf
from consumer.documents.workflow.timing import Stopwatch
from syntx.llm.contract import Message
from syntx.settings.models import Documents


@dataclass(frozen=True, slots=True)
class Office:
    """The means of one workflow; `able` tells whether some model does an operation."""

    workflow: ChatWorkflow
    request: RequestContext
    attachments: tuple[ChatDocument, ...]
    wishes: Wishes
    keeper: Keeper
    caller: Caller
    progress: Progress
    registry: Registry
    settings: Documents
    neutralizer: Neutralizer | None
    able: Callable[[OperationType], bool]
    watch: Stopwatch

    @property
    def shelf(self) -> Shelf:
        """The documents in reach now."""
        return Shelf.of(self.workflow, self.keeper.folder)

    @property
    def where(self) -> Where:
        """The place the workflow is at."""
        now = self.workflow
        return Where(now.id, now.current_round, now.current_task, now.current_action)

    @property
    def offered(self) -> list[dict[str, Any]]:
        """The schemas of the actions that can be done with the models there are."""
        return [action.schema() for action in self.registry.values() if self._can(action)]

    def save(self) -> None:
        """Put the state on disk."""
        self.workflow.seconds = round(self.watch.used, 3)
        self.keeper.save(self.workflow)

    def observations(self, task: TaskDefinition) -> tuple[Observation, ...]:
        """Return what was observed in a task, in order."""
        pairs = zip(self.workflow.actions, self.workflow.observations, strict=True)
        return tuple(seen for record, seen in pairs if record.task_id == task.id)

    async def plan(self, order: Order, sections: list[Section], answer: str) -> str:
        """Ask the planner; returns its answer as it came."""
        text = prompt("planner", order, sections, answer)
        options = AiCallOptions(operation_type=OperationType.PLAN)
        longest = self.settings.max_new_tokens
        call = Call(order, (Message("user", text),), options, longest)
        return (await self.caller.ask(call)).text

    def desk(
        self, task: TaskDefinition, label: str, references: tuple[str, ...], learnings: list[str]
    ) -> Desk:
        """Prepare the place of work of one action."""
        seen = self.observations(task)
        checked = [one.validation for one in seen if one.validation is not None]
        return Desk(
            request=self.request,
            wishes=self.wishes,
            task=task,
            folder=self.keeper.folder,
            shelf=self.shelf,
            caller=self.caller,
            settings=self.settings,
            neutralizer=self.neutralizer,
            label=label,
            references=references,
            observations=seen,
            learnings=tuple(learnings),
            suggestions=checked[-1].improvement_suggestions if checked else (),
            simple=self.workflow.complexity == "simple",
        )

    def _can(self, action: Action) -> bool:
        return action.operation is None or self.able(action.operation)
