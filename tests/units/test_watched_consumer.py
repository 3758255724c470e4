from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from consumer.prompts.records import LoggedFlow
from consumer.service import Service
from consumer.worker import Bench
from syntx.home import Home
from syntx.ids import new_id
from syntx.job import Job
from syntx.journal.logs import Logs
from syntx.llm.contract import Request
from syntx.llm.scripted import ScriptedModel
from syntx.notify import Notifier
from syntx.service import Stop
from syntx.settings.folder import load
from syntx.spool.contract import Claim
from syntx.spool.memory import MemorySpool
from syntx.wrapper_folder import WrapperFolder

PERIOD = 0.4


class HangingSpool(MemorySpool):
    """A queue on a disk that stops answering: the second claim never returns."""

    def __init__(self) -> None:
        super().__init__()
        self.hangs = asyncio.Event()
        self._claims = 0

    async def claim(self) -> Claim | None:
        """Return from the first call alone."""
        self._claims += 1
        if self._claims > 1:
            self.hangs.set()
            await asyncio.Event().wait()
        return await super().claim()


async def _never(request: Request) -> str:
    await asyncio.Event().wait()
    return ""


@pytest.fixture
def serve(home: Home, manager: Any) -> Callable[..., Service]:
    """Give a maker of consumers whose model never answers, watched by `manager`."""

    def make(spool: MemorySpool, stop: Stop, in_flight: int = 8) -> Service:
        settings = load(home)
        consumer = settings.system.consumer.model_copy(
            update={"in_flight": in_flight, "drain_seconds": 0.0}
        )
        system = settings.system.model_copy(update={"consumer": consumer})
        settings = settings.model_copy(update={"system": system})
        bench = Bench(
            name="worker-1",
            spool=spool,
            gateway=ScriptedModel(_never),
            wrappers=WrapperFolder(home.root / "wrappers"),
            flow=LoggedFlow(Logs(home.root / "logs", "consumer")),
            settings=lambda: settings,
        )
        return Service(bench, stop, notifier=Notifier(manager.address, watchdog=PERIOD))

    return make


def _job() -> Job:
    return Job(id=new_id("t", None), created_at=datetime.now(UTC), prompt="Was hält eine Stadt?")


async def _pings(manager: Any, count: int) -> None:
    wanted = manager.heard.count("WATCHDOG=1") + count
    async with asyncio.timeout(30):
        while manager.heard.count("WATCHDOG=1") < wanted:
            manager.listen()
            await asyncio.sleep(0.01)


async def test_a_claim_that_hangs_ends_the_pings(
    serve: Callable[..., Service], manager: Any
) -> None:
    """The event loop still turns, but nothing is served: the watchdog hears no more of it."""
    spool = HangingSpool()
    running = asyncio.create_task(serve(spool, Stop()).run())
    await spool.hangs.wait()
    manager.listen()
    await asyncio.sleep(3 * PERIOD)

    assert [line for line in manager.listen() if line == "WATCHDOG=1"] == []
    running.cancel()
    await asyncio.wait([running])


async def test_a_full_house_goes_on_pinging(serve: Callable[..., Service], manager: Any) -> None:
    """With every place taken by a job that lasts, the loop beats all the same, and tells of it."""
    spool, stop = MemorySpool(), Stop()
    await spool.submit([_job(), _job()])
    running = asyncio.create_task(serve(spool, stop, in_flight=1).run())
    await _pings(manager, 8)
    stop.ask()
    await running

    manager.listen()
    assert manager.heard[0] == "READY=1"
    assert (await spool.counts()).waiting == 2
    assert manager.heard[-2:] == ["STOPPING=1", "EXTEND_TIMEOUT_USEC=60000000"]


async def test_an_idle_consumer_pings_more_often_than_it_polls(
    serve: Callable[..., Service], manager: Any
) -> None:
    """Nothing to do for a long time is no hang."""
    stop = Stop()
    running = asyncio.create_task(serve(MemorySpool(), stop).run())
    await _pings(manager, 4)
    stop.ask()
    await running
    assert any(line == "STATUS=0 in flight, 0 settled, 0 waiting" for line in manager.heard)
