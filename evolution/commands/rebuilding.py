"""``syntx evolution``: look after what was learned."""

from __future__ import annotations

import asyncio

import click

from evolution.analyzer import absorb
from evolution.commands.knowing import STORE
from evolution.evidence import EvidenceStore
from evolution.ownership import only_one
from syntx.commands.telling import home_of
from syntx.ground import Ground


@click.group()
def evolution() -> None:
    """Look after what was learned.

    Example: syntx evolution rebuild
    """


@evolution.command()
@click.pass_context
def rebuild(ctx: click.Context) -> None:
    """Read all evidence anew from the jobs; plans and spending stay as they are.

    What is known of jobs that were deleted since is kept.

    Example: syntx evolution rebuild
    """
    ground = Ground(home_of(ctx), "evolution")
    count = asyncio.run(_rebuild(ground))
    click.echo(f"{count} verdicts read")


async def _rebuild(ground: Ground) -> int:
    path = ground.queue / STORE
    async with ground.open_spool() as spool:
        with only_one(path.parent), EvidenceStore(path) as store:
            store.forget()
            await absorb(spool, store)
            return store.count()
