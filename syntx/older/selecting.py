"""The finished jobs of a queue, one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from syntx.job import Job, first_error
from syntx.spool.layout import parse_entry
from syntx.spool.plain import NotPlain
from syntx.spool.storage import Storage


@dataclass(frozen=True, slots=True)
class Unfit:
    """A finished entry that cannot be exported: where it lies, and why."""

    path: str
    message: str
    is_document: bool = False


def finished_jobs(
    storage: Storage, states: Sequence[str], since: str = ""
) -> Iterator[tuple[str, Job | Unfit]]:
    """Yield state and job of what ended, by day, state and ID; `since` is the first day.

    Each job is met once, also one that is archived meanwhile, if the archive is asked for last.
    """
    days = {day for state in states for day in storage.names(storage.folders.path(state))}
    for day in sorted(days):
        if not _is_day(day) or day < since:
            continue
        met: set[tuple[str, int]] = set()
        for state in states:
            for name, found in _of_day(storage, state, day):
                if isinstance(found, Job):
                    ending = name, len(found.attempts)
                    if ending in met:
                        continue
                    met.add(ending)
                yield state, found


def _of_day(storage: Storage, state: str, day: str) -> Iterator[tuple[str, Job | Unfit]]:
    for name in storage.names(storage.folders.path(state, day)):
        entry = parse_entry(name)
        if entry is None:
            continue
        path = f"{state}/{day}/{name}"
        if entry.is_folder:
            message = "a document job has no place among prompts"
            yield name, Unfit(path, message, is_document=True)
            continue
        found = _read(storage, path)
        if found is not None:
            yield name, found


def _read(storage: Storage, path: str) -> Job | Unfit | None:
    try:
        job = Job.from_bytes(storage.read(storage.folders.path(path), links=None))
    except FileNotFoundError:
        return None
    except ValidationError as error:
        return Unfit(path, first_error(error))
    except NotPlain as error:
        return Unfit(path, str(error))
    except OSError as error:
        return Unfit(path, error.strerror or str(error))
    return job if job.verdict is not None else Unfit(path, "it has no verdict")


def _is_day(name: str) -> bool:
    return len(name) == len("2026-11-20") and name[:4].isdigit()
