"""Reading one job that ended, wherever it lies by now."""

from __future__ import annotations

from pathlib import Path

import pytest
from spool_jobs import attempt, jobs_of, take

from syntx.job import Verdict
from syntx.spool.contract import Spool
from syntx.spool.files import FileSpool


async def test_an_ended_job_is_read_wherever_it_lies(spool: Spool) -> None:
    """Passed, failed and archived jobs are read whole, with their verdict."""
    jobs = jobs_of(3)
    await spool.submit(jobs)
    await take(spool)
    await take(spool)
    failing = await spool.claim()
    assert failing is not None
    await spool.settle(failing, Verdict(outcome="failed", reason="timeout"), attempt())
    await spool.archive([jobs[1].id])

    found = [await spool.read(job.id) for job in jobs]

    assert [job and job.prompt for job in found] == [job.prompt for job in jobs]
    assert [job and job.verdict and job.verdict.outcome for job in found] == [
        "passed", "passed", "failed",
    ]  # fmt: skip


async def test_what_has_not_ended_is_not_read(spool: Spool) -> None:
    """A waiting, held or discarded job, an unknown one and a name that is none give nothing."""
    waiting, failing = jobs_of(2)
    await spool.submit([waiting, failing])
    assert await spool.read(waiting.id) is None
    held = await spool.claim()
    assert held is not None
    assert await spool.read(held.job.id) is None
    await spool.settle(held, Verdict(outcome="failed"), attempt())
    await spool.discard([held.job.id])

    assert await spool.read(held.job.id) is None
    assert await spool.read("20200101T000000.000000Z-0000") is None
    assert await spool.read("../../etc/passwd") is None


@pytest.mark.parametrize("harm", ["no job", "folder", "another", "gone"])
async def test_what_cannot_be_read_gives_nothing(tmp_path: Path, harm: str) -> None:
    """A damaged, replaced or deleted file is no error: there is just no such job any more."""
    async with FileSpool.open(tmp_path) as spool:
        job, other = jobs_of(2)
        await spool.submit([job, other])
        await take(spool)
        await take(spool)
        path = tmp_path / "processed" / job.day / f"{job.id}.json"
        content = path.with_name(f"{other.id}.json").read_bytes()
        path.unlink()
        if harm == "folder":
            path.mkdir()
        elif harm != "gone":
            path.write_bytes(b"{" if harm == "no job" else content)

        assert await spool.read(job.id) is None
        assert await spool.read(other.id) is not None
