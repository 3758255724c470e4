"""What a million waiting and a million finished jobs cost: claims, memory, status, restart.

    python benchmarks/bench_million.py [--jobs N] [--json] [--quick] [--folder DIR]

Makes N waiting jobs and N finished ones over 30 days in one home, N finished ones of one day in
another, and 10,000 finished ones in a third. Each part runs in a process of its own, whose
greatest memory counts. Needs about 3 N inodes and 13 KB for each of the N; all is removed at the
end. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from million_jobs import fill_finished, fill_waiting

from evolution.analyzer import absorb, learn, terms_of
from evolution.choosing import Options, choose, dice
from evolution.evidence import EvidenceStore
from evolution.lift import lift
from evolution.reporting import report
from producer.cycle import turn
from producer.desk import Desk, space_of
from producer.order import Order
from syntx.ground import Ground
from syntx.home import Home
from syntx.job import Attempt, Verdict
from syntx.journal.logs import Logs
from syntx.llm.scripted import ScriptedModel
from syntx.shipped.laying_out import lay_out
from syntx.spool.files import FileSpool
from syntx.spool.opening import SpoolOptions

RELAXED = SpoolOptions(durability="relaxed")
CLAIMS = 1_000
CYCLE_JOBS = 10_000

Figures = dict[str, float]


def peak_mb() -> float:
    """Return the most memory this process ever had resident, in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


async def consuming(home: Path) -> Figures:
    """Open, claim and settle as a consumer does."""
    started = time.perf_counter()
    async with FileSpool.open(home / "queue", RELAXED) as spool:
        first = await spool.claim()
        assert first is not None
        restart = time.perf_counter() - started
        await spool.release(first)
        spent = []
        for _ in range(CLAIMS):
            began = time.perf_counter()
            claim = await spool.claim()
            spent.append(time.perf_counter() - began)
            assert claim is not None
            now = claim.job.created_at
            attempt = Attempt(worker=spool.worker, started=now, ended=now)
            await spool.settle(claim, Verdict(outcome="failed", reason="bench"), attempt)
    return {
        "consumer_restart_s": restart,
        "claim_us": statistics.median(spent) * 1e6,
        "consumer_mb": peak_mb(),
    }


async def absorbing(home: Path) -> Figures:
    """Read all finished jobs for the first time."""
    started = time.perf_counter()
    async with FileSpool.open(home / "queue", RELAXED) as spool:
        with EvidenceStore(home / "queue" / ".state" / "evolution.sqlite") as store:
            await absorb(spool, store)
            count, seconds = store.count(), time.perf_counter() - started
    return {"absorb_jobs_per_s": count / seconds, "absorb_s": seconds, "absorb_mb": peak_mb()}


async def learning(home: Path) -> Figures:
    """Start a producer anew and let it measure, learn and choose, when all was read before."""
    ground = Ground(Home(home), "producer")
    settings = ground.settings()
    space = space_of(settings, ("human", "sigma"))
    started = time.perf_counter()
    async with FileSpool.open(home / "queue", RELAXED) as spool:
        with EvidenceStore(home / "queue" / ".state" / "evolution.sqlite") as store:
            await spool.counts()
            counted, used = time.perf_counter(), time.process_time()
            await absorb(spool, store)
            looked, look_cpu = time.perf_counter(), time.process_time() - used
            learned = await learn(spool, store, terms_of(settings.evolution.producer))
            report(learned.evidence)
            lift(learned.evidence.arms)
            options = Options(0.8, settings.evolution.producer.steering)
            choose(space, learned.evidence, 20, options, dice(0, store.next_number()))
            ended, learn_cpu = time.perf_counter(), time.process_time() - used - look_cpu
    return {
        "producer_counts_s": counted - started,
        "look_s": looked - counted,
        "look_cpu_s": look_cpu,
        "learn_s": ended - looked,
        "learn_cpu_s": learn_cpu,
        "producer_restart_s": ended - started,
        "producer_mb": peak_mb(),
    }


async def archiving(home: Path) -> Figures:
    """Archive what one turn archives at most of a first turn's jobs."""
    async with FileSpool.open(home / "queue", RELAXED) as spool:
        with EvidenceStore(home / "queue" / ".state" / "evolution.sqlite") as store:
            started = time.perf_counter()
            for _ in range(20):
                ids = store.unarchived(1_000)
                await spool.archive(ids)
                store.mark_archived(ids)
            return {"archive_20_slices_s": time.perf_counter() - started, "archive_mb": peak_mb()}


