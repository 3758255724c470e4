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
    """Yield state and job of what ended, by state, day and ID; `since` is the first day.

    A job that is archived meanwhile is met there, if the archive is asked for after it.
    """
    for state in states:
        for day in storage.names(storage.folders.path(state)):
            if _is_day(day) and day >= since:
                for found in _of_day(storage, state, day):
                    yield state, found


def _of_day(storage: Storage, state: str, day: str) -> Iterator[Job | Unfit]:
    for name in storage.names(storage.folders.path(state, day)):
        entry = parse_entry(name)
        if entry is None:
            continue
        path = f"{state}/{day}/{name}"
        if entry.is_folder:
            yield Unfit(path, "a document job has no place in the older layout", is_document=True)
            continue
        found = _read(storage, path)
        if found is not None:
            yield found


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
