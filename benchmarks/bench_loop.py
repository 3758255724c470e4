"""What a job costs end to end beside the bare model call: ``./run bench`` or this script.

One server with instant answers in a process of its own. Ours: a home, N waiting jobs, the
consumer service until the queue is empty (claim, call, parse, score, logs, settle). Bare: N calls
of the same client in an asyncio loop with as many in flight, without queue, score or logs.
CPU is that of this process (all threads), the server's is not counted. The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog

from consumer.building import open_bench
from consumer.prompts import path
from consumer.prompts.scoring import total
from consumer.service import Service
from syntx.ground import Ground
from syntx.home import Home
from syntx.ids import new_ids
from syntx.job import Job, Recipe
from syntx.llm.contact import Contact
from syntx.llm.contract import CallLimits, Message, Request
from syntx.llm.lines import open_client
from syntx.service import Stop
from syntx.shipped.laying_out import lay_out

PROMPT = "Wie verändert ein langer Winter das Zusammenleben in einer kleinen Stadt am Meer?"
MODEL = "bench-target"


@dataclass
class Measured:
    """Wall and CPU seconds of a run."""

    wall: float
    cpu: float


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Run the simulator with instant answers in a process of its own."""
    command = [sys.executable, "-m", "syntx", "simulator", "--port", "0", "--instant"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    process = subprocess.Popen(
        [*command, "--latency", "0"], stdout=subprocess.PIPE, env=environment
    )
    assert process.stdout is not None
    try:
        yield str(json.loads(process.stdout.readline())["simulator"])
    finally:
        process.terminate()
        process.wait()


def make_home(root: Path, url: str, in_flight: int, durability: str) -> Ground:
    """Lay out a home whose only model is the instant one."""
    lay_out(root)
    (root / "config" / "models" / "bench.yaml").write_text(
        f"kind: openai\nbase_url: {url}/v1\nconcurrency: 512\n"
        f"models: [{{name: {MODEL}, context: 32000, price: {{input: 1, output: 2}}}}]\n"
    )
    (root / "config" / "system.yaml").write_text(
        f"consumer: {{model: {MODEL}, in_flight: {in_flight}, accept_score: null}}\n"
    )
    (root / "config" / "queue.yaml").write_text(f"durability: {durability}\n")
    return Ground(Home(root), "bench")


class Scoring:
    """Takes the time of every scoring (CPU seconds of its thread)."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._score = total.score

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Score, and add up the time."""
        started = time.thread_time()
        try:
            return self._score(*arguments, **named)
        finally:
            self.seconds += time.thread_time() - started


async def ours(ground: Ground, count: int) -> tuple[Measured, float]:
    """Consume `count` waiting jobs; returns the cost and the scoring's share of it."""
    now = datetime.now(UTC)
    ids = new_ids([("winter", "casual")] * count)
    recipe = Recipe(topic="Winter", style="casual", wrapper="human")
    scoring = Scoring()
    setattr(path, "score", scoring)  # noqa: B010
    async with open_bench(ground) as bench:
        await bench.spool.submit(
            [Job(id=i, created_at=now, prompt=PROMPT, recipe=recipe) for i in ids]
        )
        cpu, wall = time.process_time(), time.perf_counter()
        tally = await Service(bench, Stop(), until_empty=True).run()
        measured = Measured(time.perf_counter() - wall, time.process_time() - cpu)
    setattr(path, "score", total.score)  # noqa: B010
    assert sum(tally.outcomes.values()) == count, tally
    return measured, scoring.seconds


async def bare(ground: Ground, count: int, in_flight: int) -> Measured:
    """Make `count` calls with the same client and nothing around them."""
    wrapper = ground.wrappers.get("human")
    request = Request(
        "calibrate", (Message("user", wrapper.wrap(PROMPT)),), model=MODEL, limits=CallLimits(1024)
    )
    endpoint, _ = ground.catalogue.current().model(MODEL)
    client = open_client(Contact(endpoint, endpoint.base_url, None, 30.0, 60.0))
    try:
        await client.call(request, MODEL, request.limits)
        left = iter(range(count))

        async def caller() -> None:
            for _ in left:
                await client.call(request, MODEL, request.limits)

        cpu, wall = time.process_time(), time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for _ in range(in_flight):
                group.create_task(caller())
        return Measured(time.perf_counter() - wall, time.process_time() - cpu)
    finally:
        await client.close()


def measure(url: str, in_flight: int, count: int, durability: str) -> dict[str, float]:
    """Measure both ways at one number of calls in flight."""
    with tempfile.TemporaryDirectory() as folder:
        ground = make_home(Path(folder) / "home", url, in_flight, durability)
        asyncio.run(bare(ground, 50, in_flight))
        asyncio.run(ours(ground, 50))
        plain = asyncio.run(bare(ground, count, in_flight))
        whole, scoring = asyncio.run(ours(ground, count))
    without = whole.cpu - scoring
    return {
        "in_flight": in_flight,
        "jobs_per_s": round(count / whole.wall, 1),
        "bare_calls_per_s": round(count / plain.wall, 1),
        "cpu_ms_per_job": round(1000 * whole.cpu / count, 3),
        "bare_cpu_ms_per_call": round(1000 * plain.cpu / count, 3),
        "scoring_ms": round(1000 * scoring / count, 3),
        "overhead_ratio": round(without / plain.cpu, 3),
    }


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="only the JSON line")
    parser.add_argument("--quick", action="store_true", help="a tenth of the jobs")
    parser.add_argument("--durability", choices=("full", "relaxed"), default="full")
    chosen = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    count = 200 if chosen.quick else 2000
    rows = []
    with server() as url:
        for in_flight in (1, 8, 64, 256):
            rows.append(
                measure(url, in_flight, count if in_flight > 1 else count // 4, chosen.durability)
            )
            if not chosen.json:
                print(rows[-1], flush=True)
    result = {
        "durability": chosen.durability,
        "rows": rows,
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "overhead_ratio": rows[2]["overhead_ratio"],
        "scoring_ms": rows[2]["scoring_ms"],
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