async def cycling(home: Path) -> Figures:
    """Make a whole turn with a model that answers at once, as a fresh producer."""
    ground = Ground(Home(home), "producer")
    answers = iter(range(1_000_000))
    async with FileSpool.open(home / "queue", RELAXED) as spool:
        with EvidenceStore(home / "queue" / ".state" / "evolution.sqlite") as store:
            desk = Desk(
                spool=spool,
                gateway=ScriptedModel(lambda _: f"Frage {next(answers)}: Was bleibt, wozu, wem?"),
                store=store,
                logs=Logs(home / "logs", "producer"),
                settings=ground.settings,
                space=lambda: space_of(ground.settings(), ("human", "sigma")),
                catalogue=ground.catalogue.current,
            )
            figures: Figures = {}
            for name in ("first_cycle", "next_cycle"):
                started, used = time.perf_counter(), time.process_time()
                await turn(desk, Order(force=True))
                figures[f"{name}_s"] = time.perf_counter() - started
                figures[f"{name}_cpu_s"] = time.process_time() - used
    return figures | {"cycle_mb": peak_mb()}


PARTS: dict[str, Callable[[Path], Awaitable[Figures]]] = {
    part.__name__: part for part in (consuming, absorbing, learning, archiving, cycling)
}


def in_process(part: str, home: Path) -> Figures:
    """Run a part in a process of its own."""
    command = [sys.executable, __file__, "--part", part, "--folder", str(home)]
    told = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: Figures = json.loads(told.stdout.splitlines()[-1])
    return found


def status_figures(home: Path, name: str) -> Figures:
    """Time `syntx status --json`, all of the process, and its CPU beside it."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    command = [sys.executable, "-m", "syntx", "--home", str(home), "status", "--json"]
    started, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, env=environment, check=True)
    spent, now = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    return {f"{name}_s": spent, f"{name}_cpu_s": cpu}


def measure(folder: Path, jobs: int) -> Figures:
    """Fill the homes and measure every part."""
    homes = {name: folder / name for name in ("small", "many", "one-day", "cycle")}
    for home in homes.values():
        lay_out(home)
    figures: Figures = {"jobs": jobs}
    fill_finished(homes["cycle"] / "queue", CYCLE_JOBS, 30)
    note(figures, in_process("cycling", homes["cycle"]))
    fill_waiting(homes["small"] / "queue", 2 * CLAIMS)
    started = time.perf_counter()
    fill_waiting(homes["many"] / "queue", jobs)
    fill_finished(homes["many"] / "queue", jobs, 30)
    note(figures, {"fill_s": time.perf_counter() - started})
    note(figures, {"claim_us_at_1000": in_process("consuming", homes["small"])["claim_us"]})
    # Folders that just changed are not trusted.
    time.sleep(2.5)
    for name in ("status_first", "status"):
        note(figures, status_figures(homes["many"], name))
    note(figures, in_process("consuming", homes["many"]))
    note(figures, status_figures(homes["many"], "status_after_claims"))
    for part in ("absorbing", "learning", "archiving"):
        note(figures, in_process(part, homes["many"]))
    fill_finished(homes["one-day"] / "queue", jobs, 1)
    time.sleep(2.5)
    note(figures, one_day(homes["one-day"]))
    figures["claim_many_vs_1000"] = round(figures["claim_us"] / figures["claim_us_at_1000"], 2)
    return figures


def one_day(home: Path) -> Figures:
    """Measure the parts that a single huge day folder could hurt, quiet and changed."""
    found = {f"one_day_{name}": value for name, value in in_process("absorbing", home).items()}
    (day,) = (home / "queue" / "processed").iterdir()
    (day / "changed").touch()
    changed = in_process("learning", home)
    return found | {f"one_day_changed_{name}": value for name, value in changed.items()}


def note(figures: Figures, found: Figures) -> None:
    """Keep and print what was found."""
    for name, value in found.items():
        figures[name] = round(value, 3)
        print(f"{name:40} {value:12.3f}", file=sys.stderr, flush=True)


def main() -> None:
    """Measure everything, or one part."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--jobs", type=int, default=1_000_000)
    parser.add_argument("--quick", action="store_true", help="20,000 jobs")
    parser.add_argument("--json", action="store_true", help="nothing but the last line")
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp"), help="where to measure")
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    options: Any = parser.parse_args()
    if options.part:
        print(json.dumps(asyncio.run(_run(PARTS[options.part], options.folder))))
        return
    with tempfile.TemporaryDirectory(prefix="bench-million-", dir=options.folder) as folder:
        figures = measure(Path(folder), 20_000 if options.quick else options.jobs)
    print(json.dumps(figures))


async def _run(part: Callable[[Path], Awaitable[Figures]], home: Path) -> Figures:
    return await part(home) | {f"{part.__name__}_cpu_s": time.process_time()}


if __name__ == "__main__":
    main()
