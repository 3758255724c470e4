"""How fast the spool is, beside the bare system calls and other queues, on one file system.

    python benchmarks/bench_spool.py [--json] [--quick] [--fs auto|here|loop]

Jobs of 1 KB go through put, claim and acknowledge. Rounds of the cases alternate, and the
median of the rounds counts, so that a disturbance hits all alike. On a root file system without
a journal, and as root, a loop-mounted ext4 is used (`--fs loop` asks for it). With `--json` the
last line is one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from spool_disk import measuring_folder
from spool_peers import FLOOR, PACKAGES, PEERS, Floor, Peer

from syntx.job import Attempt, Job, Verdict, new_id, new_ids
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


async def one_job(spool: FileSpool, job: Job) -> None:
    """Let one job go all its way through the product's own face."""
    await spool.submit([job])
    while (claim := await spool.claim()) is None:
        await spool.wait(1)
    await spool.settle(claim, PASSED, ATTEMPT)


async def run_jobs(root: Path, options: SpoolOptions, jobs: int, in_flight: int) -> float:
    """Run jobs with so many tasks at once; returns jobs per second."""

    async def task(spool: FileSpool, share: list[Job]) -> None:
        for job in share:
            await one_job(spool, job)

    made = make_jobs(jobs + 1)
    async with FileSpool.open(root, options) as spool:
        await one_job(spool, made.pop())
        started = time.perf_counter()
        await asyncio.gather(*(task(spool, made[n::in_flight]) for n in range(in_flight)))
        return jobs / (time.perf_counter() - started)


def rate_of(cycle: Callable[[], None], jobs: int) -> float:
    """Return the jobs per second of a synchronous queue."""
    cycle()
    started = time.perf_counter()
    for _ in range(jobs):
        cycle()
    return jobs / (time.perf_counter() - started)


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


def peer_rate(peer: Peer, folder: Path, jobs: int) -> float:
    """Open a peer in a folder and return its jobs per second."""
    return rate_of(peer.open(folder, make_job().to_bytes()), jobs)


def measure_rates(places: Places, size: Size, results: Results) -> None:
    """Alternate all cases of put, claim and acknowledge in one process."""
    cases: dict[str, Callable[[], float]] = {
        "ours full, 1 in flight": lambda: ours(places, FULL, size.jobs, 1),
        "floor full": lambda: peer_rate(FLOOR, places.next(), size.jobs),
        "ours full, 16 in flight": lambda: ours(places, FULL, size.shared_jobs, 16),
        "ours full, 64 in flight": lambda: ours(places, FULL, size.shared_jobs, 64),
        "ours relaxed, 1 in flight": lambda: ours(places, RELAXED, size.shared_jobs, 1),
        "ours relaxed, 64 in flight": lambda: ours(places, RELAXED, size.shared_jobs, 64),
        "floor relaxed": lambda: relaxed_floor(places, size.shared_jobs),
    }
    for peer in PEERS:
        if not peer.missing:
            jobs = size.jobs if peer.durable else size.shared_jobs
            cases[peer.name] = lambda peer=peer, jobs=jobs: peer_rate(  # type: ignore[misc]
                peer, places.next(), jobs
            )
    rounds: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(size.rounds):
        for name, case in cases.items():
            rounds[name].append(case())
    for name, values in rounds.items():
        results.rate(name, statistics.median(values))
    pairs = zip(rounds["ours full, 1 in flight"], rounds["floor full"], strict=True)
    results.number("ratio_one_at_a_time_vs_floor", statistics.median(a / b for a, b in pairs))


def ours(places: Places, options: SpoolOptions, jobs: int, in_flight: int) -> float:
    """Return our own jobs per second in this process."""
    return asyncio.run(run_jobs(places.next() / "queue", options, jobs, in_flight))


def relaxed_floor(places: Places, jobs: int) -> float:
    """Return the jobs per second of the bare calls without flushes."""
    return rate_of(Floor(places.next(), make_job().to_bytes(), durable=False).cycle, jobs)


def two_processes(places: Places, size: Size, results: Results) -> None:
    """Run two processes on one queue."""
    for in_flight in (1, 64):
        root = places.next() / "queue"
        jobs = size.jobs if in_flight == 1 else size.shared_jobs
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            pool.map(_nothing, range(2))
            shares = pool.starmap(_one_process, [(root, jobs, in_flight)] * 2, chunksize=1)
        results.rate(f"ours full, {in_flight} in flight, 2 processes", sum(shares))


def _nothing(_: int) -> None:
    """Let a process start before it is measured."""


def _one_process(root: Path, jobs: int, in_flight: int) -> float:
    return asyncio.run(run_jobs(root, FULL, jobs, in_flight))


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


async def wake_times(root: Path, pipe: Any, wakes: int) -> Iterator[float]:
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
    return iter(times)


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


def compare(results: Results) -> None:
    """Work out how we stand against the peers."""
    durable = {
        peer.name: results.rates[peer.name]
        for peer in PEERS
        if peer.durable and peer.name in results.rates
    }
    best = max(durable, key=lambda name: durable[name])
    print(f"best durable peer: {best}")
    results.number(
        "ratio_64_vs_best_durable_peer", results.rates["ours full, 64 in flight"] / durable[best]
    )
    if "python-dirq" in results.rates:
        ratio = results.rates["ours relaxed, 1 in flight"] / results.rates["python-dirq"]
        results.number("relaxed_vs_dirq", ratio)
    results.number(
        "claim_100k_vs_1k", results.numbers["claim_us_100k"] / results.numbers["claim_us_1k"]
    )


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    parser.add_argument("--quick", action="store_true", help="less of everything, under 30 s")
    parser.add_argument("--fs", choices=("auto", "here", "loop"), default="auto")
    options = parser.parse_args()
    size = QUICK_SIZE if options.quick else FULL_SIZE
    missing = sorted({PACKAGES[peer.package] for peer in PEERS if peer.package and peer.missing})
    with measuring_folder(options.fs) as (folder, fs):
        print(f"file system: {fs}; python {sys.version.split()[0]}")
        if missing:
            print(
                f"not installed, so not measured: {', '.join(missing)} (pip install 'syntx[bench]')"
            )
        results, places = Results(fs), Places(folder)
        measure_rates(places, size, results)
        two_processes(places, size, results)
        measure_depths(places, size, results)
        measure_rescue(places, results)
        measure_wakes(places, size, results)
        compare(results)
    if options.json:
        print(json.dumps({"fs": fs, "jobs_per_s": results.rates, **results.numbers}))


if __name__ == "__main__":
    main()
