"""``syntx tail``: the last lines of a log, and those to come."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import click

from syntx.commands.keeping.log_places import log_paths
from syntx.commands.telling import home_of
from syntx.escaping import visible_json
from syntx.journal.appending import Unreadable, record_of
from syntx.journal.files import Position, last_lines, lines_since, newest_lines
from syntx.journal.names import NAMES, Name

POLL_SECONDS = 0.25


@click.command()
@click.argument("log", type=click.Choice(NAMES), default="evolution")
@click.option(
    "--lines",
    "-n",
    default=10,
    type=click.IntRange(0),
    show_default=True,
    help="How many of the last lines.",
)
@click.option("--follow", "-f", is_flag=True, help="Keep waiting for new lines.")
@click.pass_context
def tail(ctx: click.Context, log: Name, lines: int, follow: bool) -> None:
    """Print the last lines of LOG as JSON lines, however many days they go back.

    Torn lines, as a kill leaves them, are skipped and reported.

    Example: syntx tail evolution --follow
    """
    path = log_paths(home_of(ctx))[log]
    if not follow:
        _print(list(islice(newest_lines(path), lines))[::-1], path)
        return
    found, position = last_lines(path, lines)
    _print(found, path)
    for line in _coming(path, position):
        _print([line], path)


def _coming(path: Path, position: Position) -> Iterator[bytes]:
    """Yield lines as they come, each once across rotation and packing; ends on Ctrl-C."""
    while True:
        before = position
        lines, position = lines_since(path, position)
        yield from lines
        if position == before:
            time.sleep(POLL_SECONDS)


def _print(lines: Iterable[bytes], path: Path) -> None:
    for line in lines:
        if isinstance(record_of(line, 0), Unreadable):
            click.echo(f"{path.name}: torn line skipped", err=True)
        else:
            click.echo(visible_json(line.decode("utf-8", "replace")))
