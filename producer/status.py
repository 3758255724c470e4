"""``syntx status``: how full the queue is, and what the producer would do."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from producer.demand import demand, queue_state
from syntx.commands.telling import home_of, print_json
from syntx.home import Home
from syntx.settings.folder import queue_root
from syntx.settings.loading import read_section
from syntx.settings.models import Queue, Settings, System
from syntx.spool.counting import count
from syntx.spool.space import Watermarks, disk_state
from syntx.spool.workers import workers


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """Show how many jobs stand where, and what the producer makes of it.

    Example: syntx status --json
    """
    found = look(home_of(ctx))
    if as_json:
        print_json(found)
        return
    counts = found["counts"]
    click.echo(f"{found['home']}: {found['state']}, the producer would write {found['decision']}")
    for name, number in counts.items():
        click.echo(f"  {name:<11}{number:>8}")
    oldest = found["oldest_waiting_s"]
    click.echo(f"  oldest waiting: {'-' if oldest is None else f'{oldest:.0f} s'}")
    click.echo(f"  health: {found['health']}" + "".join(f"\n    {why}" for why in found["reasons"]))


def look(home: Home) -> dict[str, Any]:
    """Return the status of a home, from the folders alone."""
    queue = read_section(home.config / "queue.yaml", Queue)
    system = read_section(home.config / "system.yaml", System)
    root = queue_root(home, Settings(queue=queue, system=system))
    counts = count(root)
    disk = disk_state(root) if root.exists() else None
    state = queue_state(counts.waiting, queue.thresholds)
    found = workers(root)
    stuck = [worker.name for worker in found if worker.held and not worker.alive]
    reasons = [
        f"worker {name} died holding jobs; a running consumer gives them back" for name in stuck
    ]
    if state.value == "OVERFLOW":
        reasons.append(
            f"{counts.waiting} jobs wait, above the high bound of {queue.thresholds.high}"
        )
    marks = Watermarks(queue.min_free_bytes, queue.min_free_inodes)
    if disk is not None and (shortage := disk.shortage(marks)):
        reasons.append(f"nothing new begins: the disk has {shortage}")
    return {
        "home": str(home.root),
        "state": state.value,
        "decision": demand(state, queue.production),
        "health": "WARNING" if reasons else "OK",
        "reasons": reasons,
        "counts": {
            "incoming": counts.incoming,
            "retry": counts.retry,
            "processing": counts.processing,
            "processed": counts.processed,
            "error": counts.error - counts.refused,
            "refused": counts.refused,
            "archive": counts.archive,
        },
        "waiting": counts.waiting,
        "oldest_waiting_s": counts.oldest_waiting_s,
        "disk": None if disk is None else asdict(disk),
        "workers": [asdict(worker) for worker in found],
    }
