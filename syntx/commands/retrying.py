"""``syntx retry``: let jobs that failed wait again."""

from __future__ import annotations

from typing import Any

import click

from syntx.commands.operating import Wish, check_user, fulfil, nothing_matches, options
from syntx.commands.picking import ended, pick
from syntx.commands.telling import home_of
from syntx.errors import SyntxError
from syntx.ground import Ground


@click.command()
@click.argument("patterns", metavar="PATTERN…|all", nargs=-1, required=True)
@options
@click.pass_context
def retry(ctx: click.Context, /, patterns: tuple[str, ...], **chosen: Any) -> None:
    """Let jobs in error/ wait again, with their full number of tries; prints their IDs.

    PATTERN is the beginning of an ID, or a shell pattern in quotes. What was before stays in
    the job's metadata. Works while the services run.

    Example: syntx retry '20261120T19*' --why "the endpoint was down"
    """
    ground = Ground(home_of(ctx), "retry")
    check_user(ground.queue)
    found = ended(ground.queue)
    picked = pick(found, patterns)
    if not picked:
        nothing_matches(ground.queue, patterns, "error/", found)
    jobs = [one for one in picked if one.is_job]
    if not jobs:
        raise SyntxError(
            f"{picked[0].path} is no job but a refused file or a second outcome",
            fix="correct the file and drop it into incoming/ again, "
            f"then: syntx discard {picked[0].name}",
        )
    if len(jobs) < len(picked):
        passed = len(picked) - len(jobs)
        click.echo(f"{passed} refused files or second outcomes are passed over", err=True)
    wish = Wish("retry", "waiting again", patterns, lambda spool, ids: spool.reopen(ids), **chosen)
    ctx.exit(fulfil(ground, wish, jobs))
