"""A fault at every file-system call of an operator's verbs: no job and no verdict is lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from syntx.ids import new_ids
from syntx.job import Attempt, Job, Verdict
from syntx.spool.contract import Moved

NOW = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
DENIED = pytest.param("EACCES", marks=pytest.mark.slow)
"""What is denied takes the way of what fails otherwise; it is looked at with `-m slow`."""

MODES = ("EIO", "ENOSPC", DENIED, "killed before", "killed after")
ATTEMPT = Attempt(worker="w", started=NOW, ended=NOW)
FAILED = Verdict(outcome="failed", reason="timeout", settled_at=NOW)


def ended_jobs(root: Path, count: int, kind: str) -> list[str]:
    """Let jobs lie in `error/`, each with a verdict; returns their IDs."""
    ids = new_ids([("topic", "style")] * count, at=NOW)
    day = root / "error" / "2026-11-20"
    day.mkdir(parents=True, exist_ok=True)
    for job_id in ids:
        job = Job.model_validate({"id": job_id, "created_at": NOW, "kind": kind, "prompt": "Frage"})
        if kind == "document":
            (day / job_id / "attachments").mkdir(parents=True)
        path = day / f"{job_id}.json" if kind == "prompt" else day / job_id / "job.json"
        path.write_bytes(job.settled(FAILED, ATTEMPT).to_bytes())
    return ids


async def reopen(spool: Any, ids: list[str]) -> Moved:
    """Let them wait again."""
    moved: Moved = await spool.reopen(ids)
    return moved


async def discard(spool: Any, ids: list[str]) -> Moved:
    """Put them aside."""
    moved: Moved = await spool.discard(ids)
    return moved


async def restore(spool: Any, ids: list[str]) -> Moved:
    """Bring them back."""
    moved: Moved = await spool.restore(ids)
    return moved


@dataclass(frozen=True)
class Scenario:
    """A verb, the jobs it is about, and the place it brings them to."""

    act: Callable[[Any, list[str]], Awaitable[Moved]]
    target: str
    count: int = 1
    kind: str = "prompt"
    source: str = "error"


SCENARIOS = {
    "reopen": Scenario(reopen, "incoming"),
    "reopen many": Scenario(reopen, "incoming", count=3),
    "reopen a folder": Scenario(reopen, "incoming", kind="document"),
    "discard": Scenario(discard, "archive", count=2),
    "discard a folder": Scenario(discard, "archive", kind="document"),
    "restore": Scenario(restore, "error", count=2, source="archive"),
}


async def run(one: Any, scenario: Scenario, at: int, fault: str | None) -> tuple[list[str], Moved]:
    """Prepare, act with the fault, and end the process one way or the other."""
    spool = one.open()
    ids = ended_jobs(one.root, scenario.count, scenario.kind)
    if scenario.source == "archive":
        await spool.discard(ids)
    moved = Moved()
    with one.going_wrong(at, fault):
        moved = await scenario.act(spool, ids)
    if not one.disk.dead:
        await spool.close()
    return ids, moved


def jobs_below(root: Path) -> dict[str, list[tuple[str, Job]]]:
    """Return every job on disk with the places it is in, whether file or folder."""
    found: dict[str, list[tuple[str, Job]]] = {}
    for path in sorted(root.rglob("*.json")):
        job = Job.from_bytes(path.read_bytes())
        found.setdefault(job.id, []).append((path.relative_to(root).parts[0], job))
    return found


@pytest.mark.parametrize("fault", MODES)
@pytest.mark.parametrize("name", SCENARIOS)
async def test_a_fault_loses_neither_job_nor_verdict(
    bench: Callable[[], Any], name: str, fault: str
) -> None:
    """Each job is in one place, where it was or where it should be, with all that happened."""
    scenario, counted = SCENARIOS[name], bench()
    ids, moved = await run(counted, scenario, -1, None)
    assert sorted(moved.moved) == ids
    for at, call in enumerate(counted.disk.calls):
        one = bench()
        ids, moved = await run(one, scenario, at, fault)
        await one.recovered()
        found = jobs_below(one.root)
        where = f"{fault} at call {at} ({call}) of {name}"
        assert sorted(found) == ids, where
        for job_id, places in found.items():
            ((place, job),) = places
            assert place in (scenario.source, scenario.target), where
            assert (place == "incoming") == (job.verdict is None), where
            assert place == scenario.target or job_id not in moved.moved, where
            assert the_verdict(job) == "timeout", where
            assert len(the_attempts(job)) == 1, where


def the_verdict(job: Job) -> object:
    """Return the reason a job failed for, told by its verdict or by its history."""
    return job.verdict.reason if job.verdict else job.metadata["earlier_verdicts"][0]["reason"]


def the_attempts(job: Job) -> list[object]:
    """Return the attempts of a job, of now and before."""
    earlier = job.metadata.get("earlier_verdicts", [])
    return [*job.attempts, *(one for verdict in earlier for one in verdict["attempts"])]


@pytest.mark.parametrize("fault", ["EIO", "ENOSPC"])
async def test_a_refused_retry_can_be_tried_again(bench: Callable[[], Any], fault: str) -> None:
    """The same worker, once the disk is well, retries what it could not."""
    counted = bench()
    await run(counted, SCENARIOS["reopen"], -1, None)
    for at, call in enumerate(counted.disk.calls):
        one = bench()
        spool = one.open()
        ids = ended_jobs(one.root, 1, "prompt")
        with one.going_wrong(at, fault):
            await spool.reopen(ids)
        if spool.failure is None:
            await spool.reopen(ids)
        await spool.close()
        (places,) = jobs_below(one.root).values()
        where = f"{fault} at call {at} ({call})"
        assert [place for place, _ in places] == ["incoming"] or spool.failure, where
