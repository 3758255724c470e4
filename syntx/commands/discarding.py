"""``syntx discard``: put aside what failed, and bring it back."""

from __future__ import annotations

from typing import Any

import click

from syntx.commands.operating import Wish, check_user, fulfil, nothing_matches, options
from syntx.commands.picking import discarded, ended, pick
from syntx.commands.telling import home_of
from syntx.ground import Ground


@click.command()
@click.argument("patterns", metavar="PATTERN…|all", nargs=-1, required=True)
@click.option("--undo", is_flag=True, help="Bring back to error/ what was discarded.")
@options
@click.pass_context
def discard(ctx: click.Context, /, patterns: tuple[str, ...], undo: bool, **chosen: Any) -> None:
    """Move jobs, refused files and second outcomes from error/ to archive/discarded/.

    PATTERN is the beginning of an ID, or a shell pattern in quotes. Nothing is deleted. Works
    while the services run.

    Example: syntx discard 20261120T193000.123456Z-7f3a
    """
    ground = Ground(home_of(ctx), "discard")
    check_user(ground.queue)
    found = discarded(ground.queue) if undo else ended(ground.queue)
    picked = pick(found, patterns)
    if not picked:
        nothing_matches(ground.queue, patterns, "archive/discarded/" if undo else "error/", found)
    if undo:
        wish = Wish("restore", "back in error/", patterns, lambda s, ids: s.restore(ids), **chosen)
    else:
        wish = Wish("discard", "discarded", patterns, lambda s, ids: s.discard(ids), **chosen)
    ctx.exit(fulfil(ground, wish, picked))
