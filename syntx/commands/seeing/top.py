"""``syntx top``: a home watched live in the terminal."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import click

from syntx.commands.telling import called, home_of, print_json, visible
from syntx.errors import SyntxError
from syntx.top.cleaning import cleaned
from syntx.top.page import Paper
from syntx.top.plain import text
from syntx.top.reading import Reader
from syntx.top.signs import ASCII, UNICODE, Signs, has_unicode
from syntx.top.watching import Watcher

_ROWS_OF_A_FILE = 60


@click.command()
@click.option("--every", type=click.FloatRange(0.2, 3600), default=1.0, show_default=True,
              metavar="SECONDS", help="Time between looks.")  # fmt: skip
@click.option("--once", is_flag=True, help="Look once and print one page of text.")
@click.option("--plain", is_flag=True, help="Print text without colours or control sequences.")
@click.option("--json", "as_json", is_flag=True, help="Look once and print as JSON.")
@click.option("--no-textual", is_flag=True, help="Leave textual alone even where it is installed.")
@click.option("--screenshot", type=click.Path(path_type=Path, dir_okay=False), hidden=True)
@click.pass_context
def top(
    ctx: click.Context,
    every: float,
    once: bool,
    plain: bool,
    as_json: bool,
    no_textual: bool,
    screenshot: Path | None,
) -> None:
    """Watch queue, workers, generations, failures and cost live; q leaves, ? shows the keys.

    Where the output is no terminal, it prints one page of text.

    Example: syntx top --every 2
    """
    reader = Reader(home_of(ctx), called(ctx))
    if as_json:
        print_json(asdict(reader.read()))
    elif once or not (plain or _is_terminal() or screenshot):
        click.echo(_printed(reader))
    elif plain:
        _print_again_and_again(reader, every)
    else:
        _watch(reader, every, no_textual, screenshot)


def _watch(reader: Reader, every: float, no_textual: bool, screenshot: Path | None) -> None:
    watcher = Watcher(reader, every)
    run = None if no_textual or not has_unicode(os.environ) else _textual()
    if run is not None:
        sys.exit(run(watcher, visible, screenshot))
    if screenshot:
        raise SyntxError("a screenshot needs textual", fix="pip install 'syntx[tui]'")
    from syntx.top import ansi

    ansi.run(watcher, _signs(), _clean)


def _textual() -> Callable[[Watcher, Callable[[str], str], Path | None], int] | None:
    """Return what runs the view with textual, or None where that is not installed."""
    try:
        from syntx.top.app import run
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "textual":
            raise
        return None
    return run


def _print_again_and_again(reader: Reader, every: float) -> None:
    while True:
        click.echo(f"{_printed(reader)}\n")
        time.sleep(every)


def _printed(reader: Reader) -> str:
    width, height = shutil.get_terminal_size((100, _ROWS_OF_A_FILE))
    return text(cleaned(reader.read(), _clean), Paper(width, height - 1, _signs()))


def _is_terminal() -> bool:
    on_one = sys.stdin.isatty() and sys.stdout.isatty()
    return on_one and os.environ.get("TERM", "dumb") != "dumb"


def _signs() -> Signs:
    return UNICODE if has_unicode(os.environ) else ASCII


def _clean(found: str) -> str:
    """Return text that the terminal only shows, in the characters that it has."""
    shown = visible(found)
    return shown if has_unicode(os.environ) else shown.encode("ascii", "replace").decode()
