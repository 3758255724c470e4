"""Tables of an older version are taken over whole, or not at all."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, fields
from pathlib import Path

import pytest

from evolution import tables
from evolution.evidence import EvidenceStore
from evolution.rows import Row
from evolution.tallies import Evidence, Terms
from syntx.errors import SpoolError

COLUMNS = ", ".join(field.name for field in fields(Row))


@pytest.fixture
def rows(row: Callable[..., Row]) -> list[Row]:
    """Give rows as version 1 had them: one job ended twice, one failed."""
    return [
        row(1, score=40, generation=1, arm="control", fields=(("drift", True),)),
        row(2, score=None, outcome="failed"),
        row(1, score=95, attempt=2, generation=1, arm="control", fields=(("drift", False),)),
        row(3, score=70, generation=2, arm="steered"),
    ]


@pytest.fixture
def older(tmp_path: Path, rows: list[Row]) -> Path:
    """Give a database as version 1 left it; the first ending of the first job is archived."""
    path = tmp_path / "evolution.sqlite"
    marks = ", ".join("?" for _ in fields(Row))
    with sqlite3.connect(path) as db:
        db.execute(
            f"CREATE TABLE evidence ({COLUMNS}, version INTEGER NOT NULL, "
            "archived INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (job_id, attempt))"
        )
        db.execute("CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
        db.execute("INSERT INTO state VALUES ('cursor', '{\"processed/2026-11-20\": 7}')")
        db.execute("CREATE TABLE spend (day TEXT PRIMARY KEY, cost REAL NOT NULL)")
        db.execute("INSERT INTO spend VALUES ('2026-11-20', 1.5)")
        for number, each in enumerate(rows):
            values = {**asdict(each), "fields": json.dumps(dict(each.fields))}
            db.execute(
                f"INSERT INTO evidence VALUES ({marks}, ?, ?)",
                (*values.values(), 100 + number, number == 0),
            )
        db.execute("PRAGMA user_version = 1")
    db.close()
    return path


def test_what_version_1_knew_is_known(
    older: Path, rows: list[Row], evidence_of: Callable[..., Evidence]
) -> None:
    """Evidence, versions, the cursor, the archive's marks and spending are as they were."""
    with EvidenceStore(older) as store:
        assert store.evidence(Terms()) == evidence_of(rows)
        assert sorted(store.known(["job-000001"])["job-000001"]) == [100, 102]
        assert store.cursor() == {"processed/2026-11-20": 7}
        assert store.unarchived(9) == ("job-000001", "job-000003")
        assert store.spent("2026-11-20") == 1.5
    with EvidenceStore(older) as again:
        assert again.count() == 3


def test_whoever_comes_second_finds_the_new_tables(older: Path) -> None:
    """Several that open an older database at once all see all of it."""

    def count(_: int) -> int:
        with EvidenceStore(older) as store:
            return store.count()

    with ThreadPoolExecutor(4) as pool:
        assert [*pool.map(count, range(4))] == [3] * 4


def test_a_change_of_tables_that_fails_changes_nothing(
    older: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The older tables stay whole, and the next start takes them over."""

    def broken(*_: object) -> int:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(tables, "keep", broken)
    with pytest.raises(SpoolError, match="disk is full"):
        EvidenceStore(older)
    monkeypatch.undo()

    with EvidenceStore(older) as store:
        assert store.count() == 3
