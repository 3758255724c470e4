"""The verdict on an older job that has ended, as its records tell it (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from syntx.job import AnswerRecord, Attempt, Job, Outcome, Verdict
from syntx.older import results
from syntx.older.layouts import Texts
from syntx.older.recipes import Topics
from syntx.older.results import BLOCK, part, text

LEGACY = "legacy"
"""The score version of what the older scorer gave; scores of two versions are never mixed."""
UNKNOWN_MODEL = "unknown"
TAKEN_OVER = "imported"
"""The verdict's key that says it was taken over; a verdict of our own does not bear it."""

_OLDER_WORKER = "older"


@dataclass(frozen=True, slots=True)
class Terms:
    """What an import goes by.

    `zone` is the local time of the older names (None: this machine's), `accept_score` what a
    passed answer needs (None: the folder decides), `topics` what is listed.
    """

    now: datetime
    zone: tzinfo | None = None
    accept_score: int | None = None
    topics: Topics | None = None


@dataclass(frozen=True, slots=True)
class _Cause:
    """Why a job ended as it did: an error's class and text where there was one."""

    reason: str | None = None
    error: str | None = None
    message: str | None = None


def end(job: Job, state: str | None, data: Mapping[str, Any], texts: Texts, terms: Terms) -> Job:
    """Return the job with its verdict and the try that led to it."""
    own, score = part(data, BLOCK), results.score_of(data)
    ended = results.settled_at(data, job.created_at, terms.zone, terms.now)
    outcome = results.outcome_of(data, score, state, terms.accept_score)
    cause = _cause(data, outcome)
    verdict = Verdict(
        outcome=outcome,
        reason=cause.reason,
        message=cause.message,
        score=score,
        score_version=None if score is None else text(own, "score_version") or LEGACY,
        wrapper=job.recipe.wrapper,
        wrapper_hash=text(own, "wrapper_hash"),
        simulated=own.get("simulated") is True,
        answers=_answers(data, texts),
        settled_at=ended,
    )
    taken_over = verdict.model_copy(update={TAKEN_OVER: True})
    return job.settled(taken_over, _attempt(data, cause, ended))


def _cause(data: Mapping[str, Any], outcome: Outcome) -> _Cause:
    told = text(part(data, BLOCK), "reason")
    if outcome in ("failed", "refused"):
        error, reason, message = results.failure_of(data)
        return _Cause(told or reason, error, message)
    return _Cause(told or ("low_score" if outcome == "low_score" else None))


def _attempt(data: Mapping[str, Any], cause: _Cause, ended: datetime) -> Attempt:
    named = (part(data, key).get("worker_id") for key in ("syntex_result", "last_error"))
    return Attempt(
        worker=next((str(worker) for worker in named if worker is not None), _OLDER_WORKER),
        started=results.started_at(ended, results.duration_of(data)),
        ended=ended,
        model=text(part(data, BLOCK), "model"),
        error=cause.error,
        reason=cause.reason if cause.error else None,
        message=cause.message,
    )


def _answers(data: Mapping[str, Any], texts: Texts) -> tuple[AnswerRecord, ...]:
    if texts.answer is None:
        return ()
    return (
        AnswerRecord(
            model=text(part(data, BLOCK), "model") or UNKNOWN_MODEL,
            text=texts.answer,
            duration=results.duration_of(data),
            session_id=text(part(data, "syntex_result"), "session_id"),
        ),
    )
