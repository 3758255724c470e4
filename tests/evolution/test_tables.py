"""Tables of an older version are taken over whole, or not at all."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import copyfile
from threading import Barrier

import pytest

from evolution import tables
from evolution.evidence import EvidenceStore
from evolution.rows import Row
from evolution.tallies import Evidence, Terms
from syntx.errors import SpoolError

LIKENESS = (
    "kind, outcome, topic, category, style, wrapper, pattern, arm, operator, model, wrapper_hash, "
    "score_version, simulated"
)
VERSION_2 = f"""
CREATE TABLE strata (id INTEGER PRIMARY KEY, {LIKENESS}, UNIQUE ({LIKENESS}));
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
CREATE TABLE plans (number INTEGER PRIMARY KEY, plan_id TEXT NOT NULL,
    created_at TEXT NOT NULL, logged INTEGER NOT NULL DEFAULT 0,
    archived INTEGER NOT NULL DEFAULT 0, forced INTEGER NOT NULL DEFAULT 0);
CREATE TABLE items (job_id TEXT PRIMARY KEY, number INTEGER NOT NULL,
    position INTEGER NOT NULL, recipe TEXT NOT NULL, arm TEXT NOT NULL, operator TEXT NOT NULL,
    state TEXT NOT NULL, envelope BLOB, reason TEXT, cost REAL,
    tries INTEGER NOT NULL DEFAULT 0);
CREATE INDEX items_of_plan ON items (number, position);
CREATE INDEX plans_open ON plans (number) WHERE archived = 0;
"""
BOTH = """
CREATE TABLE spend (day TEXT PRIMARY KEY, cost REAL NOT NULL);
CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL);
INSERT INTO state VALUES ('cursor', '{"processed/2026-11-20": 7}');
INSERT INTO spend VALUES ('2026-11-20', 1.5);
"""
ROW_1 = (
    "job_id, attempt, kind, outcome, settled_at, topic, category, style, wrapper, pattern, "
    "language, arm, operator, generation, score, completeness, fields, reason, model, "
    "score_version, wrapper_hash, simulated"
)
VERSION_1 = f"""
CREATE TABLE evidence ({ROW_1}, version INTEGER NOT NULL,
    archived INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (job_id, attempt));
CREATE TABLE plans (number INTEGER PRIMARY KEY, plan_id TEXT NOT NULL,
    created_at TEXT NOT NULL, logged INTEGER NOT NULL DEFAULT 0,
    archived INTEGER NOT NULL DEFAULT 0);
CREATE TABLE items (job_id TEXT PRIMARY KEY, number INTEGER NOT NULL,
    position INTEGER NOT NULL, recipe TEXT NOT NULL, arm TEXT NOT NULL, operator TEXT NOT NULL,
    state TEXT NOT NULL, envelope BLOB, reason TEXT, cost REAL);
