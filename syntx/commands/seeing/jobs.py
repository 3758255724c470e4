"""``syntx jobs``: the jobs there are, the newest first."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from syntx.commands.newest import ALWAYS, STANDING, STATES, Span, newest_first
from syntx.commands.seeing.listing import Line, Listing, Wanted, listing
from syntx.commands.shell.completing import wrapper_names
from syntx.commands.telling import home_of, print_json, table, visible
from syntx.commands.times import MOMENT
from syntx.ids import brief
from syntx.observing.basics import read_basics
from syntx.spool.layout import stamp

__all__ = ["Listing", "jobs"]

MOST_LOOKED_AT = 20_000
"""So many jobs are opened at most to find those that are wanted."""

_HEAD = ("STATE", "AGE", "SCORE", "REASON", "TOPIC", "STYLE", "WRAPPER", "JOB")
_WIDEST = 24
"""A cell shows so many characters; --json has all."""
_AGES = ((86_400 * 2, 86_400, "d"), (3_600 * 2, 3_600, "h"), (60 * 2, 60, "m"), (0, 1, "s"))


@click.command()
@click.option("--state", "states", multiple=True, type=click.Choice(STATES), help="Repeatable.")
@click.option("--reason", multiple=True, metavar="WORD", help="Why it failed; low_score is one.")
@click.option("--topic", multiple=True, metavar="WORD", help="A name, or a pattern in quotes.")
@click.option("--style", multiple=True, metavar="WORD")
@click.option("--wrapper", multiple=True, metavar="WORD", shell_complete=wrapper_names)
@click.option("--kind", multiple=True, type=click.Choice(["prompt", "document"]))
@click.option("--since", type=MOMENT, help="Made then or later: 2h, 3d, 2026-11-20T19:30 (UTC).")
@click.option("--until", type=MOMENT, help="Made then or earlier.")
@click.option(
    "-n",
    "--last",
    type=click.IntRange(1),
    default=30,
    show_default=True,
    help="So many, the newest.",
)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def jobs(
    ctx: click.Context,
    /,
    states: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    last: int,
    as_json: bool,
    **words: Any,
) -> None:
    """List jobs, the newest first: where each is, how it ended, and what it is about.

    Options of one name are alternatives, different ones must all be met. WORD may be a pattern
    in quotes ('Quanten*'); case does not count. What was discarded is listed when asked for.

    Example: syntx jobs --state error --reason timeout --since 2h
    """
    root = Path(read_basics(home_of(ctx)).queue)
    wanted = [state for state in STATES if state in (states or STANDING)]
    span = Span(stamp(since) if since else ALWAYS.since, stamp(until) if until else ALWAYS.until)
    found = listing(
        newest_first(root, wanted, span),
        Wanted(words),
        last=last,
        most=MOST_LOOKED_AT,
        now=datetime.now(UTC),
    )
    if as_json:
        print_json(asdict(found))
    elif found.jobs:
        click.echo(table([_cells(line) for line in found.jobs], _HEAD))
    _tell_rest(found, last)


def _cells(line: Line) -> tuple[str, ...]:
    told = (line.reason, line.topic, line.style, line.wrapper)
    score = "-" if line.score is None else str(line.score)
    return line.state, age(line.age_s), score, *map(_short, told), brief(line.id)


def _short(text: str | None) -> str:
    shown = visible(text or "-").translate({ord("\n"): " ", ord("\t"): " "})
    return shown if len(shown) <= _WIDEST else f"{shown[: _WIDEST - 1]}…"


def age(seconds: float) -> str:
    """Say how long ago something was, in one unit."""
    _, length, unit = next(step for step in _AGES if seconds >= step[0])
    return f"{seconds // length:.0f} {unit}"


def _tell_rest(found: Listing, last: int) -> None:
    if not found.jobs:
        click.echo("no such job", err=True)
    if found.more and found.matched >= last:
        click.echo(f"the newest {last}; there may be more: --last, --until", err=True)
    elif found.more:
        told = f"stopped after {found.looked_at} jobs; older ones were not looked at"
        click.echo(f"{told}: narrow it with --state or --until", err=True)
