"""A finished job of ours, written as the files older tools read (pure)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from syntx.job import Job, Verdict
from syntx.older.names import older_name, parse_name, without_retries
from syntx.older.reading import NOTES
from syntx.older.results import BLOCK
from syntx.older.times import to_wall
from syntx.older.verdicts import TAKEN_OVER

_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class OlderFiles:
    """The files of one job in the third older layout, by their names."""

    name: str
    files: Mapping[str, bytes]


def write_older(job: Job, zone: tzinfo | None) -> OlderFiles:
    """Return the files of a finished job, with times as the clock in `zone` shows them.

    What was imported, and not tried again since, has the name and the metadata it came with.
    """
    verdict = job.verdict
    assert verdict is not None
    notes = _notes(job)
    taken_over = (verdict.model_extra or {}).get(TAKEN_OVER) is True
    name = _name(job, verdict, notes, zone, keep=taken_over)
    data = _originals(job) if taken_over else _metadata(job, verdict, name, zone)
    files = {f"{name}.json": _json(data)}
    text = job.prompt or notes.get("text")
    if isinstance(text, str) and text:
        files[f"{name}.txt"] = _bytes(text)
    if verdict.answers:
        files[f"{name}_response.txt"] = _bytes(verdict.answers[0].text)
    return OlderFiles(name, files)


def _notes(job: Job) -> Mapping[str, Any]:
    notes = job.metadata.get(NOTES)
    return notes if isinstance(notes, dict) else {}


def _originals(job: Job) -> dict[str, Any]:
    """Return the metadata as they were before the import."""
    notes = _notes(job)
    if "layout" not in notes:
        return dict(job.metadata)
    return {
        key: notes["original"] if key == NOTES else value
        for key, value in job.metadata.items()
        if key != NOTES or "original" in notes
    }


def _name(
    job: Job, verdict: Verdict, notes: Mapping[str, Any], zone: tzinfo | None, *, keep: bool
) -> str:
    given = notes.get("name")
    # Checked, for anybody may write metadata, and a name becomes a path here.
    given = given if isinstance(given, str) and parse_name(given) is not None else None
    if keep and given is not None:
        return given
    name = without_retries(given) if given is not None else older_name(job, zone)
    failed = verdict.outcome in ("failed", "refused")
    return f"{name}__retry{len(job.attempts)}" if failed else name


def _metadata(job: Job, verdict: Verdict, name: str, zone: tzinfo | None) -> dict[str, Any]:
    recipe = job.recipe
    return _originals(job) | {
        "topic": recipe.topic,
        "style": recipe.style,
        "category": recipe.category,
        "wrapper": verdict.wrapper or recipe.wrapper,
        "pattern": recipe.pattern,
        "language": recipe.language,
        "gpt_quality": job.gpt_quality,
        "gpt_cost": _cost(job),
        "created_at": _wall(job.created_at, zone),
        "filename": f"{without_retries(name)}.txt",
        "syntex_result": _result(job, verdict),
        **_end(job, verdict, zone),
        BLOCK: _block(job, verdict),
    }


def _cost(job: Job) -> dict[str, Any] | None:
    draft = job.drafted_by
    if draft is None:
        return None
    return {
        "input_tokens": draft.tokens.input,
        "output_tokens": draft.tokens.output,
        "total_cost": draft.cost,
        "currency": "USD",
    }


def _result(job: Job, verdict: Verdict) -> dict[str, Any] | None:
    if not verdict.answers and verdict.score is None:
        return None
    return {
        **(job.syntex_result or {}),
        "response_text": verdict.answers[0].text if verdict.answers else None,
        "success": verdict.outcome in ("passed", "low_score"),
    }


def _end(job: Job, verdict: Verdict, zone: tzinfo | None) -> dict[str, Any]:
    ended = _wall(verdict.settled_at or job.created_at, zone)
    if verdict.outcome in ("passed", "low_score"):
        return {"processed_at": ended, "status": "success"}
    return {
        "retry_count": len(job.attempts),
        "last_error": _last_error(job, verdict),
        "failed_at": ended,
        "status": "error",
    }


def _last_error(job: Job, verdict: Verdict) -> dict[str, Any]:
    last = job.attempts[-1] if job.attempts else None
    cause = verdict.message or verdict.reason or verdict.outcome
    took = None if last is None else round((last.ended - last.started).total_seconds() * 1000)
    return {
        "error": f"{last.error}: {cause}" if last is not None and last.error else cause,
        "duration_ms": took,
        "worker_id": None if last is None else last.worker,
        "wrapper": verdict.wrapper or job.recipe.wrapper,
    }


def _block(job: Job, verdict: Verdict) -> dict[str, Any]:
    """Return what the older layout has no place for, for an import of our own export."""
    return {
        "id": job.id,
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "score_version": verdict.score_version,
        "wrapper_hash": verdict.wrapper_hash,
        "simulated": verdict.simulated,
        "model": verdict.answers[0].model if verdict.answers else None,
    }


def _wall(moment: datetime, zone: tzinfo | None) -> str:
    return to_wall(moment, zone).isoformat()


def _json(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False).encode() + b"\n"


def _bytes(text: str) -> bytes:
    # One mark is taken off when the file is read, so a text that begins with one needs two.
    return (_BOM + text if text.startswith(_BOM) else text).encode()
