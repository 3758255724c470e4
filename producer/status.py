"""``syntx status``: how full the queue is, and what the producer would do."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from producer.demand import demand, queue_state
from syntx.commands.reasons import MOST_LOOKED_AT, reasons, told
from syntx.commands.telling import home_of, print_json
from syntx.home import Home
from syntx.settings.folder import queue_root
from syntx.settings.loading import read_section
from syntx.settings.models import Queue, Settings, System
from syntx.spool.counting import Counts, count
from syntx.spool.space import Watermarks, disk_state
from syntx.spool.workers import WorkerState, workers


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """Show how many jobs stand where and why, what is stuck, and what the producer would do.

    Example: syntx status --json
    """
    found = look(home_of(ctx))
    if as_json:
        print_json(found)
    else:
        click.echo(describe(found))


def describe(found: dict[str, Any]) -> str:
    """Return what was found as text for people."""
    lines = [f"{found['home']}: {found['state']}, the producer would write {found['decision']}"]
    for name, number in found["counts"].items():
        looked_at = found["failed_for"].get(name)
        of = f"of {MOST_LOOKED_AT}: " if number > MOST_LOOKED_AT else ""
        why = f"  ({of}{told(looked_at)})" if looked_at else ""
        lines.append(f"  {name:<11}{number:>8}{why}")
    oldest = found["oldest_waiting_s"]
    alive = sum(worker["alive"] for worker in found["workers"])
    lines += [
        f"  oldest waiting: {'-' if oldest is None else f'{oldest:.0f} s'}",
        f"  workers alive: {alive}",
        f"  health: {found['health']}",
    ]
    return "\n".join([*lines, *(f"    {why}" for why in found["reasons"])])


def look(home: Home) -> dict[str, Any]:
    """Return the status of a home, from the folders and a look into a few jobs that failed."""
    queue = read_section(home.config / "queue.yaml", Queue)
    system = read_section(home.config / "system.yaml", System)
    root = queue_root(home, Settings(queue=queue, system=system))
    counts = count(root)
    disk = disk_state(root) if root.exists() else None
    state = queue_state(counts.waiting, queue.thresholds)
    found = workers(root)
    marks = Watermarks(queue.min_free_bytes, queue.min_free_inodes)
    shortage = None if disk is None else disk.shortage(marks)
    warnings = _stuck(counts, found, queue) + _low(root, shortage)
    return {
        "home": str(home.root),
        "state": state.value,
        "decision": 0 if shortage else demand(state, queue.production),
        "health": "WARNING" if warnings else "OK",
        "reasons": warnings,
        "counts": {
            "incoming": counts.incoming,
            "retry": counts.retry,
            "processing": counts.processing,
            "processed": counts.processed,
            "error": counts.error - counts.refused,
            "refused": counts.refused,
            "archive": counts.archive,
        },
        "failed_for": reasons(root),
        "waiting": counts.waiting,
        "oldest_waiting_s": counts.oldest_waiting_s,
        "disk": None if disk is None else asdict(disk),
        "workers": [asdict(worker) for worker in found],
    }


def _stuck(counts: Counts, found: list[WorkerState], queue: Queue) -> list[str]:
    """Say what does not go on, and what mends it."""
    warnings = [
        f"worker {worker.name} died holding jobs; a running consumer gives them back"
        for worker in found
        if worker.held and not worker.alive
    ]
    if (counts.waiting or warnings) and not any(worker.alive for worker in found):
        jobs = counts.waiting + counts.processing
        warnings.append(f"{jobs} jobs wait and no consumer is running; start one: syntx consumer")
    if counts.waiting > queue.thresholds.high:
        warnings.append(
            f"{counts.waiting} jobs wait, above the high bound of {queue.thresholds.high}"
        )
    return warnings


def _low(root: Path, shortage: str | None) -> list[str]:
    if shortage is None:
        return []
    return [f"nothing new begins: the disk of {root} has {shortage}; free space there"]
