"""The records of a workflow: its state, its plan, and what its actions yield."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from consumer.documents.generation.models import KpiDefinition
from consumer.documents.validation.models import GapType, ValidationResult
from consumer.documents.wire import Wire
from consumer.documents.workflow.references import References

Complexity = Literal["simple", "moderate", "complex"]
StopReason = Literal["criteria_met", "no_improvement", "max_steps", "failed"]


class RequestContext(Wire):
    """What a user asked for: the request, how the result should be, and what came with it."""

    prompt: str
    format: str | None = None
    title: str | None = None
    language: str | None = None
    neutralize: bool = False
    attachments: tuple[str, ...] = ()
    kpis: tuple[KpiDefinition, ...] = ()


class TaskDefinition(Wire):
    """One task of a plan; `dependencies` are IDs of tasks that come first."""

    id: str
    objective: str
    success_criteria: tuple[str, ...]
    dependencies: tuple[str, ...] = ()
    format: str | None = None
    kpis: tuple[KpiDefinition, ...] = ()


class UnderstandingResult(Wire):
    """What the planner understood, and the tasks it made of it."""

    intent: str
    language: str | None = None
    tasks: tuple[TaskDefinition, ...] = ()


class ActionDefinition(Wire):
    """The next action: chosen first, its parameters now or in a second step."""

    action: str
    action_objective: str = ""
    parameters_context: str | None = None
    learnings: tuple[str, ...] = ()
    document_list: References | None = None
    connection_reference: str | None = None
    parameters: dict[str, Any] | None = None
    result_label: str | None = None

    def needs_stage2(self) -> bool:
        """Whether parameters are still to be asked for; an empty mapping is an answer."""
        return self.parameters is None


class TaskContext(BaseModel):
    """What a task knows while it runs."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, validate_assignment=True
    )

    action_objective: str | None = None
    parameters_context: str | None = None
    learnings: list[str] = []
    stage1_selection: dict[str, Any] | None = Field(default=None, alias="stage1Selection")

    def update_from_selection(self, selection: ActionDefinition) -> None:
        """Take over what a selection says."""
        self.action_objective = selection.action_objective
        self.parameters_context = selection.parameters_context
        self.learnings = [*selection.learnings]
        self.stage1_selection = selection.model_dump(mode="json", by_alias=True)


class ActionDocument(Wire):
    """What an action yields; without `validation_metadata` it is none."""

    document_name: str
    document_data: bytes
    mime_type: str
    validation_metadata: dict[str, Any]

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    @model_validator(mode="after")
    def _names_its_action(self) -> Self:
        if not self.validation_metadata.get("actionName"):
            raise ValueError("validationMetadata must name its action under actionName")
        return self


class ActionResult(Wire):
    """How an action ended; `error` says why it failed."""

    success: bool
    documents: tuple[ActionDocument, ...] = ()
    result_label: str | None = None
    error: str | None = None
    validation: ValidationResult | None = None


class Observation(Wire):
    """What is known after an action: what it yielded, and what its check found."""

    action: str
    success: bool
    result_label: str | None = None
    documents: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    validation: ValidationResult | None = None


class ReviewResult(Wire):
    """What follows from an observation."""

    status: Literal["continue", "success", "stop"]
    reason: str
    stop_reason: StopReason | None = None
    gap_type: GapType = "no_gap"
    improvement_suggestions: tuple[str, ...] = ()
    quality_score: float | None = Field(default=None, ge=0, le=1)


class TaskResult(Wire):
    """How a task ended, and which documents it leaves under which label."""

    task_id: str
    success: bool
    stop_reason: StopReason
    reason: str = ""
    documents_label: str | None = None
    documents: tuple[str, ...] = ()
    validation: ValidationResult | None = None


class ChatDocument(Wire):
    """A document kept between tasks; `file` is its path in the job's folder."""

    id: str
    file_name: str
    mime_type: str
    size: int = Field(ge=0)
    file: str
    validation_metadata: dict[str, Any] = Field(default={})


class HeldDocument(Wire):
    """A document within the running task: the label of the action that yielded it."""

    label: str
    document: ChatDocument


class ChatMessage(Wire):
    """What a task, or the whole workflow, says to whoever comes next."""

    id: str
    role: Literal["user", "assistant"] = "assistant"
    message: str = ""
    documents_label: str | None = None
    documents: tuple[ChatDocument, ...] = ()


class ActionRecord(Wire):
    """One action that ran: for the state, the record of the workflow and its readers."""

    round: int
    task: int
    action: int
    task_id: str
    name: str
    objective: str = ""
    result_label: str | None = None
    success: bool
    started: datetime
    ended: datetime
    documents: tuple[str, ...] = ()
    error: str | None = None
    quality_score: float | None = None
    parameters: dict[str, Any] = Field(default={})
    document_list: tuple[str, ...] = ()


class ChatWorkflow(BaseModel):
    """All that is known of a workflow's execution; whatever else remembers is a mistake.

    `actions` and `observations` go together, one of each per action that ended. `held` is what
    the running task yielded so far; `kpis` are the measures with their current values. `request` is
    what was asked for as the round began with it: names that are learned later change no prompt.
    `resting` says that the last run ended in order, without finishing the workflow; `seconds` is
    how long all runs worked at it, up to the last time the state was saved.
    """

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, validate_assignment=True
    )

    id: str
    current_round: int = 0
    current_task: int = 0
    current_action: int = 0
    request: RequestContext | None = None
    complexity: Complexity | None = None
    complexity_reason: str = ""
    understanding: UnderstandingResult | None = None
    plan_note: str = ""
    context: TaskContext = TaskContext()
    actions: list[ActionRecord] = []
    observations: list[Observation] = []
    results: list[TaskResult] = []
    held: list[HeldDocument] = []
    kpis: list[KpiDefinition] = []
    messages: list[ChatMessage] = []
    seconds: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    resting: bool = False
    finished: bool = False

    def increment_round(self) -> None:
        """Begin a round: a user said something new."""
        self.current_round += 1
        self.current_task = 0
        self.current_action = 0

    def increment_task(self) -> None:
        """Begin a task."""
        self.current_task += 1
        self.current_action = 0

    def increment_action(self) -> None:
        """Begin an action."""
        self.current_action += 1
