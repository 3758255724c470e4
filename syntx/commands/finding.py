"""Which one job a person means: an ID, the beginning of one, or a job's file or folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from syntx.errors import SyntxError
from syntx.ground import Ground
from syntx.job import Job, first_error
from syntx.observing.failures_reading import read_plain
from syntx.spool.layout import (
    DISCARDED,
    ENVELOPE,
    ERROR,
    envelope_of,
    parse_due,
    parse_entry,
)
from syntx.spool.plain import NotPlain
from syntx.spool.searching import refusals, search

MOST_LISTED = 10
"""So many names or IDs are told; of what is more only the number."""


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
            return _only(ground.queue, refused, "refused files")
        raise SyntxError(f"there is no job {given!r} in {ground.queue}", fix="syntx jobs")
    path = _only(ground.queue, found, "jobs")
    return Found(_read(path), state_of(ground.queue, path), path)


def state_of(queue: Path, path: Path) -> str:
    """Return the state of what lies at `path`, by the folder it lies in."""
    state, folder = path.relative_to(queue).parts[:2]
    return folder if folder == DISCARDED else state


def ambiguous(what: str, meant: Sequence[tuple[str, str]]) -> SyntxError:
    """Return the error that lists what begins so: IDs or names, each with its state."""
    width = max(len(name) for name, _ in meant[:MOST_LISTED])
    listed = [f"  {name.ljust(width)}  {state}" for name, state in meant[:MOST_LISTED]]
    more = [f"  and {len(meant) - MOST_LISTED} more"] * (len(meant) > MOST_LISTED)
    text = "\n".join([f"{len(meant)} {what} begin so:", *listed, *more])
    return SyntxError(text, fix="give more of the ID")


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


def _only(queue: Path, found: list[Path], what: str) -> Path:
    if len(found) > 1:
        named = [(id_of(path.name) or path.name, state_of(queue, path)) for path in found]
        raise ambiguous(what, named)
    return found[0]


def _read(path: Path) -> Job:
    try:
        return Job.from_bytes(read_plain(envelope_of(str(path))))
    except (ValidationError, NotPlain) as error:
        why = first_error(error) if isinstance(error, ValidationError) else f"it is {error}"
        ended = path.parent.parent.name == ERROR
        fix = f"syntx discard {id_of(path.name)}" if ended else None
        raise SyntxError(f"{path} is no job: {why}", fix=fix) from error
    except OSError as error:
        raise SyntxError(f"{path} cannot be read: {error.strerror}", fix="try again") from error
