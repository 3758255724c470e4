"""The whole loop in one call: simulator where it is wanted, consumer, producer, and their story."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from syntx.commands.children import Children, stop
from syntx.errors import SyntxError
from syntx.ground import Ground, named_models
from syntx.journal import Unreadable, read
from syntx.service import Stop
from syntx.spool.counting import count

LOOK_SECONDS = 0.25


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
    finished: int


async def turn(
    ground: Ground, wish: Wish, stopping: Stop, tell: Callable[[Progress], None]
) -> dict[str, Any]:
    """Run the loop; returns the producer's summary, empty when it was stopped before its end.

    Raises SyntxError when a service gives up.
    """
    ground.check_models(ground.settings())
    children = Children(ground.home.root, ground.logs.folder / "services.log")
    async with AsyncExitStack() as stack:
        if _wants_simulator(ground):
            options = ["--faults", str(wish.faults), "--seed", str(wish.seed)]
            options += ["--latency", str(wish.latency)]
            await stack.enter_async_context(children.simulator(options))
        consumer = await stack.enter_async_context(children.kept_alive(["consumer"]))
        producer = await children.start(["producer", *_producer_options(wish)], pipe=True)
        stack.push_async_callback(stop, producer)
        summary = asyncio.create_task(_summary(producer))
        teller = asyncio.create_task(_watch(ground, tell))
        stopper = asyncio.create_task(stopping.asked())
        stack.callback(teller.cancel)
        stack.callback(stopper.cancel)
        await asyncio.wait([summary, consumer, stopper], return_when=asyncio.FIRST_COMPLETED)
        if consumer.done():
            await consumer
        if not summary.done():
            await stop(producer)
        tell(_look(ground, _generations(ground)))
        return await summary


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


async def _summary(producer: asyncio.subprocess.Process) -> dict[str, Any]:
    assert producer.stdout is not None
    text = await producer.stdout.read()
    code = await producer.wait()
    if code not in (0, 3):
        raise SyntxError(f"the producer ended with exit code {code}", fix="see logs/services.log")
    try:
        summary: dict[str, Any] = json.loads(text)
    except ValueError:
        return {}
    return summary


async def _watch(ground: Ground, tell: Callable[[Progress], None]) -> None:
    before = _generations(ground)
    while True:
        tell(_look(ground, _generations(ground) - before))
        await asyncio.sleep(LOOK_SECONDS)


def _generations(ground: Ground) -> int:
    path = ground.logs.path("evolution")
    return sum(not isinstance(record, Unreadable) for record in read(path))


def _look(ground: Ground, generations: int) -> Progress:
    counts = count(ground.queue)
    finished = counts.processed + counts.error + counts.archive
    return Progress(generations, counts.waiting, counts.processing, finished)
