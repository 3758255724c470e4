"""An older job's files, composed to a job of ours (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from syntx.ids import is_job_id
from syntx.job import DraftedBy, Job, Tokens, first_error
from syntx.older import results
from syntx.older.folder import ENDED, WAITING, Found
from syntx.older.layouts import Texts, sort_texts
from syntx.older.names import OlderName, derived_id, parse_name
from syntx.older.recipes import recipe_of
from syntx.older.results import BLOCK, number, part, text
from syntx.older.times import read_moment, to_utc
from syntx.older.verdicts import UNKNOWN_MODEL, Terms, end
from syntx.spool.dropped.foreign import Refused, decode, parse_object
from syntx.spool.layout import moment_of
from syntx.spool.storage import ENVELOPE_LIMIT

SOURCE = "imported"
NOTES = "imported"
"""The metadata key of what is known about the import; beside it every original key survives."""

_BOM = b"\xef\xbb\xbf"


def compose(found: Found, terms: Terms) -> Job:
    """Make the job, with its verdict if it has ended; raises Refused when the files are none."""
    data = parse_object(found.files["metadata"], "the .json") if "metadata" in found.files else {}
    name = parse_name(found.stem)
    texts = sort_texts(
        _text(found, "text"), _response(found, data), data, answered=_is_answered(found, data)
    )
    job_id, created = _identity(found, name, data, texts, terms)
    try:
        job = Job(
            id=job_id,
            created_at=created,
            source=SOURCE,
            prompt=texts.prompt,
            recipe=recipe_of(data, name, terms.topics or {}),
            drafted_by=_drafted_by(data),
            gpt_quality=part(data, "gpt_quality") or None,
            metadata={**data, NOTES: _notes(found, data, texts)},
        )
        if _has_ended(found, data):
            job = end(job, found.state, data, texts, terms)
        else:
            decode(job.prompt.encode())
        _check_kept(job)
    except ValidationError as error:
        raise Refused("not_a_job", first_error(error)) from error
    return job


def _text(found: Found, role: str) -> str | None:
    raw = found.files.get(role)
    if raw is None:
        return None
    try:
        return decode(raw)
    except Refused as refused:
        if refused.reason != "empty":
            raise
        return raw.removeprefix(_BOM).decode()


def _response(found: Found, data: Mapping[str, Any]) -> str | None:
    stored = _text(found, "answer")
    return text(part(data, "syntex_result"), "response_text") if stored is None else stored


def _is_answered(found: Found, data: Mapping[str, Any]) -> bool:
    """Whether `NAME.txt` may hold an answer: one is on record, or the folder says it has ended."""
    by_folder = found.state in ENDED and not results.says_failed(data)
    return by_folder or results.is_answered(data)


def _has_ended(found: Found, data: Mapping[str, Any]) -> bool:
    if "answer" in found.files or results.is_answered(data) or found.state in ENDED:
        return True
    return results.says_failed(data) and found.state not in WAITING


def _identity(
    found: Found, name: OlderName | None, data: Mapping[str, Any], texts: Texts, terms: Terms
) -> tuple[str, datetime]:
    own = text(part(data, BLOCK), "id") or ""
    moment = moment_of(own) if is_job_id(own) else None
    if moment is not None:
        return own, moment
    created = to_utc(name.wall, terms.zone) if name else read_moment(
        data.get("created_at"), terms.zone
    )  # fmt: skip
    if created is None:
        raise Refused("no_time", "neither its name nor its created_at says when it was made")
    content = next(filter(None, (texts.prompt, texts.answer, texts.unsorted)), "")
    return derived_id(created, name, found.stem, content), created


def _notes(found: Found, data: Mapping[str, Any], texts: Texts) -> dict[str, Any]:
    notes: dict[str, Any] = {"name": found.stem, "folder": found.state, "layout": texts.layout}
    if texts.unsorted is not None:
        notes["text"] = texts.unsorted
    if NOTES in data:
        notes["original"] = data[NOTES]
    return notes


def _drafted_by(data: Mapping[str, Any]) -> DraftedBy | None:
    """Read what the draft took; the older system recorded an object or the mere sum (USD)."""
    found = part(data, "gpt_cost")
    cost = number(found, "total_cost") if found else number(data, "gpt_cost")
    tokens = Tokens(input=_count(found, "input_tokens"), output=_count(found, "output_tokens"))
    if cost is None and tokens == Tokens():
        return None
    return DraftedBy(model=text(data, "gpt_model") or UNKNOWN_MODEL, tokens=tokens, cost=cost)


def _count(data: Mapping[str, Any], key: str) -> int | None:
    found = number(data, key)
    return None if found is None else round(found)


def _check_kept(job: Job) -> None:
    """Raise Refused unless the envelope gives back all of it, however deep or odd."""
    try:
        raw = job.to_bytes()
        whole = Job.from_bytes(raw) == job
    except ValueError:
        raw, whole = b"", False
    if not whole:
        raise Refused("not_kept", "its metadata are too deep, or hold numbers JSON cannot keep")
    if len(raw) > ENVELOPE_LIMIT:
        raise Refused("too_large", f"with all its texts it is larger than {ENVELOPE_LIMIT} bytes")
