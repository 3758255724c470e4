"""``syntx tail``: the generations as they are logged."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import click

from syntx.commands.telling import home_of
from syntx.home import Home
from syntx.journal import Unreadable, read
from syntx.logs import Name
from syntx.settings.folder import load

LOGS = get_args(Name)
POLL_SECONDS = 0.25


def evolution_log(home: Home) -> Path:
    """Return where the generations are logged."""
    return home.path(load(home).evolution.logging.evolution_log, "logs/evolution.jsonl")


@click.command()
@click.argument("log", type=click.Choice(LOGS), default="evolution")
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
def tail(ctx: click.Context, log: str, lines: int, follow: bool) -> None:
    """Print the last lines of LOG as JSON lines; torn lines are skipped and reported.

    Example: syntx tail evolution --follow
    """
    home = home_of(ctx)
    path = evolution_log(home)
    if log != "evolution":
        base = home.path(load(home).system.logging.base_dir, "logs")
        path = base / f"{log}.jsonl"
    for record in list(read(path))[-lines:] if lines else []:
        _print(record, path)
    if follow:
        for raw in _follow(path):
            click.echo(raw.decode("utf-8", "replace"))


def _print(record: dict[str, Any] | Unreadable, path: Path) -> None:
    import json

    if isinstance(record, Unreadable):
        click.echo(f"{path}:{record.line}: torn line skipped", err=True)
    else:
        click.echo(json.dumps(record, ensure_ascii=False))


def _follow(path: Path) -> Iterator[bytes]:
    """Yield lines as they come, across rotation by rename; ends on Ctrl-C."""
    inode, position, rest = None, 0, b""
    while True:
        try:
            found = path.stat()
        except FileNotFoundError:
            time.sleep(POLL_SECONDS)
            continue
        if inode is None:
            position = found.st_size
        elif inode != found.st_ino:
            position, rest = 0, b""
        inode = found.st_ino
        with path.open("rb") as file:
            file.seek(position)
            rest += file.read()
            position = file.tell()
        *whole, rest = rest.split(b"\n")
        yield from (line for line in whole if line.strip())
        time.sleep(POLL_SECONDS)
