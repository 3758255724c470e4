"""How many jobs stand where, counted from names alone (no job is opened)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from syntx.spool.layout import (
    ARCHIVE,
    DISCARDED,
    ERROR,
    INCOMING,
    INTAKE_SUFFIX,
    PROCESSED,
    PROCESSING,
    REFUSED_SUFFIX,
    RETRY,
    Kind,
    kind_of,
    moment_of,
    parse_due,
    parse_entry,
    stem_of,
)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many jobs stand where; `waiting` is what the demand of the producer goes by."""

    incoming: int = 0
    retry: int = 0
    processing: int = 0
    processed: int = 0
    error: int = 0
    archive: int = 0
    oldest_waiting_s: float | None = None

    @property
    def waiting(self) -> int:
        """Jobs that wait to be claimed, now or after a retry's delay."""
        return self.incoming + self.retry


def count(root: Path, *, now: datetime | None = None) -> Counts:
    """Count the jobs below a spool's root; a folder that is not there counts as empty."""
    incoming, retry = _names(root / INCOMING), _names(root / RETRY)
    waiting = [entry for _, entry in filter(None, map(parse_due, retry))]
    oldest = min((name for name in (*incoming, *waiting) if parse_entry(name)), default=None)
    return Counts(
        incoming=_arrivals(incoming),
        retry=len(waiting),
        processing=sum(1 for name in _below(root / PROCESSING) if _is_held(name)),
        processed=sum(1 for name in _below(root / PROCESSED) if parse_entry(name)),
        error=sum(1 for name in _below(root / ERROR) if _is_error(name)),
        archive=sum(1 for name in _below(root / ARCHIVE) if parse_entry(name)),
        oldest_waiting_s=_age(oldest, now or datetime.now(UTC)),
    )


def _arrivals(names: list[str]) -> int:
    """Count entries and dropped prompts, a pair as one."""
    prompts = {stem_of(name) for name in names if kind_of(name) is Kind.PROMPT}
    lone = sum(1 for name in names if kind_of(name) is Kind.JSON and stem_of(name) not in prompts)
    return len(prompts) + lone


def _is_held(name: str) -> bool:
    return parse_entry(name) is not None or name.endswith(INTAKE_SUFFIX)


def _is_error(name: str) -> bool:
    return parse_entry(name) is not None or name.endswith(REFUSED_SUFFIX)


def _age(entry: str | None, now: datetime) -> float | None:
    made = moment_of(entry) if entry else None
    return None if made is None else max(0.0, (now - made).total_seconds())


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _below(folder: Path) -> Iterator[str]:
    for name in _names(folder):
        if name != DISCARDED:
            yield from _names(folder / name)
