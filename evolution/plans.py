"""The plans of generations and the day's spending, in the producer's database."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from evolution.generations import ItemState, Plan, PlanItem
from evolution.sketches import SketchBook, keep_sketches
from syntx.errors import SpoolError
from syntx.job import Job, Recipe

_MOVES: dict[ItemState, tuple[ItemState, ...]] = {
    "drafted": ("planned", "drafted"),
    "submitted": ("drafted", "submitted"),
    "failed": ("planned", "drafted", "failed"),
}


_KEPT = (
    "job_id, recipe, arm, operator, state, envelope, reason, "
    "parents, family, advice_id, redraws, similarity"
)


class PlanBook(SketchBook):
    """Which generations there are and how far each has come."""

    def save_plan(self, plan: Plan) -> None:
        """Keep a new plan whole; a plan of that number that stands already is an error."""
        made = plan.number, plan.plan_id, plan.created_at.isoformat()
        head = *made, plan.logged, plan.archived, plan.forced
        with self.writing() as db:
            db.execute("INSERT INTO plans VALUES (?, ?, ?, ?, ?, ?)", head)
            db.executemany(
                f"INSERT INTO items (number, position, {_KEPT}) "  # noqa: S608
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [_stored_item(plan.number, at, item) for at, item in enumerate(plan.items)],
            )

    def has_plans(self) -> bool:
        """Whether any generation was ever planned here."""
        return bool(self.read("SELECT 1 FROM plans LIMIT 1"))

    def plan(self, number: int) -> Plan | None:
        """Return a generation's plan as it stands, or None."""
        heads = self.read("SELECT * FROM plans WHERE number = ?", number)
        items = self.read(
            f"SELECT {_KEPT} FROM items WHERE number = ? ORDER BY position",  # noqa: S608
            number,
        )
        return _plan(heads[0], items) if heads else None

    def open_plan(self) -> Plan | None:
        """Return the oldest plan that is not closed, or None."""
        found = self.read("SELECT MIN(number) FROM plans WHERE archived = 0")
        return None if found[0][0] is None else self.plan(found[0][0])

    def numbers_of(self, job_ids: Iterable[str]) -> Mapping[str, int]:
        """Return by job the generation that planned it; jobs of no plan here are left out."""
        query = "SELECT job_id, number FROM items WHERE job_id IN (SELECT value FROM json_each(?))"
        return dict(self.read(query, json.dumps([*job_ids])))

    def first_number(self) -> int | None:
        """Return the oldest generation planned here, or None."""
        found: int | None = self.read("SELECT MIN(number) FROM plans")[0][0]
        return found

    def mark_drafted(self, job: Job, similarity: float | None = None) -> None:
        """Keep a drafted job's envelope and cost, so that it is never drafted twice.

        Its prompt is known from here on, and the item says how the job really came about.
        """
        cost = None if job.drafted_by is None else job.drafted_by.cost
        made = job.operator, json.dumps(job.parents), job.family, job.advice_id, similarity
        with self.writing() as db:
            _move(db, job.id, "drafted", envelope=job.to_bytes(), cost=cost)
            db.execute(
                "UPDATE items SET operator = COALESCE(?, operator), parents = ?, family = ?, "
                "advice_id = ?, similarity = ? WHERE job_id = ?",
                (*made, job.id),
            )
            keep_sketches(db, (job,))

    def mark_redrawn(self, job_id: str, cost: float | None = None) -> None:
        """Count a draft that nearly repeated a known prompt, and what it cost (USD)."""
        with self.writing() as db:
            db.execute(
                "UPDATE items SET redraws = redraws + 1, "
                "cost = CASE WHEN ?1 IS NULL THEN cost ELSE COALESCE(cost, 0) + ?1 END "
                "WHERE job_id = ?2",
                (cost, job_id),
            )

    def mark_tried(self, job_id: str) -> int:
        """Count a turn in which a prompt could not be drafted; returns how many there were."""
        with self.writing() as db:
            db.execute("UPDATE items SET tries = tries + 1 WHERE job_id = ?", (job_id,))
        return int(self.read("SELECT tries FROM items WHERE job_id = ?", job_id)[0][0])

    def mark_submitted(self, job_id: str) -> None:
        """Record that a drafted job is in the spool; its envelope is there now."""
        with self.writing() as db:
            _move(db, job_id, "submitted")

    def mark_failed(self, job_id: str, reason: str, cost: float | None = None) -> None:
        """Record that a prompt could not be drafted, why, and what it cost all the same (USD)."""
        with self.writing() as db:
            _move(db, job_id, "failed", reason=reason, cost=cost)

    def cost_of(self, number: int) -> float | None:
        """Return what a generation's drafts cost (USD), or None when no price is known."""
        found = self.read("SELECT SUM(cost) FROM items WHERE number = ?", number)
        return None if found[0][0] is None else float(found[0][0])

    def mark_logged(self, number: int) -> None:
        """Record that the generation's log line is safe."""
        with self.writing() as db:
            db.execute("UPDATE plans SET logged = 1 WHERE number = ?", (number,))

    def close_plan(self, number: int) -> None:
        """End a generation: its jobs and log line are safe, what it learned from is archived."""
        with self.writing() as db:
            db.execute("UPDATE plans SET logged = 1, archived = 1 WHERE number = ?", (number,))

    def spent(self, day: str) -> float:
        """Return what was spent on a UTC day (YYYY-MM-DD), in USD."""
        found = self.read("SELECT cost FROM spend WHERE day = ?", day)
        return float(found[0][0]) if found else 0.0

    def spend(self, day: str, cost: float) -> None:
        """Add a cost (USD) to a UTC day."""
        with self.writing() as db:
            db.execute(
                "INSERT INTO spend VALUES (?, ?) "
                "ON CONFLICT (day) DO UPDATE SET cost = cost + excluded.cost",
                (day, cost),
            )


def _move(
    db: sqlite3.Connection,
    job_id: str,
    state: ItemState,
    *,
    envelope: bytes | None = None,
    reason: str | None = None,
    cost: float | None = None,
) -> None:
    moved = db.execute(
        "UPDATE items SET state = ?1, envelope = ?2, reason = ?3, "
        "cost = CASE WHEN ?4 IS NULL THEN cost ELSE COALESCE(cost, 0) + ?4 END "
        "WHERE job_id = ?5 AND state IN (SELECT value FROM json_each(?6))",
        (state, envelope, reason, cost, job_id, json.dumps(_MOVES[state])),
    )
    if moved.rowcount != 1:
        raise SpoolError(f"no plan has a prompt {job_id} that could become {state}")


def _stored_item(number: int, position: int, item: PlanItem) -> tuple[object, ...]:
    made = item.arm, item.operator, item.state, item.envelope, item.reason
    line = json.dumps(item.parents), item.family, item.advice_id, item.redraws, item.similarity
    return number, position, item.job_id, item.recipe.model_dump_json(), *made, *line


def _plan(head: tuple[Any, ...], items: Iterable[tuple[Any, ...]]) -> Plan:
    number, plan_id, created_at, logged, archived, forced = head
    return Plan(
        number=number,
        plan_id=plan_id,
        created_at=datetime.fromisoformat(created_at),
        items=tuple(map(_item, items)),
        logged=bool(logged),
        archived=bool(archived),
        forced=bool(forced),
    )


def _item(kept: tuple[Any, ...]) -> PlanItem:
    job_id, recipe, arm, operator, state, envelope, reason, parents, *line = kept
    made = arm, operator, state, envelope, reason, tuple(json.loads(parents))
    return PlanItem(job_id, Recipe.model_validate_json(recipe), *made, *line)
