"""Searching jobs by the beginning of their ID, by names alone; it changes nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from syntx.spool.layout import (
    ARCHIVE,
    DISCARDED,
    ERROR,
    INCOMING,
    PROCESSED,
    PROCESSING,
    REFUSED_SUFFIX,
    RETRY,
    parse_due,
    parse_entry,
)

_DATE = re.compile(r"(?:\d-)?(\d{4})(\d{2})(\d{2})", re.ASCII)


def search(root: Path, beginning: str) -> list[Path]:
    """Return the entries whose ID begins so, in the order of a job's way; each ID once.

    A whole ID finds its job alone. Where `beginning` tells the day, only that day's folders are
    listed. A job that moves while we look may be missed; look again then.
    """
    found: dict[str, Path] = {}
    for folder in _folders(root, beginning):
        for name in _names(folder):
            # Most names are passed over by this alone.
            if beginning not in name:
                continue
            due = parse_due(name)
            entry = parse_entry(due[1] if due else name)
            if entry is not None and entry.id.startswith(beginning):
                found[entry.id] = folder / name
    whole = found.get(beginning)
    return [whole] if whole is not None else [found[job_id] for job_id in sorted(found)]


def refusals(root: Path, beginning: str) -> list[Path]:
    """Return the folders of refused files whose ID begins so, discarded ones if there is no other.

    The newest is the last.
    """
    # A refusal that a rescue ended may lie in a later day's folder than its ID tells.
    for state in (root / ERROR, root / ARCHIVE / DISCARDED):
        for near in (beginning, ""):
            if found := _refused(_days(state, near), beginning):
                return found
    return []


def _refused(folders: Iterator[Path], beginning: str) -> list[Path]:
    return sorted(
        folder / name
        for folder in folders
        for name in _names(folder)
        if name.endswith(REFUSED_SUFFIX) and name.startswith(beginning)
    )


def _folders(root: Path, beginning: str) -> Iterator[Path]:
    yield from (root / INCOMING, root / RETRY)
    yield from (root / PROCESSING / worker for worker in sorted(_names(root / PROCESSING)))
    for state in (PROCESSED, ERROR, ARCHIVE, f"{ARCHIVE}/{DISCARDED}"):
        yield from _days(root / state, beginning)


def _days(folder: Path, beginning: str) -> Iterator[Path]:
    """Give the day folders a job that begins so may lie in."""
    date = _DATE.match(beginning)
    days = ["-".join(date.groups())] if date else sorted(_names(folder))
    return (folder / day for day in days)


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []
