"""The tables of the producer's database, how older ones become these, and how rows get in."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields as fields_of
from itertools import islice
from typing import Any

from evolution import running
from evolution.rows import Row
from evolution.tallies import Likeness, Make

VERSION = 3
"""The version of the tables below."""

_LIKENESS = ", ".join(Likeness._fields)
_MAKE = ", ".join(Make._fields)
_RECIPE = ", ".join(f"s.{name}" for name in Likeness._fields if name != "outcome")
_ROW = frozenset(field.name for field in fields_of(Row))
_SLICE = 5_000
_FORMER = f"""
SELECT e.job_id, e.attempt, e.version, e.settled_at, e.generation, e.score, e.completeness,
    e.outcome, e.family, e.parents, m.model, m.wrapper_hash, f.fields, {_RECIPE}
FROM former AS e JOIN strata AS s ON s.id = e.stratum JOIN makes AS m ON m.id = e.make
    JOIN shapes AS f ON f.id = e.shape
WHERE e.job_id NOT IN (SELECT job_id FROM evidence) ORDER BY e.rowid
"""  # noqa: S608
_KEPT = (
    "job_id, attempt, version, shape, settled_at, generation, arm, measure, complete, "
    "score, completeness, latest, archived"
)

_INSERT = (
    "INSERT OR REPLACE INTO evidence (job_id, attempt, version, stratum, make, shape, "
    "settled_at, generation, arm, measure, complete, score, completeness, outcome, "
    "family) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)

# Rows that are alike share a stratum, and strata have running sums: however many rows there are,
# adding up reads the sums alone.
_EVIDENCE = f"""
CREATE TABLE strata (id INTEGER PRIMARY KEY, {_LIKENESS}, UNIQUE ({_LIKENESS}));
CREATE TABLE makes (id INTEGER PRIMARY KEY, {_MAKE}, UNIQUE ({_MAKE}));
CREATE TABLE IF NOT EXISTS shapes (id INTEGER PRIMARY KEY, fields TEXT NOT NULL UNIQUE);
CREATE TABLE evidence (job_id TEXT NOT NULL, attempt INTEGER NOT NULL, version INTEGER NOT NULL,
    stratum INTEGER NOT NULL, make INTEGER NOT NULL, shape INTEGER NOT NULL,
    settled_at TEXT NOT NULL,
    generation INTEGER, arm TEXT, measure TEXT, complete INTEGER NOT NULL, score INTEGER,
    completeness INTEGER, outcome TEXT NOT NULL, family TEXT,
    latest INTEGER NOT NULL DEFAULT 1, archived INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (job_id, attempt));
"""
_INDEXES = """
CREATE INDEX evidence_versions ON evidence (job_id, version);
CREATE INDEX evidence_turns ON evidence (latest, generation);
CREATE INDEX evidence_best ON evidence (measure, score DESC, job_id, attempt)
    WHERE latest = 1 AND measure IS NOT NULL;
CREATE INDEX evidence_newest ON evidence (complete, settled_at)
    WHERE latest = 1 AND measure IS NOT NULL;
CREATE INDEX evidence_trials ON evidence (measure, settled_at)
    WHERE latest = 1 AND complete = 1 AND measure IS NOT NULL;
CREATE INDEX evidence_to_archive ON evidence (job_id)
    WHERE latest = 1 AND archived = 0 AND complete = 1 AND measure IS NOT NULL;
