"""The whole loop in one call: simulator where it is wanted, consumer, producer, and their story."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from syntx.commands.working.children import Children, end, stop
from syntx.ground import Ground, named_models
from syntx.journal.files import at_end, read_since
from syntx.monitoring.watched import is_watched
from syntx.service import Stop
from syntx.spool.counting import count

LOOK_SECONDS = 0.5
EMPTYING_SECONDS = 30.0
"""How long prompts dropped by hand are waited for when the generations are done."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What to run: how many generations (None: until stopped), how large, with which faults."""

    generations: int | None = None
    size: int | None = None
    force: bool = False
    faults: float = 0.0
    seed: int = 0
    latency: float = 0.02


@dataclass(frozen=True, slots=True)
class Progress:
    """What can be seen from outside while the loop turns."""

    generations: int
    waiting: int
    processing: int
    processed: int
    error: int


async def turn(
    ground: Ground, wish: Wish, stopping: Stop, tell: Callable[[Progress], None]
) -> dict[str, Any]:
    """Run the loop; returns the producer's summary, empty when it was stopped before its end.

    Raises ConfigError before anything is started, and a service's own error when it gives up.
    """
    ground.check_models(ground.settings())
    children = Children(ground.home.root, ground.logs.folder / "services.log")
    look = Looker(ground)
    async with AsyncExitStack() as stack:
        services = []
        if _wants_simulator(ground):
            options = ["--faults", str(wish.faults), "--seed", str(wish.seed)]
            options += ["--latency", str(wish.latency)]
            services.append(await stack.enter_async_context(children.simulator(options)))
        services.append(await stack.enter_async_context(children.kept_alive(["consumer"])))
        if wish.generations is None:
            producing = children.kept_alive(["producer", *_producer_options(wish)])
            services.append(await stack.enter_async_context(producing))
            if not is_watched(ground.home):
                # One that gives up is no reason to end the others.
                await stack.enter_async_context(children.kept_alive(["monitor"]))
        watcher = asyncio.create_task(_watch(look, tell))
        stack.push_async_callback(end, watcher)
        result = await _first_to_end(children, wish, stopping, services)
        if result:
            await _emptied(ground, stopping)
        tell(look())
        return result


async def _first_to_end(
    children: Children, wish: Wish, stopping: Stop, services: list[asyncio.Task[None]]
) -> dict[str, Any]:
    """Wait for the generations, a service that gives up, or the wish to stop."""
    async with AsyncExitStack() as stack:
        stopper = asyncio.create_task(stopping.asked())
        stack.push_async_callback(end, stopper)
        waits: list[asyncio.Task[Any]] = [stopper, *services]
        summary = None
        if wish.generations is not None:
            producer = await children.start(["producer", *_producer_options(wish)], pipe=True)
            stack.push_async_callback(stop, producer)
            summary = asyncio.create_task(_summary(children, producer))
            stack.push_async_callback(end, summary)
            waits.append(summary)
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for service in services:
            if service.done():
                await service
        return await summary if summary is not None and summary.done() else {}


def _wants_simulator(ground: Ground) -> bool:
    catalogue, names = ground.catalogue.current(), named_models(ground.settings()).values()
    return any(catalogue.model(name)[0].kind == "simulator" for name in names)


def _producer_options(wish: Wish) -> list[str]:
    options = ["--json"]
    if wish.generations is not None:
        options += ["--generations", str(wish.generations)]
    if wish.size is not None:
        options += ["--size", str(wish.size)]
    return [*options, "--force"] if wish.force else options


async def _summary(children: Children, producer: asyncio.subprocess.Process) -> dict[str, Any]:
    assert producer.stdout is not None
    text = await producer.stdout.read()
    code = await producer.wait()
    try:
        summary: dict[str, Any] = json.loads(text)
    except ValueError as error:
        raise children.failure("producer", code) from error
    return summary


async def _emptied(ground: Ground, stopping: Stop) -> None:
    """Wait until what else lies in the queue, as prompts dropped by hand do, is done too."""
    for _ in range(int(EMPTYING_SECONDS / LOOK_SECONDS)):
        counts = count(ground.queue)
        if counts.incoming + counts.processing == 0 or await stopping.within(LOOK_SECONDS):
            return


async def _watch(look: Looker, tell: Callable[[Progress], None]) -> None:
    while True:
        tell(look())
        await asyncio.sleep(LOOK_SECONDS)


class Looker:
    """Looks at a home again and again; of the log of generations it reads only what is new."""

    def __init__(self, ground: Ground) -> None:
        self._queue = ground.queue
        self._log = ground.logs.path("evolution")
        self._generations = 0
        self._at = at_end(self._log)

    def __call__(self) -> Progress:
        """Return what can be seen now; generations count from the first look."""
        lines, self._at = read_since(self._log, self._at)
        self._generations += len(lines)
        counts = count(self._queue)
        return Progress(
            self._generations, counts.waiting, counts.processing, counts.processed, counts.error
        )
