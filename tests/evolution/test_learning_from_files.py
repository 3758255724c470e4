from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from evolution.analyzer import absorb, learn
from evolution.evidence import EvidenceStore
from evolution.learner import believe
from evolution.recipes import Space
from evolution.tallies import Terms
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
            before = (await learn(files, store, Terms())).evidence
            learned = store.unarchived(100)
            assert await files.archive(learned) == len(learned) > 0
            store.mark_archived(learned)
        assert (await learn(files, store, Terms())).evidence == before
    with EvidenceStore(tmp_path / "rebuilt.sqlite") as store:
        after = (await learn(files, store, Terms())).evidence
        assert store.count() == 30

    assert after == before
    assert believe(space, after).mean.tolist() == believe(space, before).mean.tolist()


async def test_a_bad_file_among_finished_jobs_is_reported(
    files: FileSpool, tmp_path: Path, finished_job: Callable[..., Job]
) -> None:
    """What is no job is named with its reason, and the job beside it is learned."""
    job = finished_job(1)
    await process(files, [job])
    bad = f"{finished_job(2).id}.json"
    (tmp_path / "queue" / "error" / job.day / bad).write_text("{not JSON")

    with EvidenceStore(tmp_path / "evolution.sqlite") as store:
        learned = await learn(files, store, Terms())
        assert store.known([job.id, finished_job(2).id]).keys() == {job.id}

    assert [name.rpartition("/")[2] for name, _ in learned.unreadable] == [bad]


async def test_a_look_asks_the_database_as_often_whatever_is_known(
    files: FileSpool,
    tmp_path: Path,
    finished_job: Callable[..., Job],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With two jobs known or with two hundred, one more costs the same number of queries."""
    queries: list[str] = []
    with EvidenceStore(tmp_path / "evolution.sqlite") as store:
        real = store.read
        monkeypatch.setattr(
            store, "read", lambda query, *values: queries.append(query) or real(query, *values)
        )

        async def cost_of_one_more(number: int) -> int:
            await process(files, [finished_job(number, 95)])
            queries.clear()
            await learn(files, store, Terms())
            return len(queries)

        await process(files, [finished_job(number, 95) for number in range(2)])
        await absorb(files, store)
        few = await cost_of_one_more(2)
        await process(files, [finished_job(number, 95) for number in range(3, 203)])
        await absorb(files, store)

        assert await cost_of_one_more(203) == few
        assert store.count() == 204


async def test_a_job_retried_by_an_operator_counts_anew(
    files: FileSpool, tmp_path: Path, finished_job: Callable[..., Job]
) -> None:
    """Its new verdict takes the place of the old one, though the job is known."""
    job = finished_job(1, 40, prompt="Frage")
    better = finished_job(1, 95, prompt="Frage")
    assert better.verdict is not None
    failed = better.verdict.model_copy(update={"outcome": "low_score", "score": job.verdict.score})  # type: ignore[union-attr]
    with EvidenceStore(tmp_path / "evolution.sqlite") as store:
        await process(files, [job.model_copy(update={"verdict": failed})])
        await absorb(files, store)
        await files.reopen([job.id])
        while (claim := await files.claim()) is None:
            await files.wait(1)
        await files.settle(claim, better.verdict, better.attempts[0])

        learned = await learn(files, store, Terms())

        assert store.outcomes([job.id]) == {job.id: "passed"}
        assert [each.scores.total for each in learned.evidence.learnable] == [95]


async def test_a_rebuild_without_the_archive_forgets_nothing(
    files: FileSpool, tmp_path: Path, finished_job: Callable[..., Job]
) -> None:
    """What is known of jobs that were deleted is kept; those that are there are read anew."""
    jobs = [finished_job(n, None if n % 5 == 0 else 3 * n) for n in range(30)]
    family = {"parents": (jobs[1].id,), "family": jobs[1].id}
    await process(files, [job.model_copy(update=family) if job != jobs[1] else job for job in jobs])
    with EvidenceStore(tmp_path / "kept.sqlite") as store:
        before = (await learn(files, store, Terms())).evidence
        lineage = store.read("SELECT * FROM lineage ORDER BY child")
        await files.archive([job.id for job in jobs[:20]])
        shutil.rmtree(tmp_path / "queue" / "archive")

        for _ in range(2):
            store.forget()
            assert store.count() == 0
            store.forget()
            assert (await learn(files, store, Terms())).evidence == before
            assert store.read("SELECT * FROM lineage ORDER BY child") == lineage
            assert store.count() == 30
