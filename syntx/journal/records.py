"""What a line of each log holds: the fields all of them share, and those of its own.

`NotRequired` fields stand in some of a log's lines only; None says that a thing is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from syntx.journal.generation import Generation

Arm = Literal["control", "steered"]


class Shared(TypedDict):
    """The fields every line begins with; times are RFC 3339 UTC, `event_id` is a UUID 7."""

    schema: str
    event_id: str
    timestamp: str
    service: str
    job_id: str | None
    trace_id: str | None


class Cost(TypedDict):
    """Tokens and costs of a call (USD); None where the endpoint or the price is silent."""

    input_tokens: int | None
    output_tokens: int | None
    input_cost: float | None
    output_cost: float | None
    total_cost: float | None
    currency: str


class CallCost(Cost):
    """costs.jsonl: one answered call of a model."""

    operation: str
    model: str
    simulated: bool
    duration_ms: NotRequired[int]


class DraftCause(TypedDict):
    """Which prompt of which generation a call of the generator model was made for."""

    generation: int
    arm: Arm
    operator: str
    parents: Sequence[str]
    advice_id: str | None
    redraw: int


class DraftAsked(TypedDict):
    """What the generator model was asked for; `prompt_sent` is the topic."""

    prompt_sent: str | None
    prompt_in: str
    style: str | None
    category: str | None
    pattern: str | None
    language: str | None


class DraftTries(TypedDict):
    """How often a call was tried again; the count stands under its older name too."""

    retries: int
    retry_count: int
    tries: Sequence[Retry]


class DraftMade(DraftAsked, DraftTries):
    """What came of a call of the generator model.

    `reason` is the code of the error that left it without an answer.
    """

    success: bool
    outcome: str
    error: str | None
    reason: str | None
    prompt_generated: str | None
    prompt_out: str | None
    candidates: int
    similarity: float | None
    model: str | None
    duration_ms: int | None
    finish_reason: str | None
    refusal_attempts: int
    quality_score: Mapping[str, Any] | None
    cost: Cost | None
    model_params: DraftSampling
    simulated: bool | None


class DraftCall(DraftCause, DraftMade):
    """gpt_prompts.jsonl: one call of the generator model."""


class DraftSampling(TypedDict):
    """How the generator model was asked to sample."""

    max_tokens: int | None
    temperature: float | None
    top_p: float | None


class Retry(TypedDict):
    """A try that failed, and the pause after it in seconds."""

    reason: str
    pause: float


class TargetCall(TypedDict):
    """llama_responses.jsonl: one answer of a target model, or an attempt without one."""

    success: bool
    error: str | None
    reason: NotRequired[str]
    model: str | None
    wrapper: str | None
    wrapper_hash: NotRequired[str]
    prompt_hash: NotRequired[str]
    meta_prompt: str
    meta_prompt_length: int
    full_prompt_length: NotRequired[int]
    response: str | None
    response_length: int
    duration_ms: int
    retry_count: int
    retries: NotRequired[Sequence[Retry]]
    finish_reason: NotRequired[str]
    session_id: NotRequired[str | None]
    model_params: NotRequired[TargetSampling]
    score: int | None
    quality_score: Mapping[str, Any] | None
    simulated: NotRequired[bool]
    sample: NotRequired[int]
    consistency: NotRequired[float | None]


class TargetSampling(TypedDict):
    """How a target model was asked to sample."""

    max_new_tokens: int | None
    temperature: float | None
    top_p: float | None


class FlowStage(TypedDict):
    """field_flow.jsonl: one stage of a prompt job; which fields there are, depends on it."""

    request_id: str
    stage: Literal[
        "1_INCOMING",
        "2_WRAPPERS_LOADED",
        "3_FIELD_CALIBRATED",
        "4_BACKEND_FORWARD",
        "5_RESPONSE",
        "ERROR",
    ]
    prompt: NotRequired[str]
    mode: NotRequired[str]
    style: NotRequired[str | None]
    chain: NotRequired[Sequence[str]]
    wrapper_hash: NotRequired[str]
    total_length: NotRequired[int]
    prompt_hash: NotRequired[str]
    model: NotRequired[str | None]
    response: NotRequired[str]
    latency_ms: NotRequired[float]
    wrapper_chain: NotRequired[Sequence[str]]
    backend: NotRequired[str]
    session_id: NotRequired[str | None]
    error: NotRequired[str]
    reason: NotRequired[str]


class WrapperRequest(TypedDict):
    """wrapper_requests.jsonl: one prompt sent in its wrapper; `error` is the reason code."""

    request_id: str
    success: bool
    wrapper_chain: Sequence[str]
    latency_ms: float
    error: str | None


class WorkflowPlace(TypedDict):
    """A place in a workflow; task and action are 0 before the first one."""

    workflow_id: str
    round: int
    task: int
    action: int


class WorkflowStep(WorkflowPlace):
    """workflow.jsonl: a beginning or an end."""

    event: Literal["start", "finish"]
    success: bool | None
    message: str


class Who(TypedDict):
    """Who asked for something: the user, as `sudo` tells it too, and the real user ID."""

    user: str
    uid: int


class OperatorAction(TypedDict):
    """audit.jsonl: what an operator had done, one line before and one after, `action_id` in each.

    `ids` are the first names meant, `count` is how many they are; the rest stands in lines
    `named`, and what did not move in lines `stayed`. `groups` and `filters` chose them, as
    `patterns` did. `undoes` is the action that is undone.
    """

    action: str
    who: Who
    why: str | None
    patterns: Sequence[str]
    count: int
    ids: Sequence[str]
    state: Literal["begun", "named", "stayed", "failed", "done"]
    action_id: NotRequired[str]
    groups: NotRequired[Sequence[str]]
    filters: NotRequired[Sequence[str]]
    undoes: NotRequired[str]
    error: NotRequired[str]
    moved: NotRequired[int]
    stayed: NotRequired[int]


RECORDS: dict[str, type] = {
    "evolution": Generation,
    "gpt_prompts": DraftCall,
    "llama_responses": TargetCall,
    "field_flow": FlowStage,
    "wrapper_requests": WrapperRequest,
    "costs": CallCost,
    "audit": OperatorAction,
    "workflow": WorkflowStep,
}
"""By log: the fields a line has beside the shared ones."""
