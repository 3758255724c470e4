"""Whether a home is well: what does not go on, how bad that is, and what mends it (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from syntx.spool.space import Watermarks

if TYPE_CHECKING:
    from syntx.observing.basics import Basics
    from syntx.observing.calls import Calls
    from syntx.spool.counting import Counts
    from syntx.spool.space import DiskState
    from syntx.spool.workers import WorkerState

_SURELY = 0.9
"""From this share of failed calls on it is critical, whatever counts as a warning."""


class Level(StrEnum):
    """How a home is; CRITICAL means that work stands still until somebody does something."""

    OK = "OK"
    WARNING = "WARNING"
    CRITICAL = "CRITICAL"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not well. `cause` is a short name that stays the same over time."""

    level: Level
    cause: str
    text: str
    fix: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at a home found, before it is judged."""

    counts: Counts
    workers: Sequence[WorkerState]
    disk: DiskState | None
    calls: Calls


def judge(seen: Seen, basics: Basics) -> tuple[Finding, ...]:
    """Return what is not well, the worst first."""
    found = [
        *_space(seen, basics),
        *_keys(seen, basics),
        *_nobody_works(seen, basics),
        *_dead_workers(seen),
        *_held_long(seen, basics),
        *_failing_calls(seen, basics),
        *_overflow(seen, basics),
    ]
    order = (Level.CRITICAL, Level.WARNING)
    return tuple(sorted(found, key=lambda finding: order.index(finding.level)))


def worst(findings: Iterable[Finding]) -> Level:
    """Return the level of the worst finding, OK without any."""
    levels = {finding.level for finding in findings}
    return next((level for level in (Level.CRITICAL, Level.WARNING) if level in levels), Level.OK)


def _space(seen: Seen, basics: Basics) -> Iterator[Finding]:
    limits = basics.limits
    marks = Watermarks(limits.min_free_bytes, limits.min_free_inodes)
    shortage = None if seen.disk is None else seen.disk.shortage(marks)
    if shortage is not None:
        text = f"nothing new begins: the disk of {basics.queue} has {shortage}"
        yield Finding(Level.CRITICAL, "disk_full", text, "syntx doctor")


def _keys(seen: Seen, basics: Basics) -> Iterator[Finding]:
    calls = seen.calls
    if calls.key_refusals >= basics.limits.key_refusals:
        text = f"{calls.key_refusals} calls in a row were not authorised: {calls.key_error}"
        yield Finding(Level.CRITICAL, "key_refused", text, "syntx doctor")


def _nobody_works(seen: Seen, basics: Basics) -> Iterator[Finding]:
    if any(worker.alive and worker.role in ("consumer", None) for worker in seen.workers):
        return
    jobs = seen.counts.waiting + seen.counts.processing
    if not jobs:
        return
    age = seen.counts.oldest_waiting_s or 0.0
    level = Level.CRITICAL if age > basics.limits.stuck_seconds else Level.WARNING
    text = f"{_jobs(jobs)} waiting and no consumer is running"
    yield Finding(level, "no_consumer", text, "syntx consumer")


def _jobs(number: int) -> str:
    return f"{number} job{'' if number == 1 else 's'}"


def _dead_workers(seen: Seen) -> Iterator[Finding]:
    for worker in seen.workers:
        if worker.held and not worker.alive:
            text = (
                f"worker {worker.name} died holding {_jobs(worker.held)}; any consumer rescues them"
            )
            yield Finding(Level.WARNING, "dead_worker", text, "syntx consumer")


def _held_long(seen: Seen, basics: Basics) -> Iterator[Finding]:
    limit = basics.limits.stuck_seconds
    stuck = [
        job for worker in seen.workers if worker.alive for job in worker.jobs if job.seconds > limit
    ]
    if stuck:
        text = f"{_jobs(len(stuck))} held for more than {limit:.0f} s, longest {stuck[0].id}"
        yield Finding(Level.WARNING, "stuck_jobs", text, "syntx doctor")


def _failing_calls(seen: Seen, basics: Basics) -> Iterator[Finding]:
    calls, limits = seen.calls, basics.limits
    if calls.ended < limits.error_calls or calls.failed_share < limits.error_share:
        return
    level = Level.CRITICAL if calls.failed_share >= _SURELY else Level.WARNING
    reasons = ", ".join(f"{number} {reason}" for reason, number in calls.reasons[:3])
    text = f"{calls.failed} of the newest {calls.ended} calls failed ({reasons})"
    yield Finding(level, "failing_calls", text, "syntx failures")


def _overflow(seen: Seen, basics: Basics) -> Iterator[Finding]:
    high = basics.thresholds.high
    if seen.counts.waiting > high:
        text = (
            f"{seen.counts.waiting} jobs wait, above the high bound of {high}; no more are written"
        )
        yield Finding(Level.WARNING, "overflow", text, "syntx consumer")
