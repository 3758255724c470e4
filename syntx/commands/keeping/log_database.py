"""Putting all lines of all logs into an SQLite database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from syntx.errors import SyntxError
from syntx.journal.appending import Unreadable, record_of
from syntx.journal.files import lines_of
from syntx.journal.names import Name
from syntx.journal.tables import columns, create_table, quoted, row_of

SLICE = 5_000
"""So many lines are one transaction."""


def load(path: Path, logs: Mapping[Name, Path]) -> dict[Name, tuple[int, int]]:
    """Add what is not in the database yet; returns lines added and lines torn, by log.

    Raises SyntxError when the file is no database, or a table in it is not of ours.
    """
    try:
        with closing(sqlite3.connect(path)) as database:
            return {name: _load(database, name, log) for name, log in logs.items()}
    except sqlite3.Error as error:
        raise SyntxError(f"{path}: {error}", fix="name another file, which will be made") from error


def _load(database: sqlite3.Connection, name: Name, log: Path) -> tuple[int, int]:
    wanted = columns(name)
    database.execute(create_table(name, "sqlite"))
    _add_columns(database, name, wanted)
    names = ", ".join(map(quoted, [*wanted, "record"]))
    marks = ", ".join("?" * (len(wanted) + 1))
    # Only the key may be there already; anything else is an error.
    insert = (
        f"INSERT INTO {quoted(name)} ({names}) VALUES ({marks}) "  # noqa: S608
        'ON CONFLICT ("event_id") DO NOTHING'
    )
    before = database.total_changes
    torn: list[bytes] = []
    rows = _rows(log, wanted, torn)
    while part := list(islice(rows, SLICE)):
        with database:
            database.executemany(insert, part)
    return database.total_changes - before, len(torn)


def _rows(log: Path, wanted: Mapping[str, type], torn: list[bytes]) -> Iterator[list[Any]]:
    for _, number, line in lines_of(log):
        record = record_of(line, number)
        if isinstance(record, Unreadable):
            torn.append(b"")
        else:
            yield row_of(wanted, record, line.rstrip(b"\n"))


def _add_columns(database: sqlite3.Connection, name: Name, wanted: Mapping[str, type]) -> None:
    """Give a table made by an earlier version the columns that came later."""
    there = {row[1] for row in database.execute(f"PRAGMA table_info({quoted(name)})")}
    for column in wanted:
        if column not in there:
            database.execute(f"ALTER TABLE {quoted(name)} ADD COLUMN {quoted(column)}")
