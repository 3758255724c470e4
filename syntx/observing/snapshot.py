"""One look at a home: what stands where, who works, what is not well."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from syntx.demand import QueueState, demand, queue_state
from syntx.home import Home, addressed
from syntx.observing.basics import Basics, read_basics
from syntx.observing.calls import Calls, recent_calls
from syntx.observing.health import Finding, Level, Seen, judge, worst
from syntx.observing.reasons import reasons
from syntx.spool.counting import Counts, count
from syntx.spool.space import DiskState, disk_state
from syntx.spool.workers import WorkerState, workers


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many jobs stand where; what was refused is counted apart from `error`."""

    incoming: int
    retry: int
    processing: int
    processed: int
    error: int
    refused: int
    archive: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A home at one moment. `decision` is how many prompts the producer would write now."""

    home: str
    state: QueueState
    decision: int
    health: Level
    findings: tuple[Finding, ...]
    counts: Numbers
    failed_for: dict[str, dict[str, int]]
    waiting: int
    oldest_waiting_s: float | None
    stuck: int
    disk: DiskState | None
    workers: tuple[WorkerState, ...]
    calls: Calls


def look(home: Home, basics: Basics | None = None) -> Snapshot:
    """Look at a home once, by `basics` where given; raises ConfigError for wrong settings."""
    basics = basics or read_basics(home)
    root = Path(basics.queue)
    seen = Seen(
        counts=count(root),
        workers=workers(root),
        disk=disk_state(root) if root.exists() else None,
        calls=recent_calls(Path(basics.logs)),
    )
    return _snapshot(home, basics, seen, reasons(root))


def _snapshot(
    home: Home, basics: Basics, seen: Seen, failed_for: dict[str, dict[str, int]]
) -> Snapshot:
    findings = judge(seen, basics)
    counts = seen.counts
    state = queue_state(counts.waiting, basics.thresholds)
    is_short = any(finding.cause == "disk_full" for finding in findings)
    return Snapshot(
        home=str(home.root),
        state=state,
        decision=0 if is_short else demand(state, basics.production),
        health=worst(findings),
        findings=findings,
        counts=_numbers(counts),
        failed_for=failed_for,
        waiting=counts.waiting,
        oldest_waiting_s=counts.oldest_waiting_s,
        stuck=_stuck(seen, basics),
        disk=seen.disk,
        workers=tuple(seen.workers),
        calls=seen.calls,
    )


def _numbers(counts: Counts) -> Numbers:
    return Numbers(
        incoming=counts.incoming,
        retry=counts.retry,
        processing=counts.processing,
        processed=counts.processed,
        error=counts.error - counts.refused,
        refused=counts.refused,
        archive=counts.archive,
    )


def _stuck(seen: Seen, basics: Basics) -> int:
    """Count jobs that do not go on: held by the dead, or for too long by the living."""
    dead = sum(worker.held for worker in seen.workers if not worker.alive)
    limit = basics.limits.stuck_seconds
    return dead + sum(
        job.seconds > limit for worker in seen.workers if worker.alive for job in worker.jobs
    )


def for_caller(found: Snapshot, call: str) -> Snapshot:
    """Return a snapshot whose remedies call the program as `call` instead of `syntx`."""
    told = (replace(one, fix=addressed(one.fix, call)) for one in found.findings)
    return replace(found, findings=tuple(told))
