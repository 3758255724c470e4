"""One table of finished jobs for research: prompt, answer, score and lineage in a row each."""

from __future__ import annotations

import contextlib
import csv
import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Self

import click

from syntx.errors import SyntxError
from syntx.job import Job
from syntx.spool.syscalls import Disk

Row = Mapping[str, Any]

_PLACES = {
    "id": "id",
    "created_at": "created_at",
    "settled_at": "verdict.settled_at",
    "source": "source",
    "generation": "generation",
    "arm": "arm",
    "operator": "operator",
    "parents": "parents",
    "family": "family",
    "advice_id": "advice_id",
    "plan_id": "plan_id",
    "topic": "recipe.topic",
    "category": "recipe.category",
    "style": "recipe.style",
    "pattern": "recipe.pattern",
    "wrapper": "recipe.wrapper",
    "language": "recipe.language",
    "prompt": "prompt",
    "outcome": "verdict.outcome",
    "reason": "verdict.reason",
    "score": "verdict.score.total",
    "score_version": "verdict.score_version",
    "completeness": "verdict.score.completeness",
    "structure": "verdict.score.structure",
    "parts": "verdict.score.parts",
    "fields": "verdict.score.fields",
    "wrapper_used": "verdict.wrapper",
    "wrapper_hash": "verdict.wrapper_hash",
    "simulated": "verdict.simulated",
    "draft_model": "drafted_by.model",
    "draft_seconds": "drafted_by.duration",
    "draft_cost": "drafted_by.cost",
}
"""The columns that lie somewhere in a job, and where."""
_OF_ANSWERS = (
    *("model", "answer", "further_answers", "finish_reason", "answer_seconds"),
    *("input_tokens", "output_tokens", "answer_cost", "attempts"),
)
COLUMNS = ("id", "state", *list(_PLACES)[1:], *_OF_ANSWERS)
"""The columns of the table, in order."""


class TableFile:
    """A table that is written row by row; use it as a context.

    The file has its name only when it is whole and on disk, and is never put over another.
    Raises click.UsageError for another ending than .csv or .jsonl, SyntxError when the file is
    there already, OSError when it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        writer = _WRITERS.get(path.suffix)
        if writer is None:
            raise click.UsageError(f"{path.name} ends in neither .csv nor .jsonl")
        self._path, self._writer = path, writer
        self._making = path.with_name(f".{path.name}.{os.getpid()}.part")

    def __enter__(self) -> Self:
        """Begin the file under another name."""
        if self._path.exists():
            raise self._is_there()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._making.open("x", encoding="utf-8", errors="replace", newline="")
        self._write = self._writer(self._file)
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        """Give the file its name, or remove it after an error."""
        try:
            with self._file:
                if kind is None:
                    self._file.flush()
                    os.fsync(self._file.fileno())
            if kind is None:
                Disk().rename_new(str(self._making), str(self._path))
        except FileExistsError as error:
            raise self._is_there() from error
        finally:
            with contextlib.suppress(FileNotFoundError):
                self._making.unlink()

    def add(self, state: str, job: Job) -> None:
        """Write the row of a job that lies in `state`."""
        self._write(row_of(state, job))

    def _is_there(self) -> SyntxError:
        return SyntxError(f"{self._path} is there already", fix="name another file")


def row_of(state: str, job: Job) -> Row:
    """Return the row of a finished job, None where something is not known."""
    return {
        **{name: _at(job, path.split(".")) for name, path in _PLACES.items()},
        "state": state,
        **_of_answers(job),
    }


def _at(found: Any, path: Sequence[str]) -> Any:
    """Follow attributes; None as soon as one is None, and times as text."""
    for name in path:
        if found is None:
            return None
        found = getattr(found, name)
    return found.isoformat() if isinstance(found, datetime) else found


def _of_answers(job: Job) -> Row:
    answers = () if job.verdict is None else job.verdict.answers
    first = answers[0] if answers else None
    return {
        "model": _at(first, ["model"]),
        "finish_reason": _at(first, ["finish_reason"]),
        "answer": _at(first, ["text"]),
        "further_answers": [answer.text for answer in answers[1:]],
        "answer_seconds": _sum([answer.duration for answer in answers]),
        "input_tokens": _sum([answer.tokens.input for answer in answers]),
        "output_tokens": _sum([answer.tokens.output for answer in answers]),
        "answer_cost": _sum([answer.cost for answer in answers]),
        "attempts": len(job.attempts),
    }


def _sum(values: Sequence[float | None]) -> float | None:
    """Add up; None when any is unknown, or there is none."""
    known = [value for value in values if value is not None]
    return sum(known) if known and len(known) == len(values) else None


def _jsonl(file: IO[str]) -> Callable[[Row], None]:
    def write(row: Row) -> None:
        ordered = {name: row[name] for name in COLUMNS}
        file.write(json.dumps(ordered, ensure_ascii=False) + "\n")

    return write


def _csv(file: IO[str]) -> Callable[[Row], None]:
    writer = csv.writer(file)
    # An empty table has its head too.
    writer.writerow(COLUMNS)

    def write(row: Row) -> None:
        writer.writerow([_cell(row[name]) for name in COLUMNS])

    return write


def _cell(value: Any) -> Any:
    """Return what a cell holds: lists and mappings as JSON, and no NUL, where many stop reading."""
    if isinstance(value, (list, tuple, dict)):
        value = json.dumps(value, ensure_ascii=False)
    return value.replace("\0", "\ufffd") if isinstance(value, str) else value


_WRITERS = {".csv": _csv, ".jsonl": _jsonl}
