"""The evidence store: what was learned, the plans of generations, and the day's spending.

The evidence can be rebuilt from the jobs; plans and spending are the producer's own memory.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from evolution import running
from evolution.drift import PATIENCE, Judgement
from evolution.plans import PlanBook
from evolution.rows import Row, disowned, row_of
from evolution.sketches import keep_sketches
from evolution.summing import add_up, arms, bounds_for, judgements, newest_measure, planned_trials
from evolution.tables import keep, set_aside, take_back
from evolution.tallies import ArmScores, Evidence, Terms, Trial
from syntx.job import Job

REACH = 50
"""A verdict that comes late has so many generations judged anew at most."""
FALL = "scores fell"
_COUNT_PLANNED = "SELECT COALESCE(SUM(n), 0) FROM arm_sums WHERE generation >= ? AND measure = ?"
_FIRST_OPEN = """
SELECT MIN(number) FROM items WHERE number > ? AND number <= ? AND state <> 'failed'
    AND job_id NOT IN (SELECT job_id FROM evidence WHERE latest = 1 AND job_id = items.job_id)
"""


class Cut(NamedTuple):
    """A generation in which scores fell: its z, and why older evidence weighs less."""

    generation: int
    z: float
    why: str


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
        """Keep the evidence of finished jobs, and how far was read; returns how many rows.

        A job that names a generation which never planned it is of none.
        """
        jobs = tuple(jobs)
        rows = self._borne_out([row for job in jobs if (row := row_of(job)) is not None])
        known = {row.key: versions[row.job_id] for row in rows if row.job_id in versions}
        with self.writing() as db:
            count = self._keep(db, rows, known)
            keep_sketches(db, jobs)
            if cursor is not None:
                _put(db, "cursor", cursor)
                take_back(db)
        return count

    def _borne_out(self, rows: Sequence[Row]) -> list[Row]:
        planned = self.numbers_of(row.job_id for row in rows)
        first = self.first_number()

        def believed(row: Row) -> bool:
            if row.generation is None or planned.get(row.job_id) == row.generation:
                return True
            # Plans from before the store was lost cannot be asked any more.
            return first is None or row.generation < first

        return [row if believed(row) else disowned(row) for row in rows]

    def keep_rows(
        self,
        rows: Iterable[Row],
        versions: Mapping[tuple[str, int], int] = MappingProxyType({}),
    ) -> int:
        """Keep rows, each the latest of its job from now on; returns how many."""
        with self.writing() as db:
            return self._keep(db, tuple(rows), versions)

    def _keep(
        self, db: sqlite3.Connection, rows: Sequence[Row], versions: Mapping[tuple[str, int], int]
    ) -> int:
        generations = [row.generation for row in rows if row.generation is not None]
        if generations:
            self._judge_again(db, min(generations))
        return keep(db, rows, versions)

    def _judge_again(self, db: sqlite3.Connection, since: int) -> None:
        """Let the generations from `since` on be judged anew, but for those of long ago."""
        told = judgements(self.read)
        for measure, (through, z) in told.items():
            if since <= through:
                back = max(since - 1, through - REACH)
                self._put_judged(db, {**judgements(self.read), measure: (back, z)})
                db.execute("DELETE FROM cuts WHERE measure = ? AND generation > ?", (measure, back))

    def _put_judged(
        self, db: sqlite3.Connection, told: Mapping[str, tuple[int, float | None]]
    ) -> None:
        db.execute("INSERT OR REPLACE INTO state VALUES ('judged', ?)", (json.dumps(dict(told)),))

    def forget(self) -> None:
        """Drop all evidence, so that the next look reads every job anew.

        What was known of jobs that are gone by then is kept after all.
        """
        with self.writing() as db:
            set_aside(db)
            for table in ("evidence", "lineage", "cuts"):
                db.execute(f"DELETE FROM {table}")  # noqa: S608
            running.forget(db)
            db.execute("DELETE FROM state WHERE key IN ('cursor', 'judged')")

    def prepare(self, terms: Terms) -> None:
        """Keep the running sums for these terms; under others evidence is added up row by row."""
        bounds = bounds_for(self.read, terms, newest_measure(self.read))
        if self.read("SELECT * FROM bounds") != [bounds]:
            with self.writing() as db:
                running.move(db, bounds)

    def evidence(self, terms: Terms) -> Evidence:
        """Return all that is known, added up; nothing is written."""
        return add_up(self.read, terms)

    def judged_through(self, measure: str) -> int:
        """Return the last generation that was judged for drift by a measure; 0 is none."""
        return judgements(self.read).get(measure, (0, None))[0]

    def keep_judgements(self, measure: str, found: Sequence[Judgement], through: int) -> None:
        """Record how the generations up to `through` did, in order, and which cut the evidence."""
        cuts = [(each.generation, measure, each.z, FALL) for each in found if each.cuts]
        with self.writing() as db:
            told = judgements(self.read)
            z = found[-1].z if found else told.get(measure, (0, None))[1]
            self._put_judged(db, {**told, measure: (through, z)})
            db.executemany("INSERT OR REPLACE INTO cuts VALUES (?, ?, ?, ?)", cuts)

    def forget_judgements(self, measure: str) -> None:
        """Let every generation be judged anew by a measure."""
        with self.writing() as db:
            told = {name: each for name, each in judgements(self.read).items() if name != measure}
            self._put_judged(db, told)
            db.execute("DELETE FROM cuts WHERE measure = ?", (measure,))

    def cuts(self, measure: str) -> tuple[Cut, ...]:
        """Return where scores of a measure fell so far that older evidence weighs less."""
        query = "SELECT generation, z, why FROM cuts WHERE measure = ? ORDER BY generation"
        return tuple(Cut(*row) for row in self.read(query, measure))

    def planned_trials(self, measure: str, since: int) -> Iterator[list[Trial]]:
        """Return the trials of all generations from `since` on, a slice of whole ones at a time."""
        return planned_trials(self.read, measure, since)

    def count_planned(self, measure: str, since: int) -> int:
        """Return how many trials the generations from `since` on have."""
        return int(self.read(_COUNT_PLANNED, since, measure)[0][0])

    def first_open(self, newest: int) -> int | None:
        """Return the oldest of the last generations up to `newest` that has not ended, or None.

        One that waits for an answer for so long that `PATIENCE` others have come counts as ended.
        """
        return self.read(_FIRST_OPEN, newest - PATIENCE, newest)[0][0]  # type: ignore[no-any-return]

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
            "SELECT job_id, outcome FROM evidence INDEXED BY evidence_versions "
            "WHERE latest = 1 AND job_id IN (SELECT value FROM json_each(?))",
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
