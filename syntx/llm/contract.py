"""The one question and the one answer every model API is translated to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

Operation = Literal[
    "plan",
    "dataAnalyse",
    "dataGenerate",
    "dataExtract",
    "imageAnalyse",
    "imageGenerate",
    "webSearch",
    "webCrawl",
    "draft",
    "calibrate",
]
Priority = Literal["speed", "balanced", "quality", "cost"]
FinishReason = Literal["stop", "length", "content_filter", "unknown"]


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class CallLimits:
    """What one call may take; None leaves it to the model's own default.

    `deadline` is the total for all tries in seconds, `cost` the most this call may cost in USD.
    """

    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    deadline: float | None = None
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a model.

    `model` names a catalogue model, which no other ever stands in for. `chain` names several: the
    next is asked when one stays unreachable. With neither, the chain is every model that does the
    operation, ordered by priority. `prompt_tokens` is the caller's own count of the messages; None
    lets the gateway estimate. `raw_prompt` and `wrapper` let a calibrator that wraps by itself get
    the unwrapped prompt.
    """

    operation: Operation
    messages: tuple[Message, ...]
    model: str | None = None
    limits: CallLimits = CallLimits()
    priority: Priority = "balanced"
    raw_prompt: str | None = None
    wrapper: str | None = None
    trace_id: str | None = None
    chain: tuple[str, ...] = ()
    prompt_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts; None where the endpoint told nothing."""

    input: int | None = None
    output: int | None = None


@dataclass(frozen=True, slots=True)
class Try:
    """One failed try of a call: what went wrong and how long we paused after it (seconds)."""

    reason: str
    message: str
    pause: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said, and what it took (cost in USD, None if the price is unknown; seconds)."""

    text: str
    model: str
    endpoint: str
    finish_reason: FinishReason = "stop"
    refused: bool = False
    usage: Usage = Usage()
    cost: float | None = None
    input_cost: float | None = None
    """The part of `cost` that the prompt took."""
    duration: float = 0.0
    limits: CallLimits = CallLimits()
    """The sampling as it was really sent, after lowering to what fits."""
    session_id: str | None = None
    request_id: str | None = None
    wrapper_chain: tuple[str, ...] | None = None
    latency_ms: float | None = None
    simulated: bool = False
    replayed: bool = False
    """Whether it was given before, and comes from a journal now."""
    tries: tuple[Try, ...] = field(default=())

    @property
    def retries(self) -> int:
        """How many tries failed before this answer."""
        return len(self.tries)

    @property
    def truncated(self) -> bool:
        """Whether the answer was cut at the token limit."""
        return self.finish_reason == "length"


class ModelClient(Protocol):
    """One endpoint of one API. Foreign errors come out as Temporary or Permanent."""

    async def call(self, request: Request, model: str, limits: CallLimits) -> Answer:
        """Make exactly one call, no retries."""

    async def close(self) -> None:
        """Close connections."""


class Gateway(Protocol):
    """What the services ask. Raises Temporary when the tries are used up, Permanent at once."""

    async def ask(self, request: Request) -> Answer:
        """Choose a model, ask it, retry what may pass, and meter what it took."""
