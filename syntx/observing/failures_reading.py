"""Why one thing in `error/` or `retry/` lies there, read from its file without validating it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from syntx.spool.layout import (
    REFUSED_SUFFIX,
    envelope_of,
    moment_of,
    parse_due,
    parse_entry,
)
from syntx.spool.plain import NotPlain, check_plain

Kind = Literal[
    "failed", "low_score", "refused_by_model", "refused_file", "second_outcome", "retrying"
]
"""What became of it: jobs by their outcome, things that are no job, jobs that are tried again."""

LARGEST = 64 * 1024 * 1024
"""A larger file is no envelope of ours (bytes)."""

_CONFLICT = re.compile(r"(.+)\.conflict-[0-9a-f]+(?:\.json)?", re.DOTALL)
_LONE = re.compile("[\ud800-\udfff]")
_DAMAGED = (OSError, NotPlain, ValueError, RecursionError)
_BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """Something that lies in `error/` or `retry/`; `name` is what the spool's verbs take."""

    name: str
    id: str
    path: str
    state: Literal["job", "refused", "conflict", "retry"]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one thing failed, and what it was. `at` is when (UTC); what is not known is None."""

    name: str
    id: str
    kind: Kind
    reason: str
    message: str
    at: datetime
    outcome: str | None = None
    score: int | None = None
    model: str | None = None
    wrapper: str | None = None
    topic: str | None = None
    category: str | None = None
    style: str | None = None
    source: str | None = None


def place_of(folder: str, name: str) -> Place | None:
    """Tell from its name what lies there; None for what is none of ours."""
    path = f"{folder}/{name}"
    due = parse_due(name)
    if due is not None:
        entry = parse_entry(due[1])
        return None if entry is None else Place(entry.id, entry.id, path, "retry")
    entry = parse_entry(name)
    if entry is not None:
        return Place(entry.id, entry.id, path, "job")
    if name.endswith(REFUSED_SUFFIX):
        return Place(name, name.removesuffix(REFUSED_SUFFIX), path, "refused")
    conflict = _CONFLICT.fullmatch(name)
    return None if conflict is None else Place(name, conflict[1], path, "conflict")


def failure_at(place: Place) -> Failure | None:
    """Read why something lies there; None when it is gone. What is damaged is `unreadable`."""
    is_refused = place.state == "refused"
    file = f"{place.path}/refusal.json" if is_refused else envelope_of(place.path)
    try:
        data = json.loads(read_plain(file))
    except FileNotFoundError:
        if not os.path.lexists(place.path):
            return None
        return _unreadable(place, "its envelope is missing")
    except _DAMAGED as error:
        return _unreadable(place, _told(error))
    if not isinstance(data, dict):
        return _unreadable(place, "it is JSON, but no object")
    return _refusal(place, data) if is_refused else _job(place, data)


def read_plain(path: str) -> bytes:
    """Read a plain file whole; raises OSError for a link, NotPlain for a pipe or too many bytes."""
    file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        check_plain(os.fstat(file), LARGEST, links=None)
        with open(file, "rb", closefd=False) as content:
            return content.read()
    finally:
        os.close(file)


def _told(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return f"it is {error}" if isinstance(error, NotPlain) else "it is no JSON"


def _refusal(place: Place, record: Mapping[str, Any]) -> Failure:
    return Failure(
        name=place.name,
        id=place.id,
        kind="refused_file",
        reason=_text(record.get("reason")) or "refused",
        message=_text(record.get("message")) or "",
        at=_moment(record.get("refused_at")) or _made(place.id),
    )


def _job(place: Place, job: Mapping[str, Any]) -> Failure:
    verdict, recipe = _part(job.get("verdict")), _part(job.get("recipe"))
    tried = _last(job.get("attempts"))
    told = verdict or tried
    outcome = _text(verdict.get("outcome"))
    reason = _text(told.get("reason")) or outcome or "without a verdict"
    answer = _last(verdict.get("answers"), 0)
    score = _part(verdict.get("score")).get("total")
    ended = _moment(verdict.get("settled_at")) or _moment(tried.get("ended"))
    return Failure(
        name=place.name,
        id=place.id,
        kind=_kind(place, outcome, reason),
        reason=reason,
        message=_text(told.get("message")) or "",
        at=ended or _made(place.id),
        outcome=outcome,
        score=score if isinstance(score, int) else None,
        model=_text(answer.get("model")) or _text(tried.get("model")),
        wrapper=_text(verdict.get("wrapper")) or _text(recipe.get("wrapper")),
        topic=_text(recipe.get("topic")),
        category=_text(recipe.get("category")),
        style=_text(recipe.get("style")),
        source=_text(job.get("source")),
    )


def _kind(place: Place, outcome: str | None, reason: str) -> Kind:
    if place.state == "retry":
        return "retrying"
    if place.state == "conflict":
        return "second_outcome"
    # A document job tells a refusal by its reason.
    if "refused" in (outcome, reason):
        return "refused_by_model"
    return "low_score" if outcome == "low_score" else "failed"


def _unreadable(place: Place, message: str) -> Failure:
    kinds: dict[str, Kind] = {
        "job": "failed",
        "refused": "refused_file",
        "conflict": "second_outcome",
        "retry": "retrying",
    }
    kind = kinds[place.state]
    return Failure(place.name, place.id, kind, "unreadable", message, _made(place.id))


def _made(job_id: str) -> datetime:
    return moment_of(job_id) or _BEGINNING


def _moment(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        return None if found is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _text(value: object) -> str | None:
    if not isinstance(value, str) or not value:
        return None
    return value if value.isascii() else _LONE.sub("\ufffd", value)


def _part(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _last(value: object, index: int = -1) -> Mapping[str, Any]:
    return _part(value[index]) if isinstance(value, list) and value else {}