CREATE INDEX items_of_plan ON items (number, position);
"""


@pytest.fixture
def rows(row: Callable[..., Row]) -> list[Row]:
    """Give rows as older versions had them: one job ended twice, one failed."""
    return [
        row(1, score=40, generation=1, arm="control", fields=(("drift", True),), model="a"),
        row(2, score=None, outcome="failed"),
        row(1, score=95, attempt=2, generation=1, arm="control", fields=(("drift", False),)),
        row(3, score=70, generation=2, arm="steered", model="b", wrapper_hash="x"),
    ]


@pytest.fixture(params=[1, 2])
def older(request: pytest.FixtureRequest, tmp_path: Path, rows: list[Row]) -> Path:
    """Give a database as an older version left it; the first ending of a job is archived."""
    path = tmp_path / "evolution.sqlite"
    with sqlite3.connect(path) as db:
        db.executescript((VERSION_1 if request.param == 1 else VERSION_2) + BOTH)
        (as_version_1 if request.param == 1 else as_version_2)(db, rows)
        db.execute(
            "INSERT INTO plans (number, plan_id, created_at) VALUES (2, 'g2-x', '2026-11-20')"
        )
        db.execute(
            "INSERT INTO items (job_id, number, position, recipe, arm, operator, state) "
            "VALUES ('job-000003', 2, 0, '{}', 'steered', 'fresh', 'submitted')"
        )
        db.execute(f"PRAGMA user_version = {request.param}")
    db.close()
    return path


def as_version_1(db: sqlite3.Connection, rows: Sequence[Row]) -> None:
    """Insert rows as version 1 did: one column for each value, the fields as JSON."""
    names = [*ROW_1.split(", "), "version", "archived"]
    for number, each in enumerate(rows):
        told = {"fields": json.dumps(dict(each.fields)), "version": 100 + number}
        told["archived"] = number == 0
        insert(db, "evidence", {name: told.get(name, getattr(each, name, None)) for name in names})


def as_version_2(db: sqlite3.Connection, rows: Sequence[Row]) -> None:
    """Insert rows as version 2 did: what they have in common stands in a stratum."""
    for number, each in enumerate(rows):
        values = {name: getattr(each, name) or "" for name in LIKENESS.split(", ")}
        values["simulated"] = each.simulated
        db.execute("UPDATE evidence SET latest = 0 WHERE job_id = ?", (each.job_id,))
        told = {name: getattr(each, name) for name in (
            "job_id", "attempt", "settled_at", "generation", "arm", "measure", "complete",
            "score", "completeness",
        )}  # fmt: skip
        told |= {"version": 100 + number, "archived": number == 0, "language": "de"}
        told["stratum"] = insert(db, "strata", values)
        told["shape"] = insert(db, "shapes", {"fields": json.dumps(dict(each.fields))})
        insert(db, "evidence", told)


def insert(db: sqlite3.Connection, table: str, values: Mapping[str, object]) -> int:
    """Insert a row unless it is there, and return its place."""
    names, marks = ", ".join(values), ", ".join("?" for _ in values)
    db.execute(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", (*values.values(),))
    same = " AND ".join(f"{name} IS ?" for name in values)
    found = db.execute(f"SELECT rowid FROM {table} WHERE {same}", (*values.values(),))
    return int(found.fetchone()[0])


def test_what_an_older_version_knew_is_known(
    older: Path, rows: list[Row], evidence_of: Callable[..., Evidence]
) -> None:
    """Evidence, versions, the cursor, the archive's marks and spending are as they were."""
    with EvidenceStore(older) as store:
        assert store.evidence(Terms()) == evidence_of(rows)
        assert sorted(store.known(["job-000001"])["job-000001"]) == [100, 102]
        assert store.cursor() == {"processed/2026-11-20": 7}
        assert store.unarchived(9) == ("job-000001", "job-000003")
        assert store.spent("2026-11-20") == 1.5
        assert store.read("SELECT number, forced FROM plans") == [(2, 0)]
        assert store.read("SELECT job_id, tries, parents, redraws FROM items") == [
            ("job-000003", 0, "[]", 0)
        ]
    with EvidenceStore(older) as again:
        assert again.count() == 3


def test_an_older_version_becomes_what_a_new_one_is(older: Path, tmp_path: Path) -> None:
    """Tables, columns and indexes are those of a fresh database, and nothing else is left."""
    query = "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    with EvidenceStore(older) as renewed, EvidenceStore(tmp_path / "fresh.sqlite") as fresh:
        assert renewed.read(query) == fresh.read(query)
        for kind, name in fresh.read(query):
            if kind == "table":
                columns = f"SELECT name, type, dflt_value FROM pragma_table_info('{name}')"
                assert renewed.read(columns) == fresh.read(columns)


def test_whoever_comes_second_finds_the_new_tables(older: Path, tmp_path: Path) -> None:
    """Several that open an older database at once all see all of it, time and again."""

    def count(path: Path) -> int:
        together.wait()
        with EvidenceStore(path) as store:
            return store.count()

    together = Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        for turn in range(10):
            path = tmp_path / f"{turn}.sqlite"
            copyfile(older, path)
            assert [*pool.map(count, [path] * 4)] == [3] * 4


def test_a_change_of_tables_that_fails_changes_nothing(
    older: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The older tables stay whole, and the next start takes them over."""

    def broken(*_: object) -> int:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(tables, "_add", broken)
    with pytest.raises(SpoolError, match="disk is full"):
        EvidenceStore(older)
    monkeypatch.undo()

    with EvidenceStore(older) as store:
        assert store.count() == 3
