"""A consumer of document jobs in a process of its own, to be killed at any moment."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from document_jobs import ended

import consumer.documents.path
from consumer.building import open_bench
from consumer.documents.workflow.registry import find_actions
from consumer.service import Service
from syntx.ground import Ground
from syntx.home import Home
from syntx.service import Stop

__all__ = ["consume"]

LOOK_SECONDS = 0.05

assert consumer.documents.path
find_actions()


def consume(root: Path, simulator: str, jobs: int) -> None:
    """Serve a home until so many document jobs have ended there."""
    os.environ["SYNTX_SIMULATOR_URL"] = simulator
    asyncio.run(_serve(Home(root), jobs))


async def _serve(home: Home, jobs: int) -> None:
    ground, stop = Ground(home, "consumer"), Stop()
    async with open_bench(ground) as bench:
        serving = asyncio.create_task(Service(bench, stop).run())
        while len(ended(home)) < jobs and not serving.done():
            await asyncio.sleep(LOOK_SECONDS)
        stop.ask()
        await serving