"""
# A cut stands for the measure its scores were measured with.
_OTHERS = """
CREATE TABLE IF NOT EXISTS plans (number INTEGER PRIMARY KEY, plan_id TEXT NOT NULL,
    created_at TEXT NOT NULL, logged INTEGER NOT NULL DEFAULT 0,
    archived INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS items (job_id TEXT PRIMARY KEY, number INTEGER NOT NULL,
    position INTEGER NOT NULL, recipe TEXT NOT NULL, arm TEXT NOT NULL, operator TEXT NOT NULL,
    state TEXT NOT NULL, envelope BLOB, reason TEXT, cost REAL);
CREATE INDEX IF NOT EXISTS items_of_plan ON items (number, position);
CREATE INDEX IF NOT EXISTS plans_open ON plans (number) WHERE archived = 0;
CREATE TABLE IF NOT EXISTS spend (day TEXT PRIMARY KEY, cost REAL NOT NULL);
CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE lineage (child TEXT NOT NULL, parent TEXT NOT NULL, PRIMARY KEY (child, parent));
CREATE INDEX lineage_children ON lineage (parent);
CREATE TABLE sketches (job_id TEXT PRIMARY KEY, category TEXT, topic TEXT, place INTEGER,
    sketch BLOB NOT NULL);
CREATE INDEX sketches_of_topic ON sketches (category, topic, sketch);
CREATE INDEX sketches_by_place ON sketches (place);
CREATE TABLE cuts (generation INTEGER NOT NULL, measure TEXT NOT NULL, z REAL NOT NULL,
    why TEXT NOT NULL, PRIMARY KEY (measure, generation));
"""
_ADDED = {
    "plans": ("forced INTEGER NOT NULL DEFAULT 0",),
    "items": (
        "tries INTEGER NOT NULL DEFAULT 0",
        "parents TEXT NOT NULL DEFAULT '[]'",
        "family TEXT",
        "advice_id TEXT",
        "redraws INTEGER NOT NULL DEFAULT 0",
        "similarity REAL",
    ),
}
"""Columns that came later, in the order they came."""


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
    if found:
        db.execute(f"ALTER TABLE evidence RENAME TO evidence_{found}")
    if found == 2:
        db.execute("ALTER TABLE strata RENAME TO strata_2")
    _run(db, _EVIDENCE + running.TABLES)
    for trigger in running.TRIGGERS:
        db.execute(trigger)
    if found == 2:
        _copy(db)
    _run(db, _INDEXES + _OTHERS)
    for table, columns in _ADDED.items():
        _add(db, table, columns)
    if found == 1:
        _take_over(db)
    db.execute(f"PRAGMA user_version = {VERSION}")


def _run(db: sqlite3.Connection, statements: str) -> None:
    for statement in statements.split(";"):
        db.execute(statement)


def _add(db: sqlite3.Connection, table: str, columns: Iterable[str]) -> None:
    there = {name for _, name, *_ in db.execute(f"PRAGMA table_info({table})")}
    for column in columns:
        if column.split()[0] not in there:
            db.execute(f"ALTER TABLE {table} ADD COLUMN {column}")


def _copy(db: sqlite3.Connection) -> None:
    """Take the rows of version 2 over, in the order they were learned, and drop their tables."""
    _run(
        db,
        f"""
CREATE TEMP TABLE moved AS SELECT DISTINCT e.stratum AS old, e.score NOT NULL AS scored,
    {_of("o", _MAKE)}, {_of("o", _LIKENESS)}, o.outcome AS ended
    FROM evidence_2 AS e JOIN strata_2 AS o ON o.id = e.stratum ORDER BY e.stratum, scored;
UPDATE moved SET outcome = '' WHERE scored;
INSERT INTO strata ({_LIKENESS}) SELECT DISTINCT {_LIKENESS} FROM moved;
INSERT INTO makes ({_MAKE}) SELECT DISTINCT {_MAKE} FROM moved;
CREATE TEMP TABLE places AS SELECT n.old, n.scored, n.ended, s.id AS stratum, m.id AS make
    FROM moved AS n JOIN strata AS s ON ({_of("s", _LIKENESS)}) = ({_of("n", _LIKENESS)})
    JOIN makes AS m ON ({_of("m", _MAKE)}) = ({_of("n", _MAKE)});
CREATE UNIQUE INDEX temp.places_old ON places (old, scored);
INSERT INTO evidence (stratum, make, outcome, {_KEPT})
    SELECT n.stratum, n.make, n.ended, {_of("e", _KEPT)}
    FROM evidence_2 AS e JOIN places AS n ON n.old = e.stratum AND n.scored = (e.score NOT NULL)
    ORDER BY e.rowid;
DROP TABLE places;
DROP TABLE moved;
DROP TABLE evidence_2;
DROP TABLE strata_2
""",  # noqa: S608
    )


def _of(table: str, columns: str) -> str:
    return ", ".join(f"{table}.{column}" for column in columns.split(", "))


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
    known = {name: value for name, value in values.items() if name in _ROW}
    fields = tuple(json.loads(values["fields"]).items())
    return Row(**{**known, "fields": fields, "simulated": bool(values["simulated"])})


def keep(
    db: sqlite3.Connection, rows: Iterable[Row], versions: Mapping[tuple[str, int], int]
) -> int:
    """Insert rows, each the latest of its job from now on; returns how many.

    `versions` tells by job and attempt which version of the job's file a row was read from.
    """
    ids, count = _Ids(db), 0
    for row in rows:
        db.execute("UPDATE evidence SET latest = 0 WHERE job_id = ?", (row.job_id,))
        db.execute(_INSERT, _stored(row, versions.get(row.key, row.attempt), ids))
        db.executemany(
            "INSERT OR IGNORE INTO lineage VALUES (?, ?)",
            [(row.job_id, parent) for parent in row.parents],
        )
        count += 1
    return count


class _Ids:
    """The IDs of what rows have in common, each looked up once."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._known: dict[tuple[Any, ...], int] = {}

    def of(self, table: str, columns: Sequence[str], values: tuple[Any, ...]) -> int:
        if (key := (table, *values)) not in self._known:
            self._known[key] = _place(self._db, table, columns, values)
        return self._known[key]


def _stored(row: Row, version: int, ids: _Ids) -> tuple[Any, ...]:
    return (
        *row.key,
        version,
        ids.of("strata", Likeness._fields, _likeness(row)),
        ids.of("makes", Make._fields, _known(row, Make._fields)),
        ids.of("shapes", ("fields",), (json.dumps(dict(row.fields)),)),
        row.settled_at,
        row.generation,
        row.arm,
        row.measure,
        row.complete,
        row.score,
        row.completeness,
        row.outcome,
        # Most are a family of their own, which takes no room.
        None if row.family == row.job_id else row.family,
    )


def set_aside(db: sqlite3.Connection) -> None:
    """Copy the latest rows before they are forgotten; what an earlier copy holds stays."""
    db.execute(
        "CREATE TABLE IF NOT EXISTS former AS SELECT *, (SELECT json_group_array(parent) "
        "FROM lineage WHERE child = e.job_id) AS parents FROM evidence AS e WHERE latest = 1"
    )


def take_back(db: sqlite3.Connection) -> None:
    """Keep again what was set aside and was not read anew, because its job is gone."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'former'").fetchone():
        return
    cursor = db.execute(_FORMER)
    names = [column[0] for column in cursor.description]
    while rows := [dict(zip(names, values, strict=True)) for values in islice(cursor, _SLICE)]:
        versions = {(row["job_id"], row["attempt"]): row.pop("version") for row in rows}
        keep(db, map(_former_row, rows), versions)
    db.execute("DROP TABLE former")


def _former_row(values: dict[str, Any]) -> Row:
    parents, family = tuple(json.loads(values["parents"])), values["family"] or values["job_id"]
    return _older_row({**values, "parents": parents, "family": family})


def _likeness(row: Row) -> Likeness:
    like = Likeness._make(_known(row, Likeness._fields))
    return like if row.score is None else like._replace(outcome="")


def _known(row: Row, names: Iterable[str]) -> tuple[Any, ...]:
    """Return what a row has in common with others; an empty text is unknown."""
    values = (getattr(row, name) for name in names)
    return tuple("" if value is None else value for value in values)


def _place(
    db: sqlite3.Connection, table: str, columns: Sequence[str], values: tuple[Any, ...]
) -> int:
    names, marks = ", ".join(columns), ", ".join("?" for _ in columns)
    db.execute(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", values)  # noqa: S608
    found = db.execute(f"SELECT id FROM {table} WHERE ({names}) = ({marks})", values)  # noqa: S608
    return int(found.fetchone()[0])
