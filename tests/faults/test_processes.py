"""Real processes on one spool: exclusive claims, SIGKILL, SIGSTOP."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import syntx
from syntx.ids import new_ids
from syntx.job import Job
from syntx.spool.files import FileSpool

Start = Callable[[str], "subprocess.Popen[str]"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where the spool lies."""
    return tmp_path / "queue"


@pytest.fixture
def start(root: Path) -> Iterator[Start]:
    """Start worker processes that end with the test."""
    started: list[subprocess.Popen[str]] = []
    script = str(Path(__file__).with_name("working.py"))
    env = os.environ | {"PYTHONPATH": str(Path(syntx.__file__).parents[1])}

    def begin(deed: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, script, str(root), deed], stdout=subprocess.PIPE, text=True, env=env
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


async def fill(root: Path, count: int) -> set[str]:
    """Submit jobs; returns their IDs."""
    now = datetime.now(UTC)
    ids = new_ids([(None, None)] * count, at=now)
    async with FileSpool.open(root) as spool:
        await spool.submit([Job(id=one, created_at=now, prompt="Frage") for one in ids])
    return set(ids)


def killed_after(process: subprocess.Popen[str], lines: int) -> list[str]:
    """Kill a worker in mid-work; returns the whole lines it had written."""
    assert process.stdout is not None
    first = [process.stdout.readline().strip() for _ in range(lines)]
    process.kill()
    told, _ = process.communicate()
    return first + whole_lines(told)


def whole_lines(told: str) -> list[str]:
    """Leave out a line that was cut off by the kill."""
    return told.splitlines() if told.endswith("\n") else told.splitlines()[:-1]


async def rescued(root: Path) -> None:
    """Let a living process rescue what the dead left."""
    async with FileSpool.open(root) as spool:
        await spool.rescue()
        assert (await spool.counts()).processing == 0
        assert os.listdir(root / ".tmp") == [spool.worker]


def test_no_two_processes_hold_the_same_job(root: Path, start: Start) -> None:
    """Two workers share the queue; each job is settled by one of them."""
    ids = asyncio.run(fill(root, 300))

    workers = [start("drain"), start("drain")]
    told = [worker.communicate()[0].split() for worker in workers]

    assert sorted(told[0] + told[1]) == sorted(ids)
    assert len(list(root.glob("processed/*/*.json"))) == 300


def test_killed_workers_lose_and_double_nothing(root: Path, start: Start) -> None:
    """After SIGKILLs in mid-work every job ends once, and none that was settled runs again."""
    ids = asyncio.run(fill(root, 300))
    told: list[str] = []
    for _ in range(4):
        told += killed_after(start("drain"), random.randint(1, 40))
        asyncio.run(rescued(root))
    told += start("drain").communicate()[0].split()

    assert len(told) == len(set(told))
    assert {path.stem for path in root.glob("processed/*/*.json")} == ids
    assert os.listdir(root / "incoming") == []
    assert os.listdir(root / ".tmp") == []


def test_a_killed_producer_keeps_what_it_promised(root: Path, start: Start) -> None:
    """Every job whose submit returned is there, whole, and nothing half written is."""
    promised = killed_after(start("submit"), random.randint(1, 200))

    asyncio.run(rescued(root))

    waiting = [path.stem for path in (root / "incoming").iterdir()]
    assert set(promised) <= set(waiting)
    assert len(waiting) <= len(promised) + 1
    for path in (root / "incoming").iterdir():
        assert Job.from_bytes(path.read_bytes()).id == path.stem


def test_a_stopped_worker_keeps_its_job_and_a_dead_one_does_not(root: Path, start: Start) -> None:
    """However long it is paused; once it is killed its job is back within a second."""
    (job_id,) = asyncio.run(fill(root, 1))
    worker = start("hold")
    assert worker.stdout is not None
    assert worker.stdout.readline().strip() == job_id
    worker.send_signal(signal.SIGSTOP)

    claim, seconds = asyncio.run(taken_from(root, worker))

    assert (claim.job.id, claim.rescues) == (job_id, 1)
    assert seconds < 1


async def taken_from(root: Path, worker: subprocess.Popen[str]) -> tuple[Any, float]:
    """Find a stopped worker untouchable; kill it, and claim what it held."""
    async with FileSpool.open(root) as spool:
        assert [await spool.rescue() for _ in range(3)] == [0, 0, 0]
        worker.kill()
        dead = time.monotonic()
        while (claim := await spool.claim()) is None and time.monotonic() - dead < 5:
            await spool.rescue()
        return claim, time.monotonic() - dead
