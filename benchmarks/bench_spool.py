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
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from spool_disk import measuring_folder
from spool_peers import FLOOR, PACKAGES, PEERS, Floor, Peer
from spool_trials import (
    ATTEMPT,
    FULL,
    FULL_SIZE,
    PASSED,
    QUICK_SIZE,
    RELAXED,
    Places,
    Results,
    Size,
    make_job,
    make_jobs,
    measure_depths,
    measure_rescue,
    measure_wakes,
)

from syntx.job import Job
from syntx.spool.files import FileSpool
from syntx.spool.opening import SpoolOptions


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


def peer_rate(peer: Peer, folder: Path, jobs: int) -> float:
    """Open a peer in a folder and return its jobs per second."""
    return rate_of(peer.open(folder, make_job().to_bytes()), jobs)


def measure_rates(places: Places, size: Size, results: Results) -> None:
    """Alternate all cases of put, claim and acknowledge in one process."""
    cases: dict[str, Callable[[], float]] = {
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


async def beside_the_floor(places: Places, size: Size) -> tuple[float, float]:
    """Return our rate and the floor's, one job at a time, in short turns of 25 jobs each."""
    floor = FLOOR.open(places.next(), make_job().to_bytes())
    spent: dict[str, list[float]] = {"ours": [], "floor": []}
    async with FileSpool.open(places.next() / "queue", FULL) as spool:
        for turn in range(size.rounds * size.jobs // 25):
            for name in ("ours", "floor") if turn % 2 else ("floor", "ours"):
                share = make_jobs(25)
                started = time.perf_counter()
                for job in share:
                    if name == "ours":
                        await one_job(spool, job)
                    else:
                        floor()
                spent[name].append(time.perf_counter() - started)
    ours, bare = (25 / statistics.median(spent[name]) for name in ("ours", "floor"))
    return ours, bare


def measure_floor(places: Places, size: Size, results: Results) -> None:
    """Measure how much the spool adds to its system calls."""
    ours, floor = asyncio.run(beside_the_floor(places, size))
    results.rate("ours full, 1 in flight", ours)
    results.rate("floor full", floor)
    results.number("ratio_one_at_a_time_vs_floor", ours / floor)


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
        measure_floor(places, size, results)
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
