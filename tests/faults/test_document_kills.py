"""SIGKILL at random moments of a document job: it goes on, and pays for no answer twice."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
from document_consuming import consume
from document_jobs import asked_of, configure, ended, folder, outputs, verdict_of

from syntx.commands.working.folder_jobs import folder_job
from syntx.home import Home
from syntx.settings.models import Queue
from syntx.shipped.laying_out import lay_out
from syntx.simulator.options import SimulatorOptions
from syntx.simulator.running import running
from syntx.spool.files import FileSpool

ID = "20261121T100000.000000Z-7f3a-auftrag"
KILLS_PER_JOB = 8
"""A job may cost nine workers their lives."""
PATIENCE = 100.0


@pytest.fixture
def simulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Models that take a moment to answer, so that kills meet calls in flight."""
    # The server that consumers are forked from finds by this what it is to import beforehand.
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    with running(SimulatorOptions(latency=0.03)) as url:
        yield url


@dataclass
class Run:
    """One job in a home of its own, worked on by consumers that are killed."""

    root: Path
    url: str
    calls: int = 0
    kills: int = 0
    lost: int = 0
    """Calls that were made and whose answers were not on disk yet when their worker was killed."""
    before: int = 0
    seen: list[list[dict[str, Any]]] = field(default_factory=list)
    """The finished actions as they were recorded at each kill."""

    def start(self) -> BaseProcess:
        """Start a consumer."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["document_consuming"])
        process = context.Process(target=consume, args=(self.root, self.url, 1))
        process.start()
        return process

    def work(self, kills: int, moment: Callable[[], float]) -> None:
        """Let consumers work on the job, and kill some of them in the middle of it."""
        self.before = asked_of(self.url)
        while self.kills < kills and self._killed(moment()):
            self.kills += 1
        last = self.start()
        last.join(PATIENCE)
        assert last.exitcode == 0
        self.calls = asked_of(self.url) - self.before

    def _killed(self, seconds: float) -> bool:
        """Kill a consumer so many seconds after it began; False when the job was done before."""
        process = self.start()
        until = time.monotonic() + PATIENCE
        while not self._is_held(process) and process.is_alive():
            assert time.monotonic() < until
            time.sleep(0.005)
        process.join(seconds)
        process.kill()
        process.join()
        if ended(Home(self.root)):
            return False
        self.seen.append(self._actions())
        self._count_lost()
        return True

    def _count_lost(self) -> None:
        """See whether a call was in flight: at most one may have been, and nothing else is lost."""
        asked = _settled(lambda: asked_of(self.url))
        lost = asked - self.before - self.lost - self.answers
        assert lost in (0, 1), f"{lost} answers were asked for again, or lost, by one kill"
        self.lost += lost

    @property
    def answers(self) -> int:
        """How many answers are on disk."""
        return sum(1 for _ in self.root.glob(f"queue/**/{ID}*/workflow/answers/*.json"))

    def _is_held(self, process: BaseProcess) -> bool:
        held = self.root.glob(f"queue/processing/*-{process.pid}-*/{ID}*")
        return any(held) or bool(ended(Home(self.root)))

    def _actions(self) -> list[dict[str, Any]]:
        """Return the actions in the saved state, wherever the job lies."""
        state = next(self.root.glob(f"queue/**/{ID}*/workflow/state.json"), None)
        if state is None:  # killed before it was first saved
            return []
        found: list[dict[str, Any]] = json.loads(state.read_bytes())["actions"]
        return found

    @property
    def entry(self) -> Path:
        """The folder of the job that ended."""
        (found,) = ended(Home(self.root)).values()
        return found

    @property
    def seconds(self) -> float:
        """How long the work took, from the first action to the last."""
        first, last = self.record["actions"][0], self.record["actions"][-1]
        took = datetime.fromisoformat(last["ended"]) - datetime.fromisoformat(first["started"])
        return took.total_seconds()

    @property
    def record(self) -> dict[str, Any]:
        """The record of the workflow."""
        found: dict[str, Any] = json.loads(outputs(self.entry)["workflow.json"])
        return found


def _settled(read: Callable[[], int]) -> int:
    """Read a count until it no longer changes: what a dead worker sent may still arrive."""
    last, now = -1, read()
    while last != now:
        time.sleep(0.1)
        last, now = now, read()
    return now


async def submitted(root: Path, url: str, source: Path) -> Run:
    """Let the job wait in a fresh home, under the same ID in each."""
    lay_out(root)
    configure(Home(root))
    async with FileSpool.open(root / "queue") as spool:
        await spool.submit_folder(folder_job(source, ID, {}, Queue()), source)
    return Run(root, url)


def check_same(run: Run, calm: Run) -> None:
    """A killed job yields what an undisturbed one does, and repeats just the calls in flight."""
    where = f"after {run.kills} kills"
    assert run.calls == calm.calls + run.lost, where
    assert run.answers == calm.answers, where
    assert verdict_of(run.entry)["outcome"] == verdict_of(calm.entry)["outcome"]
    assert verdict_of(run.entry)["score"] == verdict_of(calm.entry)["score"]
    mine, theirs = outputs(run.entry), outputs(calm.entry)
    assert sorted(mine) == sorted(theirs)
    for name in set(mine) - {"workflow.json"}:
        assert mine[name] == theirs[name], f"{name} differs {where}"
    actions = run.record["actions"]
    assert _told(actions) == _told(calm.record["actions"]), where
    for seen in run.seen:
        # What was finished at a kill was not done again: not even its times have changed.
        assert actions[: len(seen)] == seen, where


def _told(actions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {key: value for key, value in one.items() if key not in ("started", "ended")}
        for one in actions
    ]


@pytest.mark.parametrize(
    "kills",
    [3, pytest.param(50, marks=[pytest.mark.slow, pytest.mark.timeout(1800)])],
)
async def test_a_killed_job_goes_on_where_it_stood(
    tmp_path: Path, simulator: str, kills: int
) -> None:
    """Whenever its worker is killed, nothing finished is repeated, and the result is the same."""
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    chance = random.Random(seed)
    source = folder(tmp_path / "auftrag", ["ausgaben.csv"], formats=["docx", "md", "xlsx"])
    calm = await submitted(tmp_path / "calm", simulator, source)
    calm.work(0, lambda: 0.0)
    assert len(calm.record["actions"]) >= 10
    seconds = calm.seconds

    runs: list[Run] = []
    while (left := kills - sum(run.kills for run in runs)) > 0:
        run = await submitted(tmp_path / f"{len(runs)}", simulator, source)
        run.work(min(left, KILLS_PER_JOB), lambda: chance.uniform(0, seconds / 2))
        runs.append(run)
        check_same(run, calm)
    assert sum(run.kills for run in runs) == kills
    extra = sum(run.calls - calm.calls for run in runs)
    print(f"{kills} kills in {len(runs)} jobs of {calm.calls} calls, {extra} repeated")
