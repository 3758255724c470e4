"""Broken on purpose: workers that died, stopped or hang; each is mended by its line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mending import ask, mend, paste, unwell
from observing import environment

from syntx.home import Home
from syntx.ids import new_id
from syntx.job import Job
from syntx.simulator.options import SimulatorOptions
from syntx.simulator.running import running

WORKER = """
import asyncio, signal, sys
from pathlib import Path
from syntx.spool.files import FileSpool
from syntx.spool.opening import SpoolOptions

async def work():
    spool = FileSpool.open(Path(sys.argv[1]), SpoolOptions(watch=False))
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    claim = await spool.claim() if sys.argv[2] == "1" else None
    print("held", flush=True)
    await ended.wait()
    if claim:
        await spool.release(claim)
    await spool.close()

asyncio.run(work())
"""


def put(home: Home, *folders: str) -> str:
    """Put a job that nobody works on into a folder of the queue; returns its ID."""
    now = datetime.now(UTC)
    job = Job(id=new_id(at=now), created_at=now, prompt="Warum?")
    folder = Path(home.root, "queue", *folders)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{job.id}.json").write_bytes(job.to_bytes())
    return job.id


@pytest.fixture
def worker(home: Home, request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    """Give a process that holds a job of the queue, or none, until it is told to end."""
    held = getattr(request, "param", 1)
    put(home, "incoming")
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(home.root / "queue"), str(held)],
        env=environment(PATH=os.environ["PATH"]),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.mark.parametrize("scratch", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_jobs_of_a_dead_worker_are_worked_on(home: Home, scratch: bool) -> None:
    """A consumer takes over what a worker died with, also where its scratch folder is gone."""
    dead = put(home, "processing", "gone-1-2-3-4")
    if scratch:
        (home.root / "queue" / ".tmp" / "gone-1-2-3-4").mkdir(parents=True)

    with running(SimulatorOptions(latency=0.0)) as url:
        check = mend(home, "jobs", SYNTX_SIMULATOR_URL=url)

    assert "died holding 1 job" in check["text"]
    assert list((home.root / "queue").glob(f"[pe]*r*/*/{dead}.json"))


@pytest.mark.parametrize("worker", [1, 0], indirect=True)
def test_a_stopped_worker_is_continued(home: Home, worker: subprocess.Popen[str]) -> None:
    """A worker that a signal stopped keeps its jobs and takes no other; the line lets it go on."""
    os.kill(worker.pid, signal.SIGSTOP)
    os.waitid(os.P_PID, worker.pid, os.WSTOPPED | os.WNOWAIT)
    check = mend(home, "jobs")
    assert check["fix"] == f"kill -CONT {worker.pid}"


@pytest.mark.slow
def test_a_worker_that_holds_a_job_for_too_long_is_ended(
    home: Home, worker: subprocess.Popen[str]
) -> None:
    """It gives the job back, which then waits for the next consumer."""
    (home.config / "system.yaml").write_text("monitoring: {stuck_seconds: 0.000001}\n")
    (check,) = unwell(ask(home, "jobs"))
    assert "held 1 job" in check["text"]

    paste(check["fix"])
    worker.wait(60)

    (left,) = unwell(ask(home, "jobs"))
    assert left["text"] == "1 job waits and no consumer runs"
