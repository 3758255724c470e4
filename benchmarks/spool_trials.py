"""Trials of the spool beside its rate: long queues, a killed worker, waking up."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import statistics
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from syntx.ids import new_id, new_ids
from syntx.job import Attempt, Job, Verdict
from syntx.spool.files import FileSpool
from syntx.spool.opening import SpoolOptions

PROMPT = "Erkläre, wie eine Warteschlange aus Dateien nichts verliert. " * 8
NOW = datetime.now(UTC)
PASSED = Verdict(outcome="passed", settled_at=NOW)
ATTEMPT = Attempt(worker="w", started=NOW, ended=NOW, model="m")
FULL, RELAXED = SpoolOptions(), SpoolOptions(durability="relaxed")


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    rounds: int
    jobs: int
    shared_jobs: int
    claims: int
    wakes: int


FULL_SIZE = Size(rounds=7, jobs=150, shared_jobs=1_500, claims=1_000, wakes=100)
QUICK_SIZE = Size(rounds=3, jobs=80, shared_jobs=600, claims=400, wakes=30)


@dataclass
class Results:
    """What was measured, in the order it was."""

    fs: str
    numbers: dict[str, float] = field(default_factory=dict)
    rates: dict[str, float] = field(default_factory=dict)

    def rate(self, case: str, value: float) -> None:
        """Note and print jobs per second."""
        self.rates[case] = round(value, 1)
        print(f"{case:44} {value:10.0f} jobs/s", flush=True)

    def number(self, name: str, value: float) -> None:
        """Note and print a figure."""
        self.numbers[name] = round(value, 3)
        print(f"{name:44} {value:10.3f}", flush=True)


def make_job() -> Job:
    """Make a job of about 1 KB."""
    return Job(
        id=new_id("Warteschlangen", "technisch"), created_at=datetime.now(UTC), prompt=PROMPT
    )


def make_jobs(count: int) -> list[Job]:
    """Make jobs ahead: drafting is not the spool's work, and costs the peers nothing either."""
    return [make_job() for _ in range(count)]


class Places:
    """Fresh folders on the file system that is measured."""

    def __init__(self, base: Path) -> None:
        self._base = base
        self._numbers = iter(range(1_000_000))

    def next(self) -> Path:
        """Return an empty folder."""
        path = self._base / str(next(self._numbers))
        path.mkdir()
        return path


def fill(root: Path, count: int) -> None:
    """Put waiting jobs down without the spool, for speed."""
    (root / "incoming").mkdir(parents=True)
    start = datetime.now(UTC) - timedelta(hours=1)
    job = make_job()
    for one in new_ids([(None, None)] * count, at=start):
        fd = os.open(root / "incoming" / f"{one}.json", os.O_WRONLY | os.O_CREAT, 0o640)
        os.write(fd, job.model_copy(update={"id": one}).to_bytes())
        os.close(fd)


async def claim_times(root: Path, claims: int) -> tuple[float, float]:
    """Return the milliseconds of the first claim, and the mean microseconds of the next."""
    async with FileSpool.open(root, FULL) as spool:
        started = time.perf_counter()
        await spool.claim()
        first = time.perf_counter() - started
        started = time.perf_counter()
        for _ in range(claims):
            assert await spool.claim() is not None
        return first * 1e3, (time.perf_counter() - started) / claims * 1e6


def measure_depths(places: Places, size: Size, results: Results) -> None:
    """Claim from queues of different length."""
    for label, count in (("1k", 1_000), ("10k", 10_000), ("100k", 100_000)):
        root = places.next() / "queue"
        fill(root, count)
        first, mean = asyncio.run(claim_times(root, min(size.claims, count - 1)))
        results.number(f"first_claim_ms_{label}", first)
        results.number(f"claim_us_{label}", mean)


def _hold_jobs(root: Path, ready: Any) -> None:
    """Claim all there is and never end it."""

    async def hold() -> None:
        async with FileSpool.open(root, FULL) as spool:
            while await spool.claim() is not None:
                pass
            ready.set()
            await asyncio.Event().wait()

    asyncio.run(hold())


async def rescue_seconds(root: Path, holder: Any) -> float:
    """Kill a worker while another looks every half second; returns until its jobs are back."""
    async with FileSpool.open(root, FULL) as spool:
        holder.kill()
        started = time.perf_counter()
        while not await spool.rescue():
            await asyncio.sleep(0.5)
        assert await spool.claim() is not None
        return time.perf_counter() - started


def measure_rescue(places: Places, results: Results) -> None:
    """Kill a worker that holds 64 jobs."""
    root = places.next() / "queue"
    fill(root, 64)
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    holder = context.Process(target=_hold_jobs, args=(root, ready))
    holder.start()
    ready.wait(30)
    results.number("rescue_s", asyncio.run(rescue_seconds(root, holder)))
    holder.join()


def _rename_in(root: Path, pipe: Any) -> None:
    """Rename one job in per request, and tell when."""
    while pipe.recv():
        job = make_job()
        (root / "outside").write_bytes(job.to_bytes())
        before = time.monotonic_ns()
        os.rename(root / "outside", root / "incoming" / f"{job.id}.json")
        pipe.send(before)


async def wake_times(root: Path, pipe: Any, wakes: int) -> list[float]:
    """Return the milliseconds from a rename by another process to our claim."""
    times = []
    async with FileSpool.open(root, FULL) as spool:
        for _ in range(wakes):
            while await spool.claim() is not None:
                pass
            pipe.send(True)
            claim = None
            while claim is None:
                await spool.wait(5)
                claim = await spool.claim()
            claimed = time.monotonic_ns()
            await spool.settle(claim, PASSED, ATTEMPT)
            times.append((claimed - pipe.recv()) / 1e6)
    pipe.send(False)
    return times


def measure_wakes(places: Places, size: Size, results: Results) -> None:
    """Let another process rename jobs into an empty queue."""
    root = places.next() / "queue"
    root.mkdir()
    asyncio.run(FileSpool.open(root, FULL).close())
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    writer = context.Process(target=_rename_in, args=(root, there))
    writer.start()
    times = sorted(asyncio.run(wake_times(root, here, size.wakes)))
    writer.join()
    results.number("wake_ms_p50", statistics.median(times))
    results.number("wake_ms_p95", times[int(len(times) * 0.95)])
