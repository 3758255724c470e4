"""The producer as a service: turn after turn, by demand or in step with the consumer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import structlog

from evolution.analyzer import learn
from evolution.generations import Plan
from evolution.lift import curve, lift
from evolution.rows import Row
from producer.budget import BudgetReached
from producer.cycle import turn
from producer.desk import Desk
from producer.order import Order
from syntx.errors import SpoolError, Temporary
from syntx.service import Stop

SETTLE_LOOK_SECONDS = 0.2
"""Pause between looks whether a generation is consumed."""
MAX_PAUSE_SECONDS = 600.0

log = structlog.get_logger()


@dataclass
class Service:
    """Runs turns; `plans` are the generations this run made or finished."""

    desk: Desk
    stop: Stop
    order: Order
    plans: list[Plan] = field(default_factory=list)

    async def once(self) -> None:
        """Make one turn, as cron wants it."""
        plan = await turn(self.desk, self.order)
        if plan is None:
            log.info("nothing_wanted")
            return
        self.plans.append(plan)

    async def in_step(self, generations: int) -> None:
        """Make so many generations; each is consumed and learned before the next begins."""
        while len(self.plans) < generations and not self.stop.wanted:
            plan = await turn(self.desk, self.order)
            if plan is None:
                await self.stop.within(SETTLE_LOOK_SECONDS)
                continue
            self.plans.append(plan)
            await self._consumed(plan)

    async def by_demand(self) -> None:
        """Serve until stopped: a turn every interval, rarer while every draft fails."""
        barren = 0
        while not self.stop.wanted:
            try:
                plan = await turn(self.desk, self.order)
                barren = barren + 1 if plan and not plan.in_state("submitted") else 0
            except SpoolError as error:
                log.error("spool_paused", message=error.message, fix=error.fix)
                barren += 1
            except (BudgetReached, Temporary) as error:
                log.warning("producer_waits", message=error.message, fix=error.fix)
                barren += 1
            interval = self.desk.settings().evolution.producer.interval_seconds
            await self.stop.within(min(interval * 2 ** min(barren, 10), MAX_PAUSE_SECONDS))

    async def _consumed(self, plan: Plan) -> None:
        wanted = {item.job_id for item in plan.in_state("submitted")}
        while not self.stop.wanted:
            learned = await learn(self.desk.spool, self.desk.store)
            if wanted <= {row.job_id for row in learned.rows}:
                return
            await self.stop.within(SETTLE_LOOK_SECONDS)

    def summary(self) -> dict[str, Any]:
        """Return where every recipe of this run's plans went, the curve and the lift."""
        rows = self.desk.store.rows()
        return summarise(self.plans, rows)


def summarise(plans: list[Plan], rows: tuple[Row, ...]) -> dict[str, Any]:
    """Account for every recipe of `plans`: settled with an outcome, failed, or unfinished."""
    ended = {row.job_id: row for row in rows}
    items = [item for plan in plans for item in plan.items]
    outcomes = [ended[item.job_id].outcome for item in items if item.job_id in ended]
    failed_drafts = sum(item.state == "failed" for item in items)
    numbers = {plan.number for plan in plans}
    means = {point.generation: point for point in curve(rows)}
    found = lift(row for row in rows if row.generation in numbers)
    return {
        "recipes": len(items),
        **{name: outcomes.count(name) for name in ("passed", "low_score", "failed", "refused")},
        "failed_drafts": failed_drafts,
        "unfinished": len(items) - len(outcomes) - failed_drafts,
        "generations": [_generation(plan, means.get(plan.number)) for plan in plans],
        "lift": None
        if found.difference is None
        else {name: getattr(found, name) for name in found.__slots__},
    }


def _generation(plan: Plan, point: Any) -> dict[str, Any]:
    return {
        "generation": plan.number,
        "drafted": len(plan.in_state("submitted")),
        "failed_drafts": len(plan.in_state("failed")),
        "scored": 0 if point is None else point.n,
        "mean": None if point is None else point.mean,
        "control": None if point is None else point.control,
        "steered": None if point is None else point.steered,
    }
