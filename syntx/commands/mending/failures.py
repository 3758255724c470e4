"""``syntx failures``: what fails, why, and the command that mends it."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from syntx.commands.mending.failures_view import describe, describe_spread
from syntx.commands.mending.naming import no_such_group
from syntx.commands.shell.completing import failure_groups
from syntx.commands.telling import called, home_of, print_json, visible
from syntx.commands.times import MOMENT
from syntx.observing import failures as observing
from syntx.observing.basics import read_basics
from syntx.observing.failures_spread import spread


@click.command()
@click.argument("group", required=False, shell_complete=failure_groups)
@click.option("--since", type=MOMENT, help="Only what failed then or later: 2h, 3d, 2026-11-20.")
@click.option(
    "--most",
    type=click.IntRange(min=1),
    default=observing.MOST,
    show_default=True,
    help="Look at so many, the newest.",
)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def failures(
    ctx: click.Context, group: str | None, since: datetime | None, most: int, as_json: bool
) -> None:
    """Group what failed by its cause, the most frequent first, with the command that mends it.

    Jobs, refused files and second outcomes in error/, and jobs that wait for another try. TREND
    is the last day, two hours each. With GROUP one of them is shown whole.

    Example: syntx failures --since 2h
    """
    root = Path(read_basics(home_of(ctx)).queue)
    if group is not None:
        text = _one(root, group, since, most, as_json)
    else:
        found = observing.failures(root, most=most, since=since)
        if as_json:
            print_json(asdict(found))
            return
        text = describe(found, is_plain=_is_plain(), called=called(ctx))
    if text:
        click.echo(visible(text))


def _one(root: Path, key: str, since: datetime | None, most: int, as_json: bool) -> str:
    found = spread(root, key, most=most, since=since)
    if isinstance(found, observing.Failures):
        groups = {one.key: one.count for one in found.groups}
        raise no_such_group(key, groups, unread=found.left)
    if as_json:
        print_json(asdict(found))
        return ""
    return describe_spread(found, is_plain=_is_plain(), called=called(click.get_current_context()))


def _is_plain() -> bool:
    """Whether stdout may only get ASCII: it is no terminal, or one of another encoding."""
    return not sys.stdout.isatty() or not (sys.stdout.encoding or "").lower().startswith("utf")
