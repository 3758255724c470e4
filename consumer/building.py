"""Putting a consumer together from a home."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from consumer.prompts.records import LoggedFlow
from consumer.worker import Bench
from syntx.ground import Ground


@asynccontextmanager
async def open_bench(ground: Ground) -> AsyncIterator[Bench]:
    """Open spool, models, wrappers and logs of a home; closes them again."""
    async with ground.open_spool() as spool, ground.open_gateway() as gateway:
        yield Bench(
            name=spool.worker,
            spool=spool,
            gateway=gateway,
            wrappers=ground.wrappers,
            flow=LoggedFlow(ground.logs),
            settings=ground.settings,
        )
