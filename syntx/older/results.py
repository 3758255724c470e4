"""What the older metadata record of a job's end: result, score, failure, times (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any, cast, get_args

from pydantic import ValidationError

from syntx.errors import (
    BadRequest,
    DeadlineExceeded,
    ModelUnavailable,
    NotAuthorised,
    RateLimited,
    SyntxError,
)
from syntx.job import Outcome, Score
from syntx.older.times import read_moment

BLOCK = "syntx"
"""The key under which our own exports keep what the older layout has no place for."""

_FAILED = ("error", "failed", "failure")
_REASONS: tuple[tuple[str, type[SyntxError]], ...] = (
    (r"\b429\b|rate.?limit", RateLimited),
    (r"time[d ]*.?out|deadline", DeadlineExceeded),
    (r"\b5\d\d\b|connect|unreachable|refused|reset", ModelUnavailable),
    (r"\b40[13]\b|api.?key|unauthori[sz]ed|forbidden", NotAuthorised),
    (r"\b4\d\d\b", BadRequest),
)


def part(data: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return the object under a key, or an empty one."""
    found = data.get(key)
    return found if isinstance(found, dict) else {}


def text(data: Mapping[str, Any], key: str) -> str | None:
    """Return the text under a key, or None when there is none or it is blank."""
    found = data.get(key)
    return found if isinstance(found, str) and found.strip() else None


def number(data: Mapping[str, Any], key: str) -> float | None:
    """Return the number under a key that is not negative, or None."""
    found = data.get(key)
    usable = isinstance(found, int | float) and not isinstance(found, bool) and 0 <= found < 1e15
    return float(found) if usable and found is not None else None


def is_answered(data: Mapping[str, Any]) -> bool:
    """Whether an answer to the job is on record, however it was scored."""
    said = data.get("status") == "success" or data.get("processed_at") is not None
    return bool(part(data, "syntex_result")) or (said and not says_failed(data))


def says_failed(data: Mapping[str, Any]) -> bool:
    """Whether the job's last try is on record as failed."""
    result = part(data, "syntex_result")
    if data.get("status") in _FAILED or result.get("success") is False:
        return True
    failed = bool(data.get("last_error")) or data.get("failed_at") is not None
    return failed and not result and data.get("status") != "success"


def score_of(data: Mapping[str, Any]) -> Score | None:
    """Return the recorded score; None where there is none, or none of 0-100."""
    found = part(part(data, "syntex_result"), "quality_score")
    total = number(found, "total_score")
    if total is None:
        return None
    fields = part(found, "detail_breakdown").items()
    try:
        return Score(
            total=round(total),
            fields={key: value for key, value in fields if isinstance(value, bool)},
            completeness=round(number(found, "field_completeness") or 0),
            structure=round(number(found, "structure_adherence") or 0),
        )
    except ValidationError:
        return None


def outcome_of(
    data: Mapping[str, Any], score: Score | None, state: str | None, accept_score: int | None
) -> Outcome:
    """Say how a job ended: as our export recorded, else by success, score and folder."""
    said = part(data, BLOCK).get("outcome")
    if said in get_args(Outcome):
        return cast(Outcome, said)
    if says_failed(data):
        return "failed"
    if score is not None and accept_score is not None:
        return "passed" if score.total >= accept_score else "low_score"
    if state == "error":
        return "failed" if score is None else "low_score"
    return "passed"


def failure_of(data: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return a failure's class, normalised reason and text."""
    error = data.get("last_error")
    message = text(error, "error") if isinstance(error, dict) else text(data, "last_error")
    if message is None:
        return "Error", "error", "the older record says nothing about the cause"
    name = re.match(r"\w+(?=:)", message)
    return (name[0] if name else "Error"), _reason(message), message


def settled_at(
    data: Mapping[str, Any], created: datetime, zone: tzinfo | None, now: datetime
) -> datetime:
    """Return when the job ended; never later than `now`, whatever the record says."""
    keys = ("failed_at", "processed_at") if says_failed(data) else ("processed_at", "failed_at")
    moments = (read_moment(data.get(key), zone) for key in keys)
    found = next((moment for moment in moments if moment is not None), created)
    return min(found, now)


def duration_of(data: Mapping[str, Any]) -> float | None:
    """Return how long the last try took, in seconds."""
    record = part(data, "syntex_result") or part(data, "last_error")
    milliseconds = number(record, "duration_ms")
    return None if milliseconds is None else milliseconds / 1000


def started_at(ended: datetime, duration: float | None) -> datetime:
    """Return when a try began that ended then."""
    try:
        return ended - timedelta(seconds=duration or 0)
    except OverflowError:
        return ended


def _reason(message: str) -> str:
    for pattern, error in _REASONS:
        if re.search(pattern, message, re.IGNORECASE):
            return error.reason
    return "error"
