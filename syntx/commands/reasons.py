"""Why jobs failed or wait for another try, told from a look into a few of them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from pydantic import ValidationError

from syntx.job import Job
from syntx.spool.layout import ERROR, RETRY, envelope_of, parse_due, parse_entry

MOST_LOOKED_AT = 100
"""So many jobs of a state are opened at most, however many lie there."""


def reason_of(path: Path) -> str:
    """Return what a job failed for, in one word; a low score is its own reason."""
    try:
        job = Job.from_bytes(Path(envelope_of(str(path))).read_bytes())
    except (OSError, ValidationError):
        return "unreadable"
    if job.verdict is not None:
        return job.verdict.reason or job.verdict.outcome
    tried = job.attempts[-1].reason if job.attempts else None
    return tried or "without a verdict"


def reasons(root: Path) -> dict[str, dict[str, int]]:
    """Return the reasons in `retry/` and `error/` of a queue with their numbers, newest day first.

    At most 100 jobs of each are looked at, so that it takes no longer with a million.
    """
    days = sorted(_names(root / ERROR), reverse=True)
    failed = (path for day in days for path in _jobs(root / ERROR / day))
    return {RETRY: _counted(_jobs(root / RETRY)), ERROR: _counted(failed)}


def told(found: dict[str, int]) -> str:
    """Say reasons in words, the most frequent first."""
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{number} {reason}" for reason, number in ranked)


def _counted(paths: Iterator[Path]) -> dict[str, int]:
    return dict(Counter(map(reason_of, islice(paths, MOST_LOOKED_AT))))


def _jobs(folder: Path) -> Iterator[Path]:
    for name in _names(folder):
        due = parse_due(name)
        if parse_entry(due[1] if due else name) is not None:
            yield folder / name


def _names(folder: Path) -> Iterator[str]:
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        yield from (entry.name for entry in entries)
