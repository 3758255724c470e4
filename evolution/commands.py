"""``syntx generations``, ``syntx analyze``, ``syntx evolution``: what was learned."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from evolution.analyzer import Learned, absorb
from evolution.evidence import EvidenceStore
from evolution.lift import curve, lift
from evolution.ownership import only_one
from evolution.reporting import FACTORS, Report, report
from evolution.tallies import Terms
from syntx.commands.telling import home_of, print_json, table
from syntx.ground import Ground


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def generations(ctx: click.Context, as_json: bool) -> None:
    """Show the mean score of every generation, by arm, and the lift of steering.

    Example: syntx generations --json
    """
    ground = Ground(home_of(ctx), "generations")
    arms = asyncio.run(_read_anew(ground, archived=True)).evidence.arms
    points, found = curve(arms), lift(arms)
    if as_json:
        print_json({"generations": [asdict(point) for point in points], "lift": asdict(found)})
        return
    lines = [
        (str(p.generation), str(p.n), f"{p.mean:.1f}", _number(p.control), _number(p.steered))
        for p in points
    ]
    click.echo(table(lines, ("GENERATION", "SCORED", "MEAN", "CONTROL", "STEERED")))
    if found.difference is None:
        n = found.n_steered + found.n_control
        click.echo(f"lift: not decided yet (n = {n})")
    else:
        click.echo(f"lift: {found.difference:+.1f} [{found.low:+.1f}, {found.high:+.1f}]")


@click.command()
@click.option("--archived", is_flag=True, help="Read the archive too.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def analyze(ctx: click.Context, archived: bool, as_json: bool) -> None:
    """Read the finished jobs and tell what scored well; files that are no job are reported.

    Example: syntx analyze --archived
    """
    ground = Ground(home_of(ctx), "analyze")
    learned = asyncio.run(_read_anew(ground, archived=archived))
    told = report(learned.evidence, learned.unreadable)
    if as_json:
        print_json(asdict(told))
    else:
        click.echo(describe(told, learned.evidence.terms.min_score))
    for name, why in learned.unreadable:
        click.echo(f"skipped {name}: {why}", err=True)


@click.group()
def evolution() -> None:
    """Look after what was learned."""


@evolution.command()
@click.pass_context
def rebuild(ctx: click.Context) -> None:
    """Read all evidence anew from the jobs; plans and spending stay as they are.

    Example: syntx evolution rebuild
    """
    ground = Ground(home_of(ctx), "evolution")
    count = asyncio.run(_rebuild(ground))
    click.echo(f"{count} verdicts read")


async def _read_anew(ground: Ground, *, archived: bool) -> Learned:
    """Read the finished jobs into a store of their own, which goes when it is added up."""
    learning = ground.settings().evolution.producer.learning
    terms = Terms(min_score=learning.min_score, max_samples=learning.max_samples)
    with tempfile.TemporaryDirectory(prefix="syntx-") as folder:
        async with ground.open_spool() as spool:
            with EvidenceStore(Path(folder) / "evidence.sqlite") as store:
                unreadable = await absorb(spool, store, archived=archived)
                return Learned(store.evidence(terms), unreadable)


async def _rebuild(ground: Ground) -> int:
    state = ground.queue / ".state"
    async with ground.open_spool() as spool:
        with only_one(state), EvidenceStore(state / "evolution.sqlite") as store:
            store.forget()
            await absorb(spool, store)
            return store.count()


def describe(told: Report, min_score: int) -> str:
    """Return a report as text for people."""
    top = told.top
    lines = [
        f"{told.learned.sample_count} scored jobs, mean {_number(told.learned.avg_score)}; "
        f"best {top.sample_count} of at least {min_score}: mean {_number(top.avg_score)}",
    ]
    for factor in FACTORS:
        lines.append("")
        rows = [_level(level) for level in told.levels[factor]]
        lines.append(table(rows, (factor.upper(), "N", "MEAN", "90 % INTERVAL", "SUCCESS")))
    if told.fields:
        lines += ["", "fields found"]
        lines += [f"  {key}: {share:.0%}" for key, share in told.fields.items()]
    return "\n".join(lines)


def _level(level: Any) -> tuple[str, ...]:
    interval = f"[{level.low:.1f}, {level.high:.1f}]"
    return level.name, str(level.n), f"{level.mean:.1f}", interval, f"{level.success:.0%}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"
