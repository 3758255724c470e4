"""Carrying out a plan: each recipe becomes a prompt, is kept, and is submitted."""

from __future__ import annotations

import asyncio

import structlog

from evolution.generations import Plan, PlanItem
from producer.calling import NotAnswered
from producer.desk import Desk
from producer.drafting import Drafter, NoPrompt
from producer.lessons import Lessons
from syntx.errors import ConfigError, NotAuthorised, SyntxError, Temporary
from syntx.job import Job
from syntx.settings.models import Settings

log = structlog.get_logger()

MOST_TURNS = 20
"""After so many turns in which nothing came through, a prompt is given up."""


class Interrupted(SyntxError):
    """Somebody asked to stop; the plan goes on at the next start."""

    reason = "stopped"


async def write_plan(desk: Desk, settings: Settings, plan: Plan, taught: Lessons) -> None:
    """Bring every item of a plan to `submitted` or `failed`; finished ones are left alone.

    `taught` is what steered prompts are written with. Raises what concerns all items (budget, key,
    endpoint down, disk); what was not drafted stays planned then.
    """
    writer = Writer(desk, settings, plan, taught)
    for item in plan.in_state("drafted"):
        await writer.resubmit(item)
    slots = asyncio.Semaphore(settings.generator.concurrency)

    async def one(item: PlanItem) -> None:
        async with slots:
            if writer.halted is None and not desk.stopping():
                await writer.write_or_halt(item)

    async with asyncio.TaskGroup() as group:
        for item in plan.in_state("planned"):
            group.create_task(one(item), name=item.job_id)
    writer.conclude()


class Writer:
    """Words the items of one plan; `halted` is set when the rest has to wait.

    An error that comes again and again without a draft in between is the endpoint's, not the
    item's: the items that met it stay planned.
    """

    def __init__(self, desk: Desk, settings: Settings, plan: Plan, taught: Lessons) -> None:
        self._desk = desk
        self._plan = plan
        self._stop_after = settings.generator.stop_after_errors
        self._drafter = Drafter(desk, settings, plan, taught, self._fail_the_unsure)
        self._unsure: list[tuple[PlanItem, SyntxError]] = []
        self.halted: SyntxError | None = None

    async def resubmit(self, item: PlanItem) -> None:
        """Submit a job that was drafted before we were stopped, unless it got through."""
        assert item.envelope is not None
        if await self._desk.spool.locate(item.job_id) is None:
            await self._desk.spool.submit([Job.from_bytes(item.envelope)])
        self._desk.store.mark_submitted(item.job_id)

    async def write_or_halt(self, item: PlanItem) -> None:
        """Draft one item; an error that concerns all of them halts the rest."""
        try:
            await self._write(item)
        except SyntxError as error:
            self._halt(error)
        except Exception:  # a bug at one prompt must not stop the plan
            log.exception("draft_met_a_bug", job_id=item.job_id)
            self._desk.store.mark_failed(item.job_id, "bug")

    async def _write(self, item: PlanItem) -> None:
        self._desk.spool.check_room()
        try:
            job = await self._drafter.draft(item)
        except NotAnswered as missing:
            self._not_answered(item, missing.error)
            return
        except NoPrompt as missing:
            log.warning("draft_failed", job_id=item.job_id, reason=missing.reason)
            self._desk.store.mark_failed(item.job_id, missing.reason, missing.cost)
            return
        if job is not None:
            await self._desk.spool.submit([job])
            self._desk.store.mark_submitted(job.id)

    def _not_answered(self, item: PlanItem, error: SyntxError) -> None:
        if isinstance(error, ConfigError):
            self._halt(error)
        elif isinstance(error, Temporary | NotAuthorised):
            self._unsure.append((item, error))
            if len(self._unsure) >= self._stop_after:
                self._halt(error)
        else:
            self._fail(item, error)

    def conclude(self) -> None:
        """End the plan's drafting; raises what concerns all that is left of it."""
        if self.halted is None and self._unsure:
            self._halt(self._unsure[-1][1])
        for item, error in self._unsure:
            if self._desk.store.mark_tried(item.job_id) >= MOST_TURNS:
                self._fail(item, error)
        if self.halted is not None:
            raise self.halted
        plan = self._desk.store.plan(self._plan.number)
        if plan is not None and plan.in_state("planned"):
            raise Interrupted("asked to stop before every prompt was drafted")

    def _fail_the_unsure(self) -> None:
        """An answer came: the errors before it were those items' own."""
        for item, error in self._unsure:
            self._fail(item, error)
        self._unsure.clear()

    def _fail(self, item: PlanItem, error: SyntxError) -> None:
        log.warning("draft_failed", job_id=item.job_id, reason=error.reason, message=error.message)
        self._desk.store.mark_failed(item.job_id, error.reason)

    def _halt(self, error: SyntxError) -> None:
        if self.halted is None:
            log.error("drafting_halted", message=error.message, fix=error.fix)
            self.halted = error
