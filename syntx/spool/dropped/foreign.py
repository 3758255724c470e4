"""What people drop, read as a job: prompts, pairs of prompt and metadata, envelopes (pure).

The rule for pairs: write `NAME.json` first, or rename both in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pydantic_core
from pydantic import ValidationError

from syntx.ids import is_job_id
from syntx.job import Job, Recipe, first_error
from syntx.spool.layout import Kind, kind_of, sidecar_of

_JOB = "syntx.job/1"
_NOT_ITS_OWN = (
    "verdict", "attempts", "generation", "plan_id", "arm", "operator", "parents", "family",
    "advice_id",
)  # fmt: skip
"""What only we may say of a job; a dropped envelope keeps it as metadata."""

_BOM = b"\xef\xbb\xbf"
_RECIPE = ("topic", "category", "style", "wrapper", "pattern", "language")
_PROMPT_KEYS = ("prompt", "prompt_text")
_OLDER_NAME = re.compile(r"__topic_(?P<topic>.+?)__style_(?P<style>[^_.]+)")


class Refused(Exception):
    """What was dropped is no job: a short normalised reason, and words for people."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


@dataclass(frozen=True, slots=True)
class Dropped:
    """The bytes that were dropped together, under the names they had."""

    name: str
    content: bytes
    sidecar: bytes | None = None


def compose(dropped: Dropped, job_id: str, now: datetime) -> Job:
    """Make the job out of what was dropped; raises Refused when it is none."""
    unfit = refused_by_name(dropped.name)
    if unfit is not None:
        raise unfit
    if dropped.name.lower().endswith(".json"):
        return _from_json(dropped, job_id, now)
    prompt = decode(dropped.content)
    metadata = {} if dropped.sidecar is None else parse_object(dropped.sidecar, "the sidecar")
    return _new_job(prompt, metadata, dropped.name, job_id, now)


def refused_by_name(name: str) -> Refused | None:
    """Refuse what a name alone tells to be no job."""
    kind = kind_of(name)
    if kind is Kind.ANSWER:
        return Refused("answer", "a _response.txt is an answer, not a prompt")
    if kind is Kind.UNKNOWN:
        return Refused("unknown_type", "only .txt, .md and .json are taken")
    return None


def wanted_id(content: bytes) -> str | None:
    """Return the well-formed ID a dropped envelope asks to keep, or None."""
    try:
        data = parse_object(content, "the file")
    except Refused:
        return None
    wanted = data.get("id")
    keeps = data.get("schema") == _JOB and isinstance(wanted, str) and is_job_id(wanted)
    return wanted if keeps and isinstance(wanted, str) else None


def name_slugs(name: str) -> tuple[str | None, str | None]:
    """Return topic and style as a name of the older layout carries them, for the ID alone."""
    match = _OLDER_NAME.search(name)
    found = (match["topic"], match["style"]) if match else (None, None)
    topic, style = (None if part in (None, "unknown") else part for part in found)
    return topic, style


def decode(content: bytes) -> str:
    """Return a prompt's text, byte for byte but for a BOM; raises Refused."""
    try:
        text = content.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused("not_utf8", f"byte {error.start} is not UTF-8") from error
    if "\0" in text:
        raise Refused("binary", "it holds a NUL byte, so it is no text")
    if not text.strip():
        raise Refused("empty", "there is no prompt in it")
    return text


def parse_object(content: bytes, what: str) -> dict[str, Any]:
    """Parse a JSON object; raises Refused for anything else, however deep or odd."""
    try:
        data = pydantic_core.from_json(content.removeprefix(_BOM), allow_inf_nan=False)
    except ValueError as error:
        raise Refused("not_json", f"{what} is not JSON: {error}") from error
    if not isinstance(data, dict):
        raise Refused("not_json", f"{what} is JSON, but no object")
    return data


def _from_json(dropped: Dropped, job_id: str, now: datetime) -> Job:
    data = parse_object(dropped.content, "the file")
    if data.get("schema") == _JOB:
        return _from_envelope(data, dropped.name, job_id, now)
    for key in _PROMPT_KEYS:
        text = data.get(key)
        if isinstance(text, str):
            rest = {name: value for name, value in data.items() if name != key}
            return _new_job(decode(text.encode()), rest, dropped.name, job_id, now)
    raise Refused(
        "no_prompt",
        f"there is no prompt in it, and {_prompt_of(dropped.name)} is not beside it; "
        "write the .json first, or rename both in",
    )


def _prompt_of(json_name: str) -> str:
    return json_name[: -len(".json")] + ".txt"


def _from_envelope(data: dict[str, Any], name: str, job_id: str, now: datetime) -> Job:
    metadata = data.get("metadata")
    history = dict(metadata) if isinstance(metadata, dict) else {}
    history |= {
        f"dropped_{key}": data[key] for key in _NOT_ITS_OWN if data.get(key) not in (None, [])
    }
    fields = {key: value for key, value in data.items() if key not in _NOT_ITS_OWN} | {
        "id": job_id,
        "created_at": data.get("created_at") or now,
        "source": "dropped",
        "metadata": history | {"dropped_name": printable(name)},
    }
    try:
        job = Job.model_validate(fields)
    except ValidationError as error:
        raise Refused("not_a_job", first_error(error)) from error
    if job.kind != "prompt":
        raise Refused("document", "a document job is a folder: move one with request.md in")
    decode(job.prompt.encode())
    return job


def _new_job(
    prompt: str, metadata: Mapping[str, Any], name: str, job_id: str, now: datetime
) -> Job:
    recipe = {
        key: metadata[key]
        for key in _RECIPE
        if isinstance(metadata.get(key), str) and metadata[key].strip()
    }
    rest = {key: value for key, value in metadata.items() if key not in recipe}
    return Job(
        id=job_id,
        created_at=now,
        source="dropped",
        prompt=prompt,
        recipe=Recipe(**recipe),
        metadata=rest | {"dropped_name": printable(name)},
    )


def printable(name: str) -> str:
    """Return a name with control characters and undecodable bytes escaped."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in name
    )


def split_pair(names: list[str]) -> tuple[str, str | None]:
    """Tell the prompt from its sidecar among the names that were taken together."""
    for name in names:
        sidecar = sidecar_of(name)
        if sidecar in names and sidecar != name:
            return name, sidecar
    return names[0], None
