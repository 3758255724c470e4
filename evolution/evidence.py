"""The evidence store: what was learned, the plans of generations, and the day's spending.

The evidence can be rebuilt from the jobs; plans and spending are the producer's own memory.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

from evolution.plans import PlanBook
from evolution.rows import row_of
from evolution.summing import add_up, arms, newest_measure
from evolution.tables import keep
from evolution.tallies import ArmScores, Evidence, Terms
from syntx.job import Job


class EvidenceStore(PlanBook):
    """The evidence beside the plans: one row per ending of a job, kept when jobs are archived.

    A job counts once, by its latest verdict: only that one is still there when jobs are read
    anew.
    """

    def record(
        self,
        jobs: Iterable[Job],
        versions: Mapping[str, int] = MappingProxyType({}),
        cursor: Mapping[str, int] | None = None,
    ) -> int:
        """Keep the evidence of finished jobs, and how far was read; returns how many rows."""
        rows = [row for job in jobs if (row := row_of(job)) is not None]
        known = {row.key: versions[row.job_id] for row in rows if row.job_id in versions}
        with self.writing() as db:
            count = keep(db, rows, known)
            if cursor is not None:
                _put(db, "cursor", cursor)
        return count

    def forget(self) -> None:
        """Drop all evidence, so that the next look reads every job anew."""
        with self.writing() as db:
            for table in ("evidence", "strata", "shapes"):
                db.execute(f"DELETE FROM {table}")  # noqa: S608
            db.execute("DELETE FROM state WHERE key = 'cursor'")

    def evidence(self, terms: Terms) -> Evidence:
        """Return all that is known, added up."""
        return add_up(self.read, terms)

    def count(self) -> int:
        """Return how many jobs the evidence tells of."""
        return int(self.read("SELECT COUNT(*) FROM evidence WHERE latest = 1")[0][0])

    def arms(self) -> tuple[ArmScores, ...]:
        """Return what each arm of each generation scored, as far as a fit may use it."""
        return arms(self.read, newest_measure(self.read))

    def known(self, job_ids: Sequence[str]) -> Mapping[str, Collection[int]]:
        """Return the recorded versions of these jobs; those without any are left out."""
        found: dict[str, list[int]] = {}
        for job_id, version in self.read(
            "SELECT job_id, version FROM evidence INDEXED BY evidence_versions "
            "WHERE job_id IN (SELECT value FROM json_each(?))",
            json.dumps([*job_ids]),
        ):
            found.setdefault(job_id, []).append(version)
        return found

    def cursor(self) -> Mapping[str, int] | None:
        """Return how far finished jobs were read; None when they were never read to the end."""
        found = self.read("SELECT value FROM state WHERE key = 'cursor'")
        return dict(json.loads(found[0][0])) if found else None

    def outcomes(self, job_ids: Collection[str]) -> Mapping[str, str]:
        """Return how those of the jobs ended whose end is recorded."""
        found = self.read(
            "SELECT e.job_id, s.outcome FROM evidence AS e JOIN strata AS s ON s.id = e.stratum "
            "WHERE e.latest = 1 AND e.job_id IN (SELECT value FROM json_each(?))",
            json.dumps([*job_ids]),
        )
        return dict(found)

    def unarchived(self, most: int, without: Collection[str] = ()) -> tuple[str, ...]:
        """Return at most so many jobs that were learned from and not yet archived, in order."""
        found = self.read(
            "SELECT job_id FROM evidence INDEXED BY evidence_to_archive "
            "WHERE latest = 1 AND archived = 0 AND complete = 1 AND measure IS NOT NULL "
            "AND job_id NOT IN (SELECT value FROM json_each(?)) ORDER BY job_id LIMIT ?",
            json.dumps([*without]),
            most,
        )
        return tuple(job_id for (job_id,) in found)

    def mark_archived(self, job_ids: Iterable[str]) -> None:
        """Record that these jobs lie in the archive."""
        with self.writing() as db:
            db.executemany(
                "UPDATE evidence SET archived = 1 WHERE job_id = ?", [(each,) for each in job_ids]
            )

    def next_number(self, floor: int = 0) -> int:
        """Return the next generation's number; `floor` is the last one any log tells of."""
        query = (
            "SELECT MAX(number) FROM plans UNION ALL SELECT MAX(generation) FROM evidence "
            "WHERE latest = 1 AND generation IS NOT NULL"
        )
        known = [int(value) for (value,) in self.read(query) if value is not None]
        return max([floor, *known]) + 1


def _put(db: sqlite3.Connection, key: str, value: Mapping[str, int]) -> None:
    db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (key, json.dumps(dict(value))))
