"""One turn of the producer: learn, measure, choose, draft, submit, log, archive.

Each step is written down before the next begins, so a turn that was killed is finished by the
next one and nothing is drafted, logged or archived twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import Any, TypeGuard

import structlog

from evolution.analyzer import learn, terms_of
from evolution.choosing import Choice, Options, choose, dice
from evolution.exploring import explore
from evolution.generations import Plan, Turn, log_line, new_plan
from evolution.lift import lift
from evolution.reporting import report
from evolution.rows import PLAUSIBLE
from evolution.tallies import Evidence
from producer.desk import Desk
from producer.judging import NEAR_REPEAT
from producer.lessons import Lessons, lessons
from producer.order import Order
from producer.writing import write_plan
from syntx.demand import QueueState, demand, queue_state
from syntx.journal.appending import Unreadable
from syntx.journal.files import newest_first, read_all
from syntx.journal.generation import Generation
from syntx.settings.models import Settings

ARCHIVE_SLICE, ARCHIVE_SLICES = 1_000, 20
"""So many learned jobs are archived at once, and so many times in a turn."""

LOG_TAIL_BYTES = 1 << 18
"""So far back the log of generations is searched for the last ones."""

REPEATS_TOLD = 0.25
"""The share of a generation that comes to nothing but repeats, at which people are told."""
MOST_TOPICS_TOLD = 5

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
        settings = desk.settings()
        taught = await _learn(desk, settings)
        done.append(await _carry_out(desk, settings, unfinished, taught))
    if unfinished is None or order.asks:
        settings = desk.settings()
        need = await measure(desk, settings, order)
        if need.prompts:
            taught = await _learn(desk, settings)
            plan = _new_plan(desk, settings, taught, order, need)
            done.append(await _carry_out(desk, settings, plan, taught))
    return done


async def _learn(desk: Desk, settings: Settings) -> Lessons:
    producer = settings.evolution.producer
    learned = await learn(desk.spool, desk.store, terms_of(producer))
    return lessons(desk.space(), learned, producer)


async def _carry_out(desk: Desk, settings: Settings, plan: Plan, taught: Lessons) -> Plan:
    await write_plan(desk, settings, plan, taught)
    written = desk.store.plan(plan.number)
    assert written is not None
    await _finish(desk, settings, written, taught)
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


def _new_plan(desk: Desk, settings: Settings, taught: Lessons, order: Order, need: Need) -> Plan:
    for name, why in taught.learned.unreadable:
        log.warning("finished_file_skipped", file=name, reason=why)
    number = desk.store.next_number(_last_logged(desk))
    producer = settings.evolution.producer
    rng = dice(producer.steering.seed, number)
    evidence = taught.learned.evidence
    choices: tuple[Choice, ...]
    if order.by_hand:
        asked = order.narrow(taught.space, settings)
        recipes = explore(asked, evidence.strata, need.prompts, rng, order.named(settings))
        choices = tuple(Choice(recipe, "control", "manual") for recipe in recipes)
    else:
        known = evidence if producer.learning.enabled else Evidence(evidence.terms)
        options = Options(producer.generation.feedback_strength, producer.steering)
        choices = choose(taught.space, known, need.prompts, options, rng, taught.belief)
    plan = new_plan(number, choices, datetime.now(UTC), forced=need.forced)
    desk.store.save_plan(plan)
    log.info("generation_planned", generation=number, prompts=len(plan.items), state=need.state)
    return plan


def _last_logged(desk: Desk) -> int:
    """Return the last generation the logs tell of, so that a lost store never counts anew."""
    path = desk.logs.path
    records: Iterator[dict[str, Any] | Unreadable]
    if desk.store.has_plans():
        records = newest_first(path("evolution"), most_bytes=LOG_TAIL_BYTES)
    else:
        # A plan that was lost with the store may have no line yet, but its calls have.
        records = chain(read_all(path("evolution")), read_all(path("gpt_prompts")))
    numbers = (record.get("generation") for record in records if not isinstance(record, Unreadable))
    return max(filter(_is_generation, numbers), default=0)


def _is_generation(value: Any) -> TypeGuard[int]:
    return type(value) is int and 0 < value <= PLAUSIBLE


async def _finish(desk: Desk, settings: Settings, plan: Plan, taught: Lessons) -> None:
    learning = settings.evolution.producer.learning
    if not plan.logged:
        if not _is_logged(desk, plan):
            line = _line(desk, settings, plan, taught)
            desk.logs.write("evolution", line, trace_id=plan.plan_id, flush=True)
        desk.store.mark_logged(plan.number)
    if learning.archive_after_read and plan.in_state("submitted"):
        await _archive(desk, fresh=[item.job_id for item in plan.items])
    desk.store.close_plan(plan.number)
    _tell_of_repeats(plan)
    log.info(
        "generation_finished",
        generation=plan.number,
        submitted=len(plan.in_state("submitted")),
        failed_drafts=len(plan.in_state("failed")),
    )


def _tell_of_repeats(plan: Plan) -> None:
    """Warn when the generator model has hardly anything new to ask about its topics."""
    repeats = [item for item in plan.in_state("failed") if item.reason == NEAR_REPEAT]
    if len(repeats) >= REPEATS_TOLD * len(plan.items):
        topics = dict.fromkeys(str(item.recipe.topic) for item in repeats)
        log.warning(
            "prompts_repeat",
            generation=plan.number,
            failed_drafts=len(repeats),
            topics=[*topics][:MOST_TOPICS_TOLD],
            fix="list more topics in generator.yaml, raise its temperature, or raise "
            "steering.duplicate in evolution.yaml",
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
        for record in newest_first(desk.logs.path("evolution"), most_bytes=LOG_TAIL_BYTES)
    )


def _line(desk: Desk, settings: Settings, plan: Plan, taught: Lessons) -> Generation:
    evidence = taught.learned.evidence
    told = report(evidence, taught.learned.unreadable)
    turned = Turn(
        strength=settings.evolution.producer.generation.feedback_strength,
        styles=len(settings.generator.styles.available),
        cost=desk.store.cost_of(plan.number),
        claims=taught.claims,
        elites=taught.elites,
        cut=evidence.cut or None,
        drift_z=evidence.z,
    )
    return log_line(plan, told, lift(evidence.arms), turned)
