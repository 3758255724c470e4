"""A dropped folder read as a document job: its request, its options, its attachments (pure)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

import yaml
from pydantic import ValidationError

from syntx.job import Job, Limits, Recipe, first_error
from syntx.job_options import BadOptions, read_job_options
from syntx.spool.dropped.foreign import Refused, decode, printable

OPTIONS = "job.yaml"
REQUESTS = ("request.md", "request.txt")
OPTIONS_LIMIT = 65_536
"""The largest job.yaml that is read, in bytes."""
MOST_NESTED = 32
"""So deep may its values be: the time to parse them grows with the square of the depth."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was dropped as one folder; `files` are all plain files in it, with sizes in bytes."""

    name: str
    text: bytes
    options: bytes | None = None
    files: Mapping[str, int] = field(default_factory=dict)


def request_file(names: Iterable[str]) -> str:
    """Return which file holds the request; raises Refused when none does."""
    there = set(names)
    for name in REQUESTS:
        if name in there:
            return name
    raise Refused("no_request", f"there is no {REQUESTS[0]} or {REQUESTS[1]} in the folder")


def compose_request(
    request: Request,
    job_id: str,
    now: datetime,
    *,
    source: str = "dropped",
    asked: Mapping[str, Any] = MappingProxyType({}),
) -> Job:
    """Make the document job; raises Refused when text or options cannot be used.

    What is `asked` beside the folder wins over its `job.yaml`.
    """
    options = {} if request.options is None else read_options(request.options)
    if "format" in asked:
        options.pop("formats", None)
    options |= asked
    language = options.get("language")
    taken = {request_file(request.files), OPTIONS}
    attachments = [
        {"name": printable(name), "bytes": size}
        for name, size in request.files.items()
        if name not in taken
    ]
    job = Job(
        id=job_id,
        kind="document",
        created_at=now,
        source=source,
        prompt=decode(request.text),
        recipe=Recipe(language=language if isinstance(language, str) else None),
        limits=_limits(options),
        metadata={
            "options": options,
            "attachments": attachments,
            "dropped_name": printable(request.name),
        },
    )
    _check_keepable(job)
    return job


def _limits(options: Mapping[str, Any]) -> Limits:
    try:
        known = read_job_options(options)
    except BadOptions:
        # Whoever works on the job tells what is wrong with them.
        return Limits()
    return Limits(cost=known.max_cost, deadline=known.deadline)


def _check_keepable(job: Job) -> None:
    """Raise Refused when an envelope could not be written, or not be read again."""
    try:
        Job.from_bytes(job.to_bytes())
    except ValueError as error:
        said = first_error(error) if isinstance(error, ValidationError) else str(error)
        raise Refused("bad_options", f"{OPTIONS} cannot be kept as JSON: {said[:200]}") from error


def read_options(content: bytes) -> dict[str, Any]:
    """Read a job.yaml: a mapping of plain values; raises Refused for anything else."""
    if len(content) > OPTIONS_LIMIT:
        raise Refused("too_large", f"{OPTIONS} has {len(content)} bytes, more than {OPTIONS_LIMIT}")
    if not content.strip():
        return {}
    try:
        text = decode(content)
        _check_shape(text)
        data = _plain(yaml.safe_load(text))
    except Refused:
        raise
    except Exception as error:  # what its constructors raise, the loader lets through
        said = " ".join(str(error).split())[:200] or type(error).__name__
        raise Refused("bad_options", f"{OPTIONS} is not YAML as expected: {said}") from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise Refused("bad_options", f"{OPTIONS} is YAML, but no mapping")
    return data


def _check_shape(text: str) -> None:
    """Raise Refused for what makes a small file a huge value, or a long reading."""
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise Refused("bad_options", f"{OPTIONS} uses aliases (*name), which are not read")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MOST_NESTED:
            raise Refused("bad_options", f"{OPTIONS} is nested deeper than {MOST_NESTED} levels")


def _plain(value: Any) -> Any:
    """Return a value as JSON can hold it; raises ValueError for what it cannot."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: _plain(item) for key, item in value.items()}
    raise ValueError(f"{value!r:.60} is no plain value, or its key no text")
