"""The producer as a service: turn after turn, by demand or in step with the consumer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from evolution.analyzer import absorb
from evolution.evidence import EvidenceStore
from evolution.generations import Plan
from evolution.lift import GenerationMean, Lift, curve, lift
from producer.budget import BudgetReached
from producer.cycle import turn
from producer.desk import Desk
from producer.order import Order
from producer.summary import GenerationMade, LiftFound, Summary
from producer.writing import Interrupted
from syntx.errors import ConfigError, SpoolError, Temporary
from syntx.notify import Notifier
from syntx.service import Stop

SETTLE_LOOK_SECONDS = 0.2
"""Pause between looks whether a generation is consumed."""
LOOKS_FOR_LOST = 25
MAX_PAUSE_SECONDS = 600.0

log = structlog.get_logger()


@dataclass
class Service:
    """Runs turns; `numbers` are the generations this run made or finished, `submitted` their jobs.

    The plans themselves stay in the store: a service that runs for years must not grow.
    """

    desk: Desk
    stop: Stop
    order: Order
    numbers: list[int] = field(default_factory=list)
    submitted: int = 0
    notifier: Notifier = field(default_factory=Notifier)

    async def once(self) -> None:
        """Make one turn, as cron wants it."""
        if not await self._turn(self.order) and not self.stop.wanted:
            log.info("nothing_wanted")

    async def in_step(self, generations: int) -> None:
        """Make so many generations; each is consumed and learned before the next begins.

        A plan that was left open is finished first, and counts as none of them.
        """
        made = 0
        while made < generations and not self.stop.wanted:
            resumed = self.desk.store.open_plan() is not None
            done = await self._turn(Order() if resumed else self.order)
            if not done:
                await self.stop.within(SETTLE_LOOK_SECONDS)
            for plan in done:
                await self._consumed(plan)
            made += 0 if resumed else len(done)

    async def by_demand(self) -> None:
        """Serve until stopped: a turn every interval, rarer while nothing comes through."""
        async with self.notifier.serving(self.stop.asked):
            barren = 0
            while not self.stop.wanted:
                barren = 0 if await self._came_through() else barren + 1
                interval = self.desk.settings().evolution.producer.interval_seconds
                await self.stop.within(min(interval * 2 ** min(barren, 10), MAX_PAUSE_SECONDS))

    async def _came_through(self) -> bool:
        """Make one turn; False when what it wrote came to nothing, or it could not be made now."""
        try:
            done = await self._turn(self.order)
        except (BudgetReached, Temporary, SpoolError, ConfigError) as error:
            log.error("producer_waits", message=error.message, fix=error.fix)
            self.notifier.status(f"waits: {error.message}")
            return False
        self.notifier.status(self._done_so_far())
        return not done or any(plan.in_state("submitted") for plan in done)

    def _done_so_far(self) -> str:
        newest = f", the last is number {self.numbers[-1]}" if self.numbers else ""
        return f"{len(self.numbers)} generations, {self.submitted} prompts submitted{newest}"

    async def _turn(self, order: Order) -> list[Plan]:
        try:
            done = await turn(self.desk, order)
        except Interrupted as error:
            log.info("producer_stopped", message=error.message)
            return []
        self.numbers += [plan.number for plan in done]
        self.submitted += sum(len(plan.in_state("submitted")) for plan in done)
        return done

    async def _consumed(self, plan: Plan) -> None:
        """Wait until every submitted job has ended; one that vanished is told and given up."""
        open_ids = {item.job_id for item in plan.in_state("submitted")}
        looks = 0
        while not self.stop.wanted:
            await absorb(self.desk.spool, self.desk.store)
            open_ids -= self.desk.store.outcomes(open_ids).keys()
            looks += 1
            if open_ids and looks % LOOKS_FOR_LOST == 0:
                open_ids -= await self._lost(open_ids)
            if not open_ids:
                return
            await self.stop.within(SETTLE_LOOK_SECONDS)

    async def _lost(self, job_ids: set[str]) -> set[str]:
        lost = {
            job_id
            for job_id in sorted(job_ids)
            if await self.desk.spool.locate(job_id) not in ("incoming", "processing", "retry")
        }
        await absorb(self.desk.spool, self.desk.store)
        lost -= self.desk.store.outcomes(lost).keys()
        for job_id in sorted(lost):
            log.error("job_vanished", job_id=job_id)
        return lost

    def summary(self) -> Summary:
        """Return where every recipe of this run's plans went, the curve and the lift."""
        return summarise(self.numbers, self.desk.store)


def summarise(numbers: Sequence[int], store: EvidenceStore) -> Summary:
    """Account for every recipe of these plans: settled with an outcome, failed, or unfinished."""
    arms = store.arms()
    means = {point.generation: point for point in curve(arms)}
    asked = frozenset(numbers)
    found = lift(each for each in arms if each.generation in asked)
    outcomes: Counter[str] = Counter()
    recipes = failed_drafts = 0
    generations = []
    for plan in filter(None, map(store.plan, numbers)):
        outcomes.update(store.outcomes([item.job_id for item in plan.items]).values())
        recipes += len(plan.items)
        failed_drafts += len(plan.in_state("failed"))
        generations.append(_generation(plan, means.get(plan.number)))
    return {
        "recipes": recipes,
        "passed": outcomes["passed"],
        "low_score": outcomes["low_score"],
        "failed": outcomes["failed"],
        "refused": outcomes["refused"],
        "failed_drafts": failed_drafts,
        "unfinished": recipes - outcomes.total() - failed_drafts,
        "generations": generations,
        "lift": None if found.difference is None else _lift(found),
    }


def _lift(found: Lift) -> LiftFound:
    return {
        "steered_mean": found.steered_mean,
        "control_mean": found.control_mean,
        "difference": found.difference,
        "low": found.low,
        "high": found.high,
        "n_steered": found.n_steered,
        "n_control": found.n_control,
    }


def _generation(plan: Plan, point: GenerationMean | None) -> GenerationMade:
    return {
        "generation": plan.number,
        "drafted": len(plan.in_state("submitted")),
        "failed_drafts": len(plan.in_state("failed")),
        "scored": 0 if point is None else point.n,
        "mean": None if point is None else point.mean,
        "control": None if point is None else point.control,
        "steered": None if point is None else point.steered,
    }
