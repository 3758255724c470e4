"""How commands talk: data on stdout, talk on stderr, one home per call."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

import click

from syntx.escaping import visible, visible_json
from syntx.home import Home, called_for, find

__all__ = ["called", "home_of", "json_text", "print_json", "table", "visible"]


def home_of(ctx: click.Context) -> Home:
    """Return the home this call works in; raises HomeNotFound."""
    named = ctx.find_root().obj
    return find(named)


def called(ctx: click.Context) -> str:
    """Return how the program is to be called for the same home."""
    return called_for(ctx.find_root().obj)


def print_json(data: Any) -> None:
    """Print data as one JSON document; nothing in it is obeyed by a terminal."""
    click.echo(json_text(data, plain=not _speaks_utf8()))


def json_text(data: Any, *, plain: bool = False) -> str:
    """Return data as JSON text, what a terminal would obey as `\\u` escapes; `plain`: all ASCII."""
    text = json.dumps(data, ensure_ascii=plain, indent=2, default=str)
    return visible_json(text)


def _speaks_utf8() -> bool:
    encoding = getattr(sys.stdout, "encoding", None) or ""
    return encoding.lower().replace("-", "") == "utf8"


def table(rows: Sequence[tuple[str, ...]], head: tuple[str, ...]) -> str:
    """Lay rows out in columns, as plain text."""
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
