"""The tables of the producer's database, how older ones become these, and how rows get in."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from evolution.rows import Row
from evolution.tallies import Likeness

VERSION = 2
"""The version of the tables below."""

_LIKENESS = ", ".join(Likeness._fields)
_MARKS = ", ".join("?" for _ in Likeness._fields)
_SLICE = 5_000

# Rows that are alike share a stratum, and each sum reads one narrow index that holds all it asks
# for, never the rows: a million of them are added up in a second or so.
_TABLES = f"""
CREATE TABLE strata (id INTEGER PRIMARY KEY, {_LIKENESS}, UNIQUE ({_LIKENESS}));
CREATE TABLE shapes (id INTEGER PRIMARY KEY, fields TEXT NOT NULL UNIQUE);
CREATE TABLE evidence (job_id TEXT NOT NULL, attempt INTEGER NOT NULL, version INTEGER NOT NULL,
    stratum INTEGER NOT NULL, shape INTEGER NOT NULL, settled_at TEXT NOT NULL,
    generation INTEGER, arm TEXT, measure TEXT, complete INTEGER NOT NULL, score INTEGER,
    completeness INTEGER, reason TEXT, language TEXT,
    latest INTEGER NOT NULL DEFAULT 1, archived INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (job_id, attempt));
CREATE INDEX evidence_versions ON evidence (job_id, version);
CREATE INDEX evidence_sums ON evidence (latest, stratum, score, completeness);
CREATE INDEX evidence_arms ON evidence (latest, generation, arm, measure, complete, score);
CREATE INDEX evidence_shapes ON evidence (measure, latest, shape) WHERE measure IS NOT NULL;
CREATE INDEX evidence_best ON evidence (measure, latest, score) WHERE measure IS NOT NULL;
CREATE INDEX evidence_newest ON evidence (complete, settled_at)
    WHERE latest = 1 AND measure IS NOT NULL;
CREATE INDEX evidence_to_archive ON evidence (job_id)
    WHERE latest = 1 AND archived = 0 AND complete = 1 AND measure IS NOT NULL;
CREATE TABLE IF NOT EXISTS plans (number INTEGER PRIMARY KEY, plan_id TEXT NOT NULL,
    created_at TEXT NOT NULL, logged INTEGER NOT NULL DEFAULT 0,
    archived INTEGER NOT NULL DEFAULT 0, forced INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS items (job_id TEXT PRIMARY KEY, number INTEGER NOT NULL,
    position INTEGER NOT NULL, recipe TEXT NOT NULL, arm TEXT NOT NULL, operator TEXT NOT NULL,
    state TEXT NOT NULL, envelope BLOB, reason TEXT, cost REAL,
    tries INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS items_of_plan ON items (number, position);
CREATE INDEX IF NOT EXISTS plans_open ON plans (number) WHERE archived = 0;
CREATE TABLE IF NOT EXISTS spend (day TEXT PRIMARY KEY, cost REAL NOT NULL);
CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


def version_of(db: sqlite3.Connection) -> int:
    """Return the version of the tables; 0 means there are none yet."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def renew(db: sqlite3.Connection) -> None:
    """Bring tables of an older version, or none, to this version, all or nothing."""
    db.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have been first.
        found = version_of(db)
        if found < VERSION:
            _renew(db, found)
    except BaseException:
        db.rollback()
        raise
    db.commit()


def _renew(db: sqlite3.Connection, found: int) -> None:
    if found == 1:
        db.execute("ALTER TABLE evidence RENAME TO evidence_1")
    for statement in _TABLES.split(";"):
        db.execute(statement)
    if found == 1:
        _take_over(db)
    db.execute(f"PRAGMA user_version = {VERSION}")


def _take_over(db: sqlite3.Connection) -> None:
    """Take the rows of version 1 in, in the order they were learned, and drop their table."""
    cursor = db.execute("SELECT * FROM evidence_1 ORDER BY rowid")
    names = [column[0] for column in cursor.description]
    while rows := [dict(zip(names, values, strict=True)) for values in islice(cursor, _SLICE)]:
        versions = {(row["job_id"], row["attempt"]): row.pop("version") for row in rows}
        archived = [(row["job_id"], row["attempt"]) for row in rows if row.pop("archived")]
        keep(db, map(_older_row, rows), versions)
        db.executemany(
            "UPDATE evidence SET archived = 1 WHERE job_id = ? AND attempt = ?", archived
        )
    db.execute("DROP TABLE evidence_1")


def _older_row(values: dict[str, Any]) -> Row:
    fields = tuple(json.loads(values["fields"]).items())
    return Row(**{**values, "fields": fields, "simulated": bool(values["simulated"])})


def keep(
    db: sqlite3.Connection, rows: Iterable[Row], versions: Mapping[tuple[str, int], int]
) -> int:
    """Insert rows, each the latest of its job from now on; returns how many.

    `versions` tells by job and attempt which version of the job's file a row was read from.
    """
    strata: dict[Likeness, int] = {}
    shapes: dict[str, int] = {}
    number = 0
    for number, row in enumerate(rows, 1):  # noqa: B007
        like, shape = likeness(row), json.dumps(dict(row.fields))
        if like not in strata:
            strata[like] = _stratum(db, like)
        if shape not in shapes:
            shapes[shape] = _shape(db, shape)
        db.execute("UPDATE evidence SET latest = 0 WHERE job_id = ?", (row.job_id,))
        db.execute(
            "INSERT OR REPLACE INTO evidence (job_id, attempt, version, stratum, shape, "
            "settled_at, generation, arm, measure, complete, score, completeness, reason, "
            "language) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *row.key,
                versions.get(row.key, row.attempt),
                strata[like],
                shapes[shape],
                row.settled_at,
                row.generation,
                row.arm,
                row.measure,
                row.complete,
                row.score,
                row.completeness,
                row.reason,
                row.language,
            ),
        )
    return number


def likeness(row: Row) -> Likeness:
    """Return what a row has in common with others of its stratum."""
    values = (getattr(row, name) for name in Likeness._fields)
    return Likeness._make("" if value is None else value for value in values)


def _stratum(db: sqlite3.Connection, like: Likeness) -> int:
    db.execute(f"INSERT OR IGNORE INTO strata ({_LIKENESS}) VALUES ({_MARKS})", like)  # noqa: S608
    found = db.execute(f"SELECT id FROM strata WHERE ({_LIKENESS}) = ({_MARKS})", like)  # noqa: S608
    return int(found.fetchone()[0])


def _shape(db: sqlite3.Connection, fields: str) -> int:
    db.execute("INSERT OR IGNORE INTO shapes (fields) VALUES (?)", (fields,))
    found = db.execute("SELECT id FROM shapes WHERE fields = ?", (fields,))
    return int(found.fetchone()[0])
