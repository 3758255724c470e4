"""One turn of the producer: learn, measure, choose, draft, submit, log, archive.

Each step is written down before the next begins, so a turn that was killed is finished by the
next one and nothing is drafted, logged or archived twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import Any, TypeGuard

import structlog

from evolution.analyzer import Learned, learn
from evolution.choosing import Choice, Options, choose, dice
from evolution.exploring import explore
from evolution.generations import Plan, Turn, log_line, new_plan
from evolution.lift import lift
from evolution.reporting import report
from evolution.rows import PLAUSIBLE
from evolution.tallies import Evidence, Terms
from producer.demand import QueueState, demand, queue_state
from producer.desk import Desk
from producer.lessons import Lessons, lessons
from producer.order import Order
from producer.writing import write_plan
from syntx.journal import Unreadable, read, read_tail
from syntx.settings.models import Settings

ARCHIVE_SLICE, ARCHIVE_SLICES = 1_000, 20
"""So many learned jobs are archived at once, and so many times in a turn."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Need:
    """How many prompts are wanted, and why."""

    prompts: int
    state: QueueState
    forced: bool


async def turn(desk: Desk, order: Order) -> list[Plan]:
    """Finish the plan at hand if there is one, then make and carry out what is wanted.

    Returns the plans that came to their end. Raises what concerns all drafts (budget, key,
    endpoint down, a wish to stop) with the plan left open for a later turn.
    """
    done = []
    unfinished = desk.store.open_plan()
    if unfinished is not None:
        learned = await learn(desk.spool, desk.store, _terms(desk.settings()))
        done.append(await _carry_out(desk, unfinished, learned))
    if unfinished is None or order.asks:
        settings = desk.settings()
        need = await measure(desk, settings, order)
        if need.prompts:
            learned = await learn(desk.spool, desk.store, _terms(settings))
            plan = _new_plan(desk, settings, learned, order, need)
            done.append(await _carry_out(desk, plan, learned))
    return done


def _terms(settings: Settings) -> Terms:
    producer = settings.evolution.producer
    learning, steering = producer.learning, producer.steering
    return Terms(
        floor=steering.score_floor,
        min_score=learning.min_score,
        max_samples=learning.max_samples,
        keep=steering.drift_keep,
        drift_z=steering.drift_z,
    )


async def _carry_out(desk: Desk, plan: Plan, learned: Learned) -> Plan:
    settings = desk.settings()
    taught = lessons(desk.space(), learned.evidence, settings.evolution.producer)
    await write_plan(desk, settings, plan, taught)
    written = desk.store.plan(plan.number)
    assert written is not None
    await _finish(desk, settings, written, learned, taught)
    return written


async def measure(desk: Desk, settings: Settings, order: Order) -> Need:
    """Look at the queue and say how many prompts are wanted now."""
    waiting = (await desk.spool.counts()).waiting
    state = queue_state(waiting, settings.queue.thresholds)
    batch = order.size or settings.evolution.producer.generation.batch_size
    if order.topics:
        return Need(order.size or len(order.topics), state, True)
    if order.force:
        return Need(batch, state, True)
    if state is QueueState.OVERFLOW:
        log.warning("queue_overflow", waiting=waiting)
    return Need(min(batch, demand(state, settings.queue.production)), state, False)


def _new_plan(desk: Desk, settings: Settings, learned: Learned, order: Order, need: Need) -> Plan:
    for name, why in learned.unreadable:
        log.warning("finished_file_skipped", file=name, reason=why)
    number = desk.store.next_number(_last_logged(desk))
    producer = settings.evolution.producer
    rng = dice(producer.steering.seed, number)
    space = order.narrow(desk.space(), settings)
    choices: tuple[Choice, ...]
    if order.by_hand:
        strata = learned.evidence.strata
        recipes = explore(space, strata, need.prompts, rng, order.named(settings))
        choices = tuple(Choice(recipe, "control", "manual") for recipe in recipes)
    else:
        evidence = learned.evidence if producer.learning.enabled else _nothing(settings)
        options = Options(producer.generation.feedback_strength, producer.steering)
        choices = choose(space, evidence, need.prompts, options, rng)
    plan = new_plan(number, choices, datetime.now(UTC), forced=need.forced)
    desk.store.save_plan(plan)
    log.info("generation_planned", generation=number, prompts=len(plan.items), state=need.state)
    return plan


def _nothing(settings: Settings) -> Evidence:
    return Evidence(_terms(settings))


def _last_logged(desk: Desk) -> int:
    """Return the last generation the logs tell of, so that a lost store never counts anew."""
    path = desk.logs.path
    if desk.store.has_plans():
        records = read_tail(path("evolution"))
    else:
        # A plan that was lost with the store may have no line yet, but its calls have.
        records = chain(read(path("evolution")), read(path("gpt_prompts")))
    numbers = (record.get("generation") for record in records if not isinstance(record, Unreadable))
    return max(filter(_is_generation, numbers), default=0)


def _is_generation(value: Any) -> TypeGuard[int]:
    return type(value) is int and 0 < value <= PLAUSIBLE


async def _finish(
    desk: Desk, settings: Settings, plan: Plan, learned: Learned, taught: Lessons
) -> None:
    learning = settings.evolution.producer.learning
    if not plan.logged:
        if not _is_logged(desk, plan):
            line = _line(desk, settings, plan, learned, taught)
            desk.logs.write("evolution", line, trace_id=plan.plan_id, flush=True)
        desk.store.mark_logged(plan.number)
    if learning.archive_after_read and plan.in_state("submitted"):
        await _archive(desk, fresh=[item.job_id for item in plan.items])
    desk.store.close_plan(plan.number)
    log.info(
        "generation_finished",
        generation=plan.number,
        submitted=len(plan.in_state("submitted")),
        failed_drafts=len(plan.in_state("failed")),
    )


async def _archive(desk: Desk, fresh: list[str]) -> None:
    """Move what was learned from, but for `fresh` jobs; what is left is for the next turn."""
    for _ in range(ARCHIVE_SLICES):
        ids = desk.store.unarchived(ARCHIVE_SLICE, fresh)
        if not ids or desk.stopping():
            return
        await desk.spool.archive(ids)
        desk.store.mark_archived(ids)


def _is_logged(desk: Desk, plan: Plan) -> bool:
    return any(
        not isinstance(record, Unreadable) and record.get("plan_id") == plan.plan_id
        for record in read_tail(desk.logs.path("evolution"))
    )


def _line(
    desk: Desk, settings: Settings, plan: Plan, learned: Learned, taught: Lessons
) -> dict[str, Any]:
    told = report(learned.evidence, learned.unreadable)
    turned = Turn(
        strength=settings.evolution.producer.generation.feedback_strength,
        styles=len(settings.generator.styles.available),
        cost=desk.store.cost_of(plan.number),
        claims=taught.claims,
        elites=taught.elites,
        cut=learned.evidence.cut or None,
        drift_z=learned.evidence.z,
    )
    return log_line(plan, told, lift(learned.evidence.arms), turned)
