"""What the producer works with, put together from a home."""

from __future__ import annotations

import fcntl
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from evolution.evidence import EvidenceStore
from evolution.recipes import Space
from syntx.errors import SpoolError
from syntx.ground import Ground
from syntx.llm.catalogue import Catalogue
from syntx.llm.contract import Gateway
from syntx.logs import Logs
from syntx.settings.models import Settings
from syntx.spool.contract import Spool


@dataclass(frozen=True, slots=True)
class Desk:
    """The producer's tools; `settings`, `space` and `catalogue` give the moment's snapshot."""

    spool: Spool
    gateway: Gateway
    store: EvidenceStore
    logs: Logs
    settings: Callable[[], Settings]
    space: Callable[[], Space]
    catalogue: Callable[[], Catalogue]


@asynccontextmanager
async def open_desk(ground: Ground, settings: Callable[[], Settings]) -> AsyncIterator[Desk]:
    """Open everything; raises SpoolError when another producer works in this home."""
    state = ground.queue / ".state"
    with only_one(state / "producer.lock"):
        async with ground.open_spool() as spool, ground.open_gateway() as gateway:
            with EvidenceStore(state / "evolution.sqlite") as store:
                yield Desk(
                    spool=spool,
                    gateway=gateway,
                    store=store,
                    logs=ground.logs,
                    settings=settings,
                    space=lambda: space_of(settings(), ground.wrappers.names()),
                    catalogue=ground.catalogue.current,
                )


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Hold a lock for as long as the block runs; it frees itself when the process dies."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SpoolError(
                f"another producer works in this home ({lock} is held)",
                fix="let it work, or stop it first",
            ) from error
        yield
    finally:
        os.close(descriptor)


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
