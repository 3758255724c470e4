"""What a prompt job leaves in the logs, under the names older readers know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from consumer.prompts.samples import Sample
from consumer.prompts.scoring.part import Part
from consumer.prompts.wrapping import Wrapped
from syntx.errors import SyntxError
from syntx.job import Job
from syntx.journal.logs import Logs
from syntx.journal.records import FlowStage, TargetCall, WrapperRequest


class Flow(Protocol):
    """Is told each step of a job."""

    def wrapped(self, job: Job, wrapped: Wrapped) -> None:
        """The prompt stands in its wrapper and is about to be sent."""

    def answered(
        self, job: Job, wrapped: Wrapped, samples: Sequence[Sample], stable: Part | None
    ) -> None:
        """The model gave the last of `samples`; `stable` is how alike they are, once all came."""

    def failed(
        self, job: Job, model: str, error: SyntxError, started: datetime, ended: datetime
    ) -> None:
        """The attempt ended in an error."""


class LoggedFlow:
    """Writes each step as lines of the JSONL logs."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs

    def _stages(self, job: Job, *stages: FlowStage) -> None:
        self._logs.write("field_flow", *stages, job_id=job.id, trace_id=job.id)

    def wrapped(self, job: Job, wrapped: Wrapped) -> None:
        """Log stages 1 to 4: the prompt, its wrapper, the full length, the call."""
        name, digest = wrapped.wrapper.name, wrapped.wrapper.digest
        length = len(wrapped.text)
        self._stages(
            job,
            {
                "request_id": job.id,
                "stage": "1_INCOMING",
                "prompt": job.prompt,
                "mode": name,
                "style": job.recipe.style,
            },
            {
                "request_id": job.id,
                "stage": "2_WRAPPERS_LOADED",
                "chain": [name],
                "wrapper_hash": digest,
            },
            {
                "request_id": job.id,
                "stage": "3_FIELD_CALIBRATED",
                "total_length": length,
                "prompt_hash": wrapped.digest,
            },
            {"request_id": job.id, "stage": "4_BACKEND_FORWARD", "model": wrapped.model},
        )

    def answered(
        self, job: Job, wrapped: Wrapped, samples: Sequence[Sample], stable: Part | None
    ) -> None:
        """Log stage 5, the request line and the answer line."""
        answer = samples[-1].answer
        chain = answer.wrapper_chain or (wrapped.wrapper.name,)
        latency = answer.latency_ms
        if latency is None:
            latency = round(answer.duration * 1000)
        self._stages(
            job,
            {
                "request_id": job.id,
                "stage": "5_RESPONSE",
                "response": answer.text,
                "latency_ms": latency,
                "wrapper_chain": chain,
                "backend": answer.endpoint,
                "model": answer.model,
                "session_id": answer.session_id,
            },
        )
        self._request(job, chain, latency, error=None)
        record: TargetCall = {
            **response_record(job, wrapped, samples[-1]),
            "sample": len(samples),
            "consistency": None if stable is None else round(stable.value, 4),
        }
        self._logs.write("llama_responses", record, job_id=job.id, trace_id=job.id)

    def failed(
        self, job: Job, model: str, error: SyntxError, started: datetime, ended: datetime
    ) -> None:
        """Log the error stage, the request line and an answer line without an answer."""
        duration = round((ended - started).total_seconds() * 1000)
        self._stages(
            job,
            {
                "request_id": job.id,
                "stage": "ERROR",
                "error": error.message,
                "reason": error.reason,
                "latency_ms": duration,
            },
        )
        self._request(job, (job.recipe.wrapper,), duration, error=error.reason)
        record = failure_record(job, model, error, duration)
        self._logs.write("llama_responses", record, job_id=job.id, trace_id=job.id)

    def _request(
        self, job: Job, chain: tuple[str | None, ...], latency: float, *, error: str | None
    ) -> None:
        record: WrapperRequest = {
            "request_id": job.id,
            "success": error is None,
            "wrapper_chain": [name for name in chain if name],
            "latency_ms": latency,
            "error": error,
        }
        self._logs.write("wrapper_requests", record, job_id=job.id, trace_id=job.id)


def response_record(job: Job, wrapped: Wrapped, sample: Sample) -> TargetCall:
    """Return the line of llama_responses.jsonl for an answer."""
    answer, scored = sample.answer, sample.score
    sent = answer.limits
    return {
        "success": scored is not None,
        "error": sample.result if isinstance(sample.result, str) else None,
        "model": answer.model,
        "wrapper": wrapped.wrapper.name,
        "wrapper_hash": wrapped.wrapper.digest,
        "prompt_hash": wrapped.digest,
        "meta_prompt": job.prompt,
        "meta_prompt_length": len(job.prompt),
        "full_prompt_length": len(wrapped.text),
        "response": answer.text,
        "response_length": len(answer.text),
        "duration_ms": round(answer.duration * 1000),
        "retry_count": answer.retries,
        "retries": [{"reason": t.reason, "pause": t.pause} for t in answer.tries],
        "finish_reason": answer.finish_reason,
        "session_id": answer.session_id,
        "model_params": {
            "max_new_tokens": sent.max_tokens,
            "temperature": sent.temperature,
            "top_p": sent.top_p,
        },
        "score": None if scored is None else scored.total,
        "quality_score": None if scored is None else scored.older(),
        "simulated": answer.simulated,
    }


def failure_record(job: Job, model: str, error: SyntxError, duration_ms: int) -> TargetCall:
    """Return the line of llama_responses.jsonl for an attempt that brought no answer."""
    return {
        "success": False,
        "error": error.message,
        "reason": error.reason,
        "model": model,
        "wrapper": job.recipe.wrapper,
        "meta_prompt": job.prompt,
        "meta_prompt_length": len(job.prompt),
        "response": None,
        "response_length": 0,
        "duration_ms": duration_ms,
        "retry_count": len(getattr(error, "tries", ())),
        "score": None,
        "quality_score": None,
    }
