"""The evidence store: what was learned, the plans of generations, and the day's spending.

The evidence can be rebuilt from the jobs; plans and spending are the producer's own memory.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import astuple
from typing import Any

from evolution.database import EVIDENCE_COLUMNS
from evolution.plans import PlanBook
from evolution.rows import Row, row_of
from syntx.job import Job

_NAMES = ", ".join(EVIDENCE_COLUMNS)
_MARKS = ", ".join("?" for _ in EVIDENCE_COLUMNS)
# A job counts once, by its latest verdict: only that one is still there when jobs are read anew.
_LATEST = f"SELECT {_NAMES} FROM evidence AS e WHERE rowid = " + (  # noqa: S608
    "(SELECT MAX(rowid) FROM evidence WHERE job_id = e.job_id)"
)


class EvidenceStore(PlanBook):
    """The evidence beside the plans: one row per ending of a job, kept when jobs are archived."""

    def record(
        self,
        jobs: Iterable[Job],
        versions: Mapping[str, int] | None = None,
        cursor: Mapping[str, int] | None = None,
    ) -> int:
        """Keep the evidence of finished jobs, and how far was read; returns how many rows."""
        rows = [row for job in jobs if (row := row_of(job)) is not None]
        known = versions or {}
        with self.writing() as db:
            db.executemany(
                f"INSERT OR REPLACE INTO evidence ({_NAMES}, version) VALUES ({_MARKS}, ?)",  # noqa: S608
                [(*_stored(row), known.get(row.job_id, row.attempt)) for row in rows],
            )
            if cursor is not None:
                _put(db, "cursor", cursor)
        return len(rows)

    def forget(self) -> None:
        """Drop all evidence, so that the next look reads every job anew."""
        with self.writing() as db:
            db.execute("DELETE FROM evidence")
            db.execute("DELETE FROM state WHERE key = 'cursor'")

    def rows(self) -> tuple[Row, ...]:
        """Return the evidence, one row per job (its latest verdict), ordered by job."""
        found = self.read(f"{_LATEST} ORDER BY job_id")
        return tuple(_row(values) for values in found)

    def knows(self, job_id: str, version: int) -> bool:
        """Whether this ending of a job is recorded."""
        query = "SELECT 1 FROM evidence WHERE job_id = ? AND version = ?"
        return bool(self.read(query, job_id, version))

    def cursor(self) -> Mapping[str, int] | None:
        """Return how far finished jobs were read; None when they were never read."""
        found = self.read("SELECT value FROM state WHERE key = 'cursor'")
        return dict(json.loads(found[0][0])) if found else None

    def ended(self, job_ids: Collection[str]) -> set[str]:
        """Return those of the jobs whose end is recorded."""
        found = self.read(
            "SELECT DISTINCT job_id FROM evidence WHERE job_id IN (SELECT value FROM json_each(?))",
            json.dumps([*job_ids]),
        )
        return {job_id for (job_id,) in found}

    def unarchived(self) -> tuple[str, ...]:
        """Return the jobs that were learned from and not yet archived."""
        query = f"{_LATEST} AND archived = 0 ORDER BY job_id"
        rows = (_row(values) for values in self.read(query))
        return tuple(
            row.job_id
            for row in rows
            if row.kind == "prompt" and row.complete and row.score is not None
        )

    def mark_archived(self, job_ids: Iterable[str]) -> None:
        """Record that these jobs lie in the archive."""
        with self.writing() as db:
            db.executemany(
                "UPDATE evidence SET archived = 1 WHERE job_id = ?", [(each,) for each in job_ids]
            )

    def next_number(self, floor: int = 0) -> int:
        """Return the next generation's number; `floor` is the last one any log tells of."""
        query = "SELECT MAX(number) FROM plans UNION ALL SELECT MAX(generation) FROM evidence"
        known = [int(value) for (value,) in self.read(query) if value is not None]
        return max([floor, *known]) + 1


def _put(db: sqlite3.Connection, key: str, value: Mapping[str, int]) -> None:
    db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (key, json.dumps(dict(value))))


def _stored(row: Row) -> tuple[object, ...]:
    values = dict(zip(EVIDENCE_COLUMNS, astuple(row), strict=True))
    return tuple({**values, "fields": json.dumps(dict(row.fields))}.values())


def _row(values: tuple[Any, ...]) -> Row:
    named = dict(zip(EVIDENCE_COLUMNS, values, strict=True))
    named["fields"] = tuple(json.loads(named["fields"]).items())
    named["simulated"] = bool(named["simulated"])
    return Row(**named)
