"""Carrying out a plan: each recipe is worded by the model, judged, kept, submitted."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import structlog

from evolution.generations import Plan, PlanItem
from producer import records
from producer.budget import Budget
from producer.desk import Desk
from producer.drafting import Words, flaw, meta_prompt
from producer.quality import draft_quality
from syntx.errors import ConfigError, NotAuthorised, SyntxError, Temporary
from syntx.job import DraftedBy, Job
from syntx.llm.contract import Answer, CallLimits, Request
from syntx.llm.recording import sampling_of, tokens_of
from syntx.settings.models import Settings

log = structlog.get_logger()

MOST_TURNS = 20
"""After so many turns in which nothing came through, a prompt is given up."""


class Interrupted(SyntxError):
    """Somebody asked to stop; the plan goes on at the next start."""

    reason = "stopped"


async def write_plan(desk: Desk, settings: Settings, plan: Plan) -> None:
    """Bring every item of a plan to `submitted` or `failed`; finished ones are left alone.

    Raises what concerns all items (budget, key, endpoint down, disk); what was not drafted stays
    planned then.
    """
    writer = Writer(desk, settings, plan)
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

    def __init__(self, desk: Desk, settings: Settings, plan: Plan) -> None:
        self._desk = desk
        self._generator = settings.generator
        self._plan = plan
        self._words = Words(settings.generator.styles.words, desk.space().patterns)
        self._budget = Budget(desk.store, settings.generator.budget.daily)
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
        request = self._request(item)
        most = self._most(request)
        await self._budget.reserve(most)
        cost: float | None = None
        try:
            answer = await self._desk.gateway.ask(request)
            cost = answer.cost
        except SyntxError as error:
            self._failed(item, request, error)
            return
        finally:
            await self._budget.settle(most, cost)
        self._fail_the_unsure()
        await self._judged(item, request, answer)

    async def _judged(self, item: PlanItem, request: Request, answer: Answer) -> None:
        why = flaw(answer, request.messages)
        quality = draft_quality(answer.text)
        self._tell(item, records.answered(request, item.recipe, answer, why, quality))
        if why is not None:
            log.warning("draft_failed", job_id=item.job_id, reason=why)
            self._desk.store.mark_failed(item.job_id, why, answer.cost)
            return
        job = self._job(item, answer, quality)
        self._desk.store.mark_drafted(job)
        await self._desk.spool.submit([job])
        self._desk.store.mark_submitted(job.id)

    def _failed(self, item: PlanItem, request: Request, error: SyntxError) -> None:
        self._tell(item, records.failed(request, item.recipe, error))
        if isinstance(error, ConfigError):
            self._halt(error)
        elif isinstance(error, Temporary | NotAuthorised):
            self._unsure.append((item, error))
            if len(self._unsure) >= self._generator.stop_after_errors:
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

    def _tell(self, item: PlanItem, record: dict[str, object]) -> None:
        shared = {"generation": self._plan.number, "arm": item.arm, "operator": item.operator}
        self._desk.logs.write(
            "gpt_prompts", {**shared, **record}, job_id=item.job_id, trace_id=item.job_id
        )

    def _request(self, item: PlanItem) -> Request:
        model = self._generator.openai
        return Request(
            operation="draft",
            messages=meta_prompt(item.recipe, self._words, steered=item.arm == "steered"),
            model=model.model,
            limits=CallLimits(
                max_tokens=model.max_tokens,
                temperature=model.temperature,
                top_p=model.top_p,
                deadline=model.deadline,
            ),
            trace_id=item.job_id,
        )

    def _most(self, request: Request) -> float:
        """Return the most a call can cost in USD; raises ConfigError when that is unknown."""
        if self._generator.budget.daily is None:
            return 0.0
        model = request.model or ""
        _, entry = self._desk.catalogue().model(model)
        if entry.price is None:
            raise ConfigError(
                f"generator.yaml: budget.daily is set, but model {model!r} has no price",
                fix=f"add `price: {{input: …, output: …}}` to {model} under config/models",
            )
        # A token is at least one byte, so this is never less than the bill.
        given = sum(len(message.content.encode()) for message in request.messages)
        tokens = request.limits.max_tokens or entry.max_output or 0
        return (given * entry.price.input + tokens * entry.price.output) / 1_000_000

    def _job(self, item: PlanItem, answer: Answer, quality: dict[str, object]) -> Job:
        return Job(
            id=item.job_id,
            created_at=datetime.now(UTC),
            source="producer",
            prompt=answer.text,
            recipe=item.recipe,
            generation=self._plan.number,
            plan_id=self._plan.plan_id,
            arm=item.arm,
            operator=item.operator,
            gpt_quality=quality,
            drafted_by=DraftedBy(
                model=answer.model,
                sampling=sampling_of(answer),
                tokens=tokens_of(answer),
                cost=answer.cost,
                duration=answer.duration,
                simulated=answer.simulated,
            ),
        )
