"""Whether what is remembered between runs can be read: caches, and what was learned."""

from __future__ import annotations

import json
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from syntx.doctor.report import Found, failed, ok, warning
from syntx.doctor.subject import Subject
from syntx.errors import ConfigError
from syntx.shipped import manifest

_CHECKED_BYTES = 50_000_000
"""A larger database is only looked at from outside."""
_MAGIC = b"SQLite format 3\0"


def look(subject: Subject) -> Iterator[Found]:
    """Give what is damaged, with the line that has it made anew."""
    caches = (
        subject.home.root / ".cache" / "basics.json",
        subject.queue / ".state" / "counts.json",
    )
    store = subject.queue / ".state" / "evolution.sqlite"
    found = []
    for cache in caches:
        if _is_damaged(cache):
            line = subject.calling.as_owner(f"rm -f -- {shlex.quote(str(cache))}")
            found.append(warning(f"{cache} is damaged; it is made anew when it is gone", line))
    found += _manifest(subject)
    if (damage := _damage(store)) is not None:
        text = f"{store} is damaged ({damage}); the evidence is read anew from the jobs"
        found.append(failed(f"{text}, with no producer running", _set_aside(subject, store)))
    yield from found
    if not found:
        yield ok("what is remembered between runs can be read")


def _manifest(subject: Subject) -> Iterator[Found]:
    path = subject.home.root / manifest.NAME
    try:
        manifest.read(subject.home.root)
    except ConfigError as error:
        line = subject.calling.as_owner(shlex.join(["mv", "--", str(path), f"{path}.damaged"]))
        yield warning(f"{error.message}, and nothing is upgraded by it", line)


def _is_damaged(path: Path) -> bool:
    try:
        return not isinstance(json.loads(path.read_bytes()), dict)
    except OSError:
        return False
    except (ValueError, RecursionError):
        return True


def _damage(path: Path) -> str | None:
    """Say what is wrong with a database that nobody writes at the moment; None when nothing is."""
    try:
        with path.open("rb") as file:
            start = file.read(len(_MAGIC))
        size = path.stat().st_size
    except OSError:
        return None
    if start not in (b"", _MAGIC):
        return "it is no database"
    if size > _CHECKED_BYTES or _is_open(path):
        return None
    # Immutable: a look must leave no file of its own behind.
    uri = f"{path.absolute().as_uri()}?immutable=1"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as db:
            told = str(db.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        return str(error)
    return None if told == "ok" else " ".join(told.split())


def _is_open(path: Path) -> bool:
    with suppress(OSError):
        return path.with_name(f"{path.name}-wal").stat().st_size > 0
    return False


def _set_aside(subject: Subject, store: Path) -> str:
    parts = " ".join(shlex.quote(f"{store}{end}") for end in ("-wal", "-shm"))
    moved = shlex.join(["mv", "--", str(store), f"{store}.damaged"])
    calling = subject.calling
    return f"{calling.as_owner(moved)} && {calling.as_owner(f'rm -f -- {parts}')}"
