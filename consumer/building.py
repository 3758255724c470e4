"""Putting a consumer together from a home."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from consumer.prompts.records import LoggedFlow
from consumer.worker import Bench, DocumentWork
from syntx.ground import Ground
from syntx.job import Job, Verdict
from syntx.llm.contract import Gateway
from syntx.settings.models import Settings


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
            documents=document_work(ground, gateway),
        )


def document_work(ground: Ground, gateway: Gateway) -> DocumentWork:
    """Return how document jobs are worked in a home; its libraries are imported by the first."""

    async def work(job: Job, folder: Path, settings: Settings) -> Verdict:
        # They take a second or two, in which a running service would stand still.
        await asyncio.to_thread(_import_all)
        from consumer.documents import path
        from consumer.documents.workflow.progress import LoggedProgress

        means = path.Means(
            gateway=gateway,
            catalogue=ground.catalogue.current,
            progress=LoggedProgress(ground.logs),
            settings=settings.system.documents,
            home=ground.home.root,
            secrets=lambda: _keys_of(ground),
        )
        return await path.run(job, folder, means)

    return work


def _import_all() -> None:
    from consumer.documents import path
    from consumer.documents.workflow.registry import find_actions

    assert path
    find_actions()


def _keys_of(ground: Ground) -> Iterator[str]:
    """Yield the values of all keys the catalogue names, as far as they are set."""
    for endpoint in ground.catalogue.current().endpoints:
        secret = ground.secrets.get(endpoint.key) if endpoint.key else None
        if secret is not None:
            yield secret.get_secret_value()
