"""How commands talk: data on stdout, talk on stderr, one home per call."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import click

from syntx.home import Home, find


def home_of(ctx: click.Context) -> Home:
    """Return the home this call works in; raises HomeNotFound."""
    named = ctx.find_root().obj
    return find(named)


def print_json(data: Any) -> None:
    """Print data as one JSON document."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def visible(text: str) -> str:
    """Return text with control characters escaped, so that a terminal only shows it."""
    return "".join(
        char if char.isprintable() or char in "\n\t" else f"\\x{ord(char):02x}" for char in text
    )


def table(rows: Sequence[tuple[str, ...]], head: tuple[str, ...]) -> str:
    """Lay rows out in columns, as plain text."""
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
