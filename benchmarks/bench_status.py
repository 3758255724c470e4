"""How long `syntx status --json` takes, beside an interpreter that does nothing.

    python benchmarks/bench_status.py [--json] [--jobs N] [--runs N]

Both are whole processes of the same Python, run in turn, so that a disturbance hits both alike.
The home has `--jobs` finished jobs and a hundred that wait. With `--json` the last line is one JSON
object: medians in milliseconds, and their ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from syntx.ids import new_ids
from syntx.observing.basics import SETTLED_NS
from syntx.shipped.laying_out import lay_out

CHECKOUT = Path(__file__).resolve().parents[1]
WAITING = 100


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON, too")
    parser.add_argument("--jobs", type=int, default=10_000, help="finished jobs in the home")
    parser.add_argument("--runs", type=int, default=10, help="runs of each")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        fill(home, chosen.jobs)
        nothing = [sys.executable, "-c", "pass"]
        status = [sys.executable, "-m", "syntx", "--home", str(home), "status", "--json"]
        time.sleep(SETTLED_NS / 1e9)
        for command in (nothing, status, status):
            seconds_of(command)
        pairs = [(seconds_of(nothing), seconds_of(status)) for _ in range(chosen.runs)]
    base, taken = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
    ratio = taken / base
    print(f"python -c pass {base:.1f} ms, syntx status --json {taken:.1f} ms, ratio {ratio:.1f}")
    if chosen.json:
        figures = {"nothing_ms": base, "status_ms": taken, "ratio": ratio, "jobs": chosen.jobs}
        print(json.dumps(figures))


def fill(home: Path, jobs: int) -> None:
    """Lay out a home with so many finished jobs."""
    lay_out(home)
    for folder, number in (("processed/2026-11-20", jobs), ("incoming", WAITING)):
        place = home / "queue" / folder
        place.mkdir(parents=True, exist_ok=True)
        for job_id in new_ids([("topic", None)] * number):
            (place / f"{job_id}.json").write_text("{}", encoding="utf-8")


def seconds_of(command: list[str]) -> float:
    """Run a command to its end; returns how long that took, in seconds.

    Its modules are compiled once and kept, as an installation has them.
    """
    start = time.perf_counter()
    subprocess.run(
        command,
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTHONDONTWRITEBYTECODE": ""},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
