"""What it costs to analyse one generation when a million jobs were learned from and archived.

    python benchmarks/bench_analysis.py [--jobs N] [--fresh N,N] [--files] [--json] [--quick]

Makes a home whose store knows N archived jobs (with `--files` they lie in archive/ too), lets a
generation end, and measures what the producer does with it: look, judge for drift, sum up,
believe, claim, pick examples, report and choose. Each measurement runs in a process of its own,
whose greatest memory counts. The readers `syntx generations`, `analyze` and `lineage` are measured
as whole processes. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from million_jobs import fill_finished, rows_of

from evolution.analyzer import Learned, absorb, judged, terms_of
from evolution.choosing import Options, choose, dice
from evolution.evidence import EvidenceStore
from evolution.lift import lift
from evolution.recipes import Space
from evolution.reporting import report
from producer.lessons import lessons
from syntx.cli import collect_rarely, one_thread_for_matrices
from syntx.ground import Ground
from syntx.home import Home
from syntx.shipped.laying_out import lay_out
from syntx.spool.files import FileSpool
from syntx.spool.opening import SpoolOptions

Figures = dict[str, float]
DAYS = 30
SLICE = 50_000
READERS = ("generations --last 5", "analyze", "lineage {job}")


def peak_mb() -> float:
    """Return the most memory this process ever had resident, in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


async def analysing(home: Path) -> Figures:
    """Do what a producer's turn does between a consumed generation and the next drafts."""
    ground = Ground(Home(home), "producer")
    settings = ground.settings()
    producer = settings.evolution.producer
    space = _space()
    before = peak_mb()
    spent: dict[str, tuple[float, float]] = {}
    async with FileSpool.open(home / "queue", SpoolOptions(durability="relaxed")) as spool:
        with EvidenceStore(home / "queue" / ".state" / "evolution.sqlite") as store:
            known, started = store.count(), _clocks()
            await absorb(spool, store)
            spent["absorb"] = _clocks()
            evidence = judged(store, terms_of(producer))
            spent["evidence"] = _clocks()
            taught = lessons(space, Learned(evidence, ()), producer)
            spent["lessons"] = _clocks()
            report(evidence)
            lift(evidence.arms)
            spent["report"] = _clocks()
            options, rng = Options(0.8, producer.steering), dice(0, store.next_number())
            choose(space, evidence, 20, options, rng, taught.belief)
            spent["choose"] = _clocks()
            fresh = store.count() - known
    figures: Figures = {"fresh": fresh}
    last = started
    for name, moment in spent.items():
        figures[f"{name}_s"], figures[f"{name}_cpu_s"] = (
            now - then for now, then in zip(moment, last, strict=True)
        )
        last = moment
    figures["analysis_s"], figures["analysis_cpu_s"] = (
        now - then for now, then in zip(last, started, strict=True)
    )
    return {**figures, "analysis_mb": peak_mb(), "imports_mb": before}


def _clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _space() -> Space:
    """Return the space the filled jobs were drawn from."""
    topics = {f"category {c}": [(f"topic {t}", 1.0) for t in range(c, 33, 7)] for c in range(7)}
    styles = [f"style {n}" for n in range(4)]
    patterns = {f"pattern {n}": "" for n in range(6)}
    return Space.of(topics, styles, [f"wrapper {n}" for n in range(10)], patterns)


def in_process(home: Path) -> Figures:
    """Analyse in a process of its own."""
    command = [sys.executable, __file__, "--part", str(home)]
    told = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: Figures = json.loads(told.stdout.splitlines()[-1])
    return found


def reading(home: Path, command: str) -> Figures:
    """Time a command, all of its process."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    argv = [sys.executable, "-m", "syntx", "--home", str(home), *command.split()]
    started = time.perf_counter()
    subprocess.run(argv, stdout=subprocess.DEVNULL, env=environment, check=True)
    name = command.split()[0]
    return {f"{name}_s": time.perf_counter() - started}


def measure(folder: Path, jobs: int, fresh: list[int], *, files: bool) -> Iterator[Figures]:
    """Fill a home and measure it."""
    home = folder / "home"
    lay_out(home)
    started = time.perf_counter()
    if files:
        fill_finished(home / "queue", jobs, DAYS)
        (home / "queue" / "processed").rename(home / "queue" / "archive")
    path = home / "queue" / ".state" / "evolution.sqlite"
    with EvidenceStore(path) as store:
        for start in range(0, jobs, SLICE):
            store.keep_rows(rows_of(range(start, min(start + SLICE, jobs)), jobs, DAYS))
        store.record((), cursor={})
        with store.writing() as db:
            db.execute("UPDATE evidence SET archived = 1")
        filled = time.perf_counter()
        judged(store, terms_of(Ground(Home(home), "producer").settings().evolution.producer))
    yield {"jobs": jobs, "fill_s": filled - started, "first_s": time.perf_counter() - filled}
    yield {"store_mb": path.stat().st_size / 1e6}
    first = jobs
    for count in fresh:
        fill_finished(home / "queue", count, DAYS, first, jobs)
        first += count
        yield {f"{name}_{count}": value for name, value in in_process(home).items()}
    job = next((home / "queue" / "processed").rglob("*.json")).stem
    for command in READERS:
        yield reading(home, command.format(job=job))


def note(figures: Figures, found: Figures) -> None:
    """Keep and print what was found."""
    for name, value in found.items():
        figures[name] = round(value, 3)
        print(f"{name:30} {value:12.3f}", file=sys.stderr, flush=True)


def main() -> None:
    """Measure everything, or one analysis."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--jobs", type=int, default=1_000_000)
    parser.add_argument("--fresh", default="20,1000", help="how many end before each analysis")
    parser.add_argument("--files", action="store_true", help="the archived files are there too")
    parser.add_argument("--quick", action="store_true", help="20,000 jobs")
    parser.add_argument("--json", action="store_true", help="nothing but the last line")
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp"), help="where to measure")
    parser.add_argument("--part", type=Path, help=argparse.SUPPRESS)
    options: Any = parser.parse_args()
    if options.part:
        collect_rarely()
        print(json.dumps(asyncio.run(analysing(options.part))))
        return
    figures: Figures = {}
    one_thread_for_matrices()
    fresh = [int(count) for count in options.fresh.split(",")]
    jobs = 20_000 if options.quick else options.jobs
    with tempfile.TemporaryDirectory(prefix="bench-analysis-", dir=options.folder) as folder:
        for found in measure(Path(folder), jobs, fresh, files=options.files):
            note(figures, found)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
