from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from consumer.service import Service
from consumer.worker import Bench
from syntx.errors import NotAuthorised, SpoolError
from syntx.ids import new_ids
from syntx.job import Job
from syntx.llm.contract import Request
from syntx.llm.scripted import ScriptedModel
from syntx.service import Stop
from syntx.settings.models import Settings
from syntx.spool.memory import MemorySpool

Maker = Callable[..., Bench]


def _jobs(count: int) -> list[Job]:
    return [
        Job(id=job_id, created_at=datetime.now(UTC), prompt=f"Frage {number}?")
        for number, job_id in enumerate(new_ids([("t", None)] * count))
    ]


def _with(settings: Settings, **changes: object) -> Settings:
    consumer = settings.system.consumer.model_copy(update=changes)
    system = settings.system.model_copy(update={"consumer": consumer})
    return settings.model_copy(update={"system": system})


class Crowd:
    """A model that counts how many ask at once, and answers when the gate opens."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self.gate = asyncio.Semaphore(0)

    def open(self) -> None:
        """Let everybody through."""
        for _ in range(100):
            self.gate.release()

    async def __call__(self, request: Request) -> str:
        self.now += 1
        self.most = max(self.most, self.now)
        await self.gate.acquire()
        self.now -= 1
        return "1. DRIFT\nEs bleibt ruhig."


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.001)


async def test_many_jobs_are_in_flight_and_never_more_than_allowed(
    make_bench: Maker, settings: Settings
) -> None:
    """Ten jobs at a limit of four: four are asked at once, no more, and all are done."""
    crowd, spool = Crowd(), MemorySpool()
    await spool.submit(_jobs(10))
    bench = make_bench(ScriptedModel(crowd), spool, _with(settings, in_flight=4))
    service = Service(bench, Stop(), until_empty=True)
    running = asyncio.create_task(service.run())
    await _until(lambda: crowd.now == 4)
    crowd.open()
    tally = await running

    assert crowd.most == 4
    assert sum(tally.outcomes.values()) == 10


async def test_oldest_first_with_one_at_a_time(make_bench: Maker, settings: Settings) -> None:
    """With one job in flight the prompts are asked in the order of their IDs."""
    model = ScriptedModel(lambda _: "1. DRIFT\nEs bleibt ruhig.")
    spool, jobs = MemorySpool(), _jobs(5)
    await spool.submit([jobs[i] for i in (3, 0, 4, 1, 2)])
    bench = make_bench(model, spool, _with(settings, in_flight=1))
    await Service(bench, Stop(), until_empty=True).run()
    assert [request.raw_prompt for request in model.requests] == [job.prompt for job in jobs]


async def test_a_stop_lets_jobs_in_flight_finish(make_bench: Maker, settings: Settings) -> None:
    """Within the drain time nothing in flight is given up, and nothing new is claimed."""
    crowd, spool = Crowd(), MemorySpool()
    await spool.submit(_jobs(5))
    stop = Stop()
    bench = make_bench(ScriptedModel(crowd), spool, _with(settings, in_flight=2, drain_seconds=5.0))
    running = asyncio.create_task(Service(bench, stop).run())
    await _until(lambda: crowd.now == 2)
    stop.ask()
    await asyncio.sleep(0)
    crowd.open()
    tally = await running

    assert sum(tally.outcomes.values()) == 2
    assert (await spool.counts()).incoming == 3


async def test_what_does_not_finish_in_time_goes_back(
    make_bench: Maker, settings: Settings
) -> None:
    """After the drain time the jobs still in flight are back in the queue, untouched."""
    crowd, spool, jobs = Crowd(), MemorySpool(), _jobs(3)
    await spool.submit(jobs)
    stop = Stop()
    bench = make_bench(ScriptedModel(crowd), spool, _with(settings, in_flight=3, drain_seconds=0.0))
    running = asyncio.create_task(Service(bench, stop).run())
    await _until(lambda: crowd.now == 3)
    stop.ask()
    await running

    counts = await spool.counts()
    assert (counts.incoming, counts.processing) == (3, 0)


async def test_a_key_refused_again_and_again_stops_the_service(
    make_bench: Maker, settings: Settings
) -> None:
    """After three 401 in a row the consumer stops with an error; every job is in the queue."""
    model = ScriptedModel(lambda _: NotAuthorised("401"))
    spool = MemorySpool()
    await spool.submit(_jobs(20))
    bench = make_bench(model, spool, _with(settings, in_flight=1, stop_after_errors=3))
    with pytest.raises(NotAuthorised, match="401"):
        await Service(bench, Stop()).run()

    assert len(model.requests) == 3
    assert (await spool.counts()).incoming == 20


async def test_a_disk_that_stays_bad_ends_the_service(
    make_bench: Maker, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a verdict cannot be stored the consumer ends with the error, for a fresh start."""
    monkeypatch.setattr("consumer.worker.SPOOL_PAUSES", ())
    spool = MemorySpool()
    await spool.submit(_jobs(1))

    async def refuse(*_: object) -> None:
        raise SpoolError("the flush failed")

    monkeypatch.setattr(spool, "settle", refuse)
    bench = make_bench(ScriptedModel(lambda _: "1. DRIFT\nEs bleibt ruhig."), spool)
    with pytest.raises(SpoolError, match="the flush failed"):
        await Service(bench, Stop(), until_empty=True).run()


async def test_a_changed_limit_applies_without_a_restart(
    make_bench: Maker, settings: Settings
) -> None:
    """The number of jobs in flight follows the settings of the moment."""
    crowd, spool = Crowd(), MemorySpool()
    await spool.submit(_jobs(6))
    current = [_with(settings, in_flight=1)]
    bench = replace(make_bench(ScriptedModel(crowd), spool), settings=lambda: current[0])
    running = asyncio.create_task(Service(bench, Stop(), until_empty=True).run())
    await _until(lambda: crowd.now == 1)
    current[0] = _with(settings, in_flight=6)
    crowd.gate.release()
    await _until(lambda: crowd.now == 5)
    crowd.open()
    await running
