"""Searching jobs by the beginning of their ID, by names alone; it changes nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from syntx.spool.layout import (
    ARCHIVE,
    ERROR,
    INCOMING,
    PROCESSED,
    PROCESSING,
    REFUSED_SUFFIX,
    RETRY,
    parse_due,
    parse_entry,
)


def search(root: Path, beginning: str) -> list[Path]:
    """Return the entries whose ID begins so, in the order of a job's way; each ID once.

    A job that moves while we look may be missed; look again then.
    """
    found: dict[str, Path] = {}
    for path in _entries(root):
        due = parse_due(path.name)
        entry = parse_entry(due[1] if due else path.name)
        if entry is not None and entry.id.startswith(beginning):
            found[entry.id] = path
    return list(found.values())


def refusals(root: Path, beginning: str = "") -> list[Path]:
    """Return the folders of refused files whose ID begins so, the newest last."""
    days = _listed(root / ERROR)
    folders = (folder for day in days for folder in _listed(day))
    return [f for f in folders if f.name.endswith(REFUSED_SUFFIX) and f.name.startswith(beginning)]


def _entries(root: Path) -> Iterator[Path]:
    for state in (INCOMING, RETRY):
        yield from _listed(root / state)
    for state in (PROCESSING, PROCESSED, ERROR, ARCHIVE):
        for folder in _listed(root / state):
            yield from _listed(folder)


def _listed(folder: Path) -> Iterator[Path]:
    try:
        names = os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return
    yield from (folder / name for name in sorted(names))
