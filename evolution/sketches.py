"""A sketch of every prompt there ever was, so that a new one is known for a repeat of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from evolution.database import Database
from evolution.novelty import Shares, similarity, sketch
from syntx.job import Job

RECENT = 1_000
"""So many of the newest prompts are compared with, whatever their topic."""

_NEWEST = "SELECT rowid, sketch FROM sketches WHERE place > (SELECT MAX(place) FROM sketches) - ?"
_OF_TOPIC = "SELECT rowid, sketch FROM sketches WHERE category = ? AND topic = ?"


class Near(NamedTuple):
    """A known prompt and how alike it is to another by their sketches, 0..1."""

    job_id: str
    similarity: float


class SketchBook(Database):
    """The sketches of prompts by topic, in the order they became known; none is ever dropped."""

    def nearest(
        self, category: str | None, topic: str | None, sketches: Sequence[bytes], most: int = 8
    ) -> tuple[tuple[Near, ...], ...]:
        """Return for each sketch the prompts most like it, at most so many, the nearest first.

        All prompts of the topic are looked at, and the newest `RECENT` of any.
        """
        of_topic = self.read(_OF_TOPIC, category or "", topic or "")
        known = dict([*of_topic, *self.read(_NEWEST, RECENT)])
        rows, joined = [*known], b"".join(known.values())
        return tuple(self._nearest(rows, similarity(each, joined), most) for each in sketches)

    def _nearest(self, rows: list[int], alike: Shares, most: int) -> tuple[Near, ...]:
        best = {rows[at]: float(alike[at]) for at in np.argsort(-alike, kind="stable")[:most]}
        names = self.read(
            "SELECT rowid, job_id FROM sketches WHERE rowid IN (SELECT value FROM json_each(?))",
            json.dumps([*best]),
        )
        near = (Near(job_id, best[row]) for row, job_id in names)
        return tuple(sorted(near, key=lambda one: (-one.similarity, one.job_id)))


def keep_sketches(db: sqlite3.Connection, jobs: Iterable[Job]) -> None:
    """Insert the sketches of those prompts that have none yet, within a transaction at hand."""
    for job in jobs:
        if job.kind != "prompt" or not job.prompt.strip():
            continue
        # Making a sketch costs more than the look whether it is there.
        if db.execute("SELECT 1 FROM sketches WHERE job_id = ?", (job.id,)).fetchone():
            continue
        db.execute(
            "INSERT INTO sketches (job_id, category, topic, place, sketch) VALUES "
            "(?, ?, ?, (SELECT COALESCE(MAX(place), 0) + 1 FROM sketches), ?)",
            (job.id, job.recipe.category or "", job.recipe.topic or "", sketch(job.prompt)),
        )
