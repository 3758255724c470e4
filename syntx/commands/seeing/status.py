"""``syntx status``: how full the queue is, who works, and what is not well."""

from __future__ import annotations

from dataclasses import asdict

import click

from syntx.commands.telling import called, home_of, print_json, visible
from syntx.observing.reasons import MOST_LOOKED_AT, told
from syntx.observing.snapshot import Snapshot, for_caller, look
from syntx.observing.spans import span


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """Show how many jobs stand where and why, what is stuck, and what mends it.

    Example: syntx status --json
    """
    found = for_caller(look(home_of(ctx)), called(ctx))
    if as_json:
        print_json(asdict(found))
    else:
        click.echo(describe(found))


def describe(found: Snapshot) -> str:
    """Return what was found as text for people."""
    lines = [f"{found.home}: {found.state}, {_decision(found)}"]
    for name, number in asdict(found.counts).items():
        looked_at = found.failed_for.get(name)
        of = f"of {MOST_LOOKED_AT}: " if number > MOST_LOOKED_AT else ""
        why = f"  ({of}{told(looked_at)})" if looked_at else ""
        lines.append(f"  {name:<11}{number:>8}{why}")
    oldest = found.oldest_waiting_s
    lines += [
        f"  oldest waiting: {'-' if oldest is None else span(oldest)}",
        f"  at work: {_at_work(found)}",
        f"  health: {found.health}",
    ]
    for finding in found.findings:
        lines += [f"    {finding.level}: {finding.text}", f"      fix: {finding.fix}"]
    return visible("\n".join(lines))


def _decision(found: Snapshot) -> str:
    if any(worker.role == "producer" for worker in found.workers):
        return f"the producer writes {found.decision} next"
    return f"a producer would write {found.decision}, none is running"


def _at_work(found: Snapshot) -> str:
    roles = [worker.role or "other" for worker in found.workers if worker.alive]
    counted = [f"{roles.count(role)} {role}" for role in dict.fromkeys(sorted(roles))]
    return ", ".join(counted) or "nobody"
