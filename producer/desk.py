"""What the producer works with, put together from a home."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from evolution.evidence import EvidenceStore
from evolution.ownership import only_one
from evolution.recipes import Space
from syntx.ground import Ground
from syntx.journal.logs import Logs
from syntx.llm.catalogue import Catalogue
from syntx.llm.contract import Gateway
from syntx.service import Stop
from syntx.settings.models import Settings
from syntx.spool.contract import Spool


@dataclass(frozen=True, slots=True)
class Desk:
    """The producer's tools; `settings`, `space` and `catalogue` give the moment's snapshot.

    `stopping` says whether somebody asked to stop.
    """

    spool: Spool
    gateway: Gateway
    store: EvidenceStore
    logs: Logs
    settings: Callable[[], Settings]
    space: Callable[[], Space]
    catalogue: Callable[[], Catalogue]
    stopping: Callable[[], bool] = lambda: False


@asynccontextmanager
async def open_desk(
    ground: Ground, settings: Callable[[], Settings], stop: Stop
) -> AsyncIterator[Desk]:
    """Open everything; raises SpoolError when another producer works in this home."""
    state = ground.queue / ".state"
    with only_one(state):
        async with ground.open_spool() as spool, ground.open_gateway() as gateway:
            with EvidenceStore(state / "evolution.sqlite") as store:
                yield Desk(
                    spool=spool,
                    gateway=gateway,
                    store=store,
                    logs=ground.logs,
                    settings=settings,
                    space=lambda: space_of(settings(), _usable_wrappers(ground)),
                    catalogue=ground.catalogue.current,
                    stopping=lambda: stop.wanted,
                )


def _usable_wrappers(ground: Ground) -> tuple[str, ...]:
    broken = ground.wrappers.problems()
    return tuple(name for name in ground.wrappers.names() if name not in broken)


def space_of(settings: Settings, wrappers: tuple[str, ...]) -> Space:
    """Return everything a recipe can be made of; raises ConfigError when something is missing."""
    generator = settings.generator
    languages = {
        name: generator.languages.weights.get(name, 1.0) for name in generator.languages.enabled
    }
    return Space.of(
        topics={
            category: [(topic.name, topic.weight) for topic in topics]
            for category, topics in generator.topics.items()
        },
        styles=generator.styles.available,
        wrappers=wrappers,
        patterns=settings.evolution.producer.patterns,
        languages=languages,
    )
