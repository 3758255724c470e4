"""Which one job a person means: an ID, the beginning of one, or a job's file or folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from syntx.errors import SyntxError
from syntx.ground import Ground
from syntx.job import Job
from syntx.spool.layout import DISCARDED, ENVELOPE, envelope_of, parse_due, parse_entry
from syntx.spool.searching import refusals, search

MOST_LISTED = 10
"""So many names or IDs are told; what is more is only hinted at."""


@dataclass(frozen=True, slots=True)
class Found:
    """A job, the state it is in (`incoming` … `archive`, `discarded`) and where it lies."""

    job: Job
    state: str
    path: Path


def find_job(ground: Ground, given: str) -> Found | Path:
    """Return the job that is meant, or the folder of refused files if those are.

    Raises SyntxError when there is none, when several begin so, or when it cannot be read.
    """
    beginning = beginning_of(given)
    found = search(ground.queue, beginning)
    if not found:
        refused = refusals(ground.queue, beginning)
        if refused:
            return _only(refused, "refused files")
        raise SyntxError(f"there is no job {given!r} in {ground.queue}", fix="syntx status")
    path = _only(found, "jobs")
    state, folder = path.relative_to(ground.queue).parts[:2]
    return Found(_read(path), folder if folder == DISCARDED else state, path)


def beginning_of(given: str) -> str:
    """Return the ID, or the beginning of one, in what was given: also a path, as people have it."""
    path = Path(given)
    name = path.parent.name if path.name == ENVELOPE else path.name
    return id_of(name) or name.removesuffix(".json")


def id_of(name: str) -> str | None:
    """Return the ID in the name of a job's file or folder, or None when there is none."""
    due = parse_due(name)
    entry = parse_entry(due[1] if due else name)
    return None if entry is None else entry.id


def _only(found: list[Path], what: str) -> Path:
    if len(found) > 1:
        names = ", ".join(id_of(path.name) or path.name for path in found[:MOST_LISTED])
        more = ", …" if len(found) > MOST_LISTED else ""
        raise SyntxError(f"{len(found)} {what} begin so: {names}{more}", fix="give more of the ID")
    return found[0]


def _read(path: Path) -> Job:
    try:
        return Job.from_bytes(Path(envelope_of(str(path))).read_bytes())
    except ValidationError as error:
        raise SyntxError(f"{path} is no job: {error.errors()[0]['msg']}") from error
    except OSError as error:
        raise SyntxError(f"{path} cannot be read: {error.strerror}", fix="try again") from error
