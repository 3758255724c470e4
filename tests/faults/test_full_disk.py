"""A real file system runs full under a worker, and is given room again."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from full_disks import fill

from consumer.prompts.records import LoggedFlow
from consumer.service import Service
from consumer.worker import Bench
from syntx.errors import SpoolFull
from syntx.home import Home
from syntx.ids import new_ids
from syntx.job import Attempt, Job, Verdict
from syntx.journal.logs import Logs
from syntx.llm.contract import Request
from syntx.llm.scripted import ScriptedModel
from syntx.service import Stop
from syntx.settings.folder import load
from syntx.settings.models import Settings
from syntx.spool.files import FileSpool
from syntx.spool.opening import SpoolOptions
from syntx.spool.space import Watermarks
from syntx.wrapper_folder import WrapperFolder

NOW = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
ATTEMPT = Attempt(worker="w", started=NOW, ended=NOW)
LONG_ANSWER = Verdict(outcome="passed", message="x" * 20_000)
MARKS = Watermarks(bytes=2_000_000, inodes=20, reserve=1_000_000)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of eight megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m,nr_inodes=500", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount command")
    if done.returncode != 0:
        pytest.skip(f"mounting needs root: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def jobs(count: int) -> list[Job]:
    """Make jobs."""
    return [Job(id=one, created_at=NOW, prompt="Frage") for one in new_ids([(None, None)] * count)]


def with_in_flight(settings: Settings, number: int) -> Settings:
    """Change how many jobs are asked at once."""
    consumer = settings.system.consumer.model_copy(update={"in_flight": number})
    system = settings.system.model_copy(update={"consumer": consumer})
    return settings.model_copy(update={"system": system})


class Clock:
    """A monotonic clock that is turned by hand."""

    seconds = 1_000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.seconds


@pytest.mark.parametrize("durability", ["full", "relaxed"])
async def test_a_full_disk_costs_no_job(small: Path, durability: str) -> None:
    """Held jobs are settled on the reserve, the rest waits, and goes on when there is room."""
    clock, events, promised = Clock(), [], jobs(40)
    options = SpoolOptions(
        durability="full" if durability == "full" else "relaxed",
        watch=False,
        watermarks=MARKS,
        monotonic=clock,
        notice=lambda event, _: events.append(event),
    )
    async with FileSpool.open(small / "queue", options) as spool:
        await spool.submit(promised)
        held = [await spool.claim() for _ in range(5)]
        fill(small / "filler")
        for claim in held:
            assert claim is not None
            await spool.settle(claim, LONG_ANSWER, ATTEMPT)
        clock.seconds += 1
        assert await spool.claim() is None
        with pytest.raises(SpoolFull):
            await spool.submit(jobs(1))

        (small / "filler").unlink()
        clock.seconds += 1
        while (claim := await spool.claim()) is not None:
            await spool.settle(claim, LONG_ANSWER, ATTEMPT)

        assert events == ["reserve_spent", "disk_low", "disk_recovered"]
        assert {await spool.locate(job.id) for job in promised} == {"processed"}
        assert os.path.getsize(small / "queue" / ".reserve") == MARKS.reserve


async def test_inodes_that_run_out_cost_no_job(small: Path) -> None:
    """As with bytes: what is held ends, what waits goes on when there are inodes again."""
    clock, promised = Clock(), jobs(30)
    options = SpoolOptions(watch=False, watermarks=MARKS, monotonic=clock)
    async with FileSpool.open(small / "queue", options) as spool:
        await spool.submit(promised)
        held = await spool.claim()
        assert held is not None
        litter = small / "litter"
        litter.mkdir()
        made = 0
        while True:
            try:
                (litter / str(made)).touch()
            except OSError:
                break
            made += 1
        await spool.settle(held, LONG_ANSWER, ATTEMPT)
        clock.seconds += 1
        assert await spool.claim() is None

        for number in range(made):
            (litter / str(number)).unlink()
        clock.seconds += 1
        while (claim := await spool.claim()) is not None:
            await spool.settle(claim, LONG_ANSWER, ATTEMPT)

        assert {await spool.locate(job.id) for job in promised} == {"processed"}


async def test_a_consumer_outlives_a_full_disk(small: Path, home: Home) -> None:
    """The disk fills while it works; it ends what it began, waits, and comes to the end."""
    events: list[str] = []
    asked = 0

    async def answer(_: Request) -> str:
        nonlocal asked
        asked += 1
        if asked == 5:
            fill(small / "filler")
        await asyncio.sleep(0.1)  # so that jobs are left when the disk is looked at again
        return "1. DRIFT\nEs bleibt ruhig."

    options = SpoolOptions(watermarks=MARKS, notice=lambda event, _: events.append(event))
    async with FileSpool.open(small / "queue", options) as spool:
        promised = jobs(40)
        await spool.submit(promised)
        settings = with_in_flight(load(home), 2)
        bench = Bench(
            name=spool.worker,
            spool=spool,
            gateway=ScriptedModel(answer),
            wrappers=WrapperFolder(home.root / "wrappers"),
            flow=LoggedFlow(Logs(home.root / "logs", "consumer")),
            settings=lambda: settings,
        )
        running = asyncio.create_task(Service(bench, Stop(), until_empty=True).run())
        async with asyncio.timeout(120):
            while "disk_low" not in events and not running.done():
                await asyncio.sleep(0.05)
            assert not running.done()
            (small / "filler").unlink()
            tally = await running

        assert sum(tally.outcomes.values()) == len(promised)
        assert (await spool.counts()).waiting == 0
        assert [event for event in events if event.startswith("disk")] == [
            "disk_low",
            "disk_recovered",
        ]


async def begin_and_end(one: Any, at: int, fault: str | None) -> None:
    """Submit and settle with watermarks, one call going wrong."""
    plain = one.options()
    one.options = lambda: replace(plain, watermarks=Watermarks(bytes=1, reserve=4096))
    spool = one.open()
    with one.going_wrong(at, fault):
        await spool.submit(jobs(1))
        claim = await spool.claim()
        await spool.settle(claim, LONG_ANSWER, ATTEMPT)
    if not one.disk.dead:
        await spool.close()


@pytest.mark.parametrize("fault", ["EIO", "ENOSPC", "EACCES", "killed before", "killed after"])
async def test_the_watch_over_space_loses_nothing(bench: Callable[[], Any], fault: str) -> None:
    """Looking, setting aside and spending the reserve may fail or die anywhere."""
    counted = bench()
    await begin_and_end(counted, -1, None)
    assert {"statvfs", "allocate"} <= set(counted.disk.calls)
    for at, call in enumerate(counted.disk.calls):
        one = bench()
        await begin_and_end(one, at, fault)
        found = await one.recovered()
        assert len(found) == 1 or not one.done, f"{fault} at call {at} ({call})"
        assert all(len(places) == 1 for places in found.values()), f"{fault} at call {at} ({call})"
