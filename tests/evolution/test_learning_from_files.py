from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from evolution.analyzer import learn
from evolution.evidence import EvidenceStore
from evolution.learner import believe
from evolution.recipes import Space
from syntx.job import Job
from syntx.spool.files import FileSpool
from syntx.spool.opening import SpoolOptions


@pytest.fixture
async def files(tmp_path: Path) -> AsyncIterator[FileSpool]:
    """Open a spool on real files."""
    options = SpoolOptions(durability="relaxed", watch=False)
    async with FileSpool.open(tmp_path / "queue", options) as spool:
        yield spool


async def process(files: FileSpool, jobs: list[Job]) -> None:
    """Submit jobs without their verdicts, claim them all, and settle them with these."""
    endings = {job.id: job for job in jobs}
    waiting = [job.model_copy(update={"verdict": None, "attempts": ()}) for job in jobs]
    await files.submit(waiting)
    for _ in jobs:
        claim = await files.claim()
        assert claim is not None
        ended = endings[claim.job.id]
        assert ended.verdict is not None
        await files.settle(claim, ended.verdict, ended.attempts[0])


async def test_a_deleted_state_is_rebuilt_from_the_job_files(
    files: FileSpool, tmp_path: Path, space: Space, finished_job: Callable[..., Job]
) -> None:
    """Evidence and belief are the same after the store was deleted, with most jobs archived."""
    with EvidenceStore(tmp_path / "kept.sqlite") as store:
        for start in (0, 15):
            scores = [None if n % 7 == 0 else 3 * n for n in range(start, start + 15)]
            await process(files, [finished_job(start + n, s) for n, s in enumerate(scores)])
            before = (await learn(files, store)).rows
            assert await files.archive(store.unarchived()) > 0
            store.mark_archived(store.unarchived())
        assert (await learn(files, store)).rows == before
    with EvidenceStore(tmp_path / "rebuilt.sqlite") as store:
        after = (await learn(files, store)).rows

    assert len(after) == 30
    assert after == before
    assert believe(space, after, 50).mean.tolist() == believe(space, before, 50).mean.tolist()


async def test_a_bad_file_among_finished_jobs_is_reported(
    files: FileSpool, tmp_path: Path, finished_job: Callable[..., Job]
) -> None:
    """What is no job is named with its reason, and the job beside it is learned."""
    job = finished_job(1)
    await process(files, [job])
    bad = f"{finished_job(2).id}.json"
    (tmp_path / "queue" / "error" / job.day / bad).write_text("{not JSON")

    with EvidenceStore(tmp_path / "evolution.sqlite") as store:
        learned = await learn(files, store)

    assert [row.job_id for row in learned.rows] == [job.id]
    assert [name.rpartition("/")[2] for name, _ in learned.unreadable] == [bad]
