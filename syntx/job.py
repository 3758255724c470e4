"""The job: one frozen envelope that is copied, never changed (schema ``syntx.job/1``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    computed_field,
    model_validator,
)

from syntx.errors import in_plain_words
from syntx.ids import day_of, is_job_id

MAX_GENERATION = 10**9

SCHEMA: Literal["syntx.job/1"] = "syntx.job/1"

Outcome = Literal["passed", "low_score", "failed", "refused"]


class Record(BaseModel):
    """A part of the envelope: frozen, and unknown keys survive a round trip."""

    model_config = ConfigDict(frozen=True, extra="allow")


class Recipe(Record):
    """What was asked for; evolution learns over complete recipes only."""

    topic: str | None = None
    category: str | None = None
    style: str | None = None
    wrapper: str | None = None
    pattern: str | None = None
    language: str | None = None


class Tokens(Record):
    """Token counts as the endpoint reported them; None where it did not."""

    input: int | None = None
    output: int | None = None


class Sampling(Record):
    """How a model was asked to sample."""

    max_tokens: int | None = Field(default=None, ge=1)
    temperature: float | None = Field(default=None, ge=0, le=2, allow_inf_nan=False)
    top_p: float | None = Field(default=None, gt=0, le=1, allow_inf_nan=False)


class DraftedBy(Record):
    """Which model worded the prompt, and what that took (cost in USD, duration in seconds)."""

    model: str
    sampling: Sampling = Sampling()
    tokens: Tokens = Tokens()
    cost: float | None = None
    duration: float | None = None
    simulated: bool = False


class Limits(Sampling):
    """What a job may take: sampling overrides, a total deadline (seconds) and a cost (USD)."""

    deadline: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    cost: float | None = Field(default=None, ge=0, allow_inf_nan=False)


class Attempt(Record):
    """One try at a job: who, when, with which model, and the error's class and text if any."""

    worker: str
    started: datetime
    ended: datetime
    model: str | None = None
    error: str | None = None
    reason: str | None = None
    message: str | None = None


class Score(Record):
    """A score of 0-100 with the parts that made it.

    `parts` are the components and gates in 0..1, `weights` the components' shares of one (what has
    none is a gate), `fields` says per field key whether it was found, `explanation` gives one
    sentence per part, `measures` what was counted on the way.
    """

    total: int = Field(ge=0, le=100)
    parts: dict[str, float] = {}
    weights: dict[str, float] = {}
    fields: dict[str, bool] = {}
    explanation: tuple[str, ...] = ()
    completeness: int = 0
    structure: int = 0
    measures: dict[str, Any] = {}

    def older(self) -> dict[str, Any]:
        """Return the score under the keys older readers know (`quality_score`)."""
        return {
            "total_score": self.total,
            "field_completeness": self.completeness,
            "structure_adherence": self.structure,
            "detail_breakdown": dict(self.fields),
        }


class AnswerRecord(Record):
    """One answer of a target model as it was given (duration in seconds)."""

    model: str
    sampling: Sampling = Sampling()
    text: str = ""
    tokens: Tokens = Tokens()
    finish_reason: str | None = None
    duration: float | None = None
    session_id: str | None = None
    request_id: str | None = None
    wrapper_chain: tuple[str, ...] | None = None
    latency_ms: float | None = None
    cost: float | None = None
    retries: int = 0


class Verdict(Record):
    """How a job ended. `reason` is a short normalised cause; `message` is for people."""

    outcome: Outcome
    reason: str | None = None
    message: str | None = None
    score: Score | None = None
    score_version: str | None = None
    wrapper: str | None = None
    wrapper_hash: str | None = None
    simulated: bool = False
    answers: tuple[AnswerRecord, ...] = ()
    settled_at: datetime | None = None


class Job(Record):
    """One job: what to ask, where it came from, what was tried and how it ended."""

    schema_: Literal["syntx.job/1"] = Field(default=SCHEMA, alias="schema")
    id: str
    kind: Literal["prompt", "document"] = "prompt"
    created_at: datetime
    source: str = "manual"

    prompt: str = ""
    recipe: Recipe = Recipe()

    generation: int | None = Field(default=None, ge=0, le=MAX_GENERATION)
    plan_id: str | None = None
    arm: Literal["control", "steered"] | None = None
    operator: str | None = None
    parents: tuple[str, ...] = ()
    family: str | None = None
    advice_id: str | None = None
    drafted_by: DraftedBy | None = None
    gpt_quality: dict[str, Any] | None = None

    models: tuple[str, ...] = ()
    samples: int = Field(default=1, ge=1, le=32)
    limits: Limits = Limits()

    metadata: dict[str, Any] = {}
    attempts: tuple[Attempt, ...] = ()
    verdict: Verdict | None = None

    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_derived(cls, data: Any) -> Any:
        if isinstance(data, Mapping) and "syntex_result" in data:
            return {key: value for key, value in data.items() if key != "syntex_result"}
        return data

    @model_validator(mode="after")
    def _check_id(self) -> Self:
        if not is_job_id(self.id):
            raise ValueError(f"{self.id!r} is not a job ID")
        return self

    @computed_field  # type: ignore[prop-decorator]
    @property
    def syntex_result(self) -> dict[str, Any] | None:
        """The result under the names older readers know; derived from the verdict."""
        return None if self.verdict is None else _older_result(self)

    @property
    def day(self) -> str:
        """The UTC day of creation, which names the folder a finished job lies in."""
        return day_of(self.id)

    def to_bytes(self) -> bytes:
        """Return the envelope as UTF-8 JSON, one line with a newline at the end."""
        return self.model_dump_json(by_alias=True).encode() + b"\n"

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Parse an envelope; raises pydantic.ValidationError when it is none."""
        return cls.model_validate_json(raw)

    def with_attempt(self, attempt: Attempt) -> Job:
        """Return a copy with one more attempt in its history."""
        return self.model_copy(update={"attempts": (*self.attempts, attempt)})

    def settled(self, verdict: Verdict, attempt: Attempt) -> Job:
        """Return a copy that carries its verdict and the attempt that led to it."""
        history = (*self.attempts, attempt)
        return self.model_copy(update={"attempts": history, "verdict": verdict})


def _older_result(job: Job) -> dict[str, Any]:
    verdict = job.verdict
    assert verdict is not None
    score = verdict.score
    answer = verdict.answers[0] if verdict.answers else None
    duration = None if answer is None or answer.duration is None else answer.duration
    return {
        "quality_score": None if score is None else score.older(),
        "duration_ms": None if duration is None else round(duration * 1000),
        "session_id": None if answer is None else answer.session_id,
        "wrapper": verdict.wrapper or job.recipe.wrapper,
        "worker_id": job.attempts[-1].worker if job.attempts else None,
    }


def first_error(error: ValidationError) -> str:
    """Say in one line where an envelope is wrong first."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    said = in_plain_words(first["msg"])
    return f"{where}: {said}" if where else said
