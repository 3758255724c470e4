"""What every spool tells of its jobs: where they stand, what ended, what is archived."""

from __future__ import annotations

from gathering import gathered
from spool_jobs import attempt, jobs_of, take

from syntx.job import Verdict
from syntx.spool.contract import Spool


async def test_counts_tell_where_jobs_stand(spool: Spool) -> None:
    """Every state is counted, and the age of the oldest waiting job told."""
    jobs = jobs_of(6)
    await spool.submit(jobs)
    ended = [await take(spool), await take(spool)]
    failing, retried = await spool.claim(), await spool.claim()
    assert failing is not None
    assert retried is not None
    await spool.settle(failing, Verdict(outcome="failed"), attempt())
    await spool.retry(retried, attempt(), 60)
    assert await spool.claim() is not None
    await spool.archive([ended[0].id])

    counts = await spool.counts()

    assert (counts.incoming, counts.retry, counts.processing) == (1, 1, 1)
    assert (counts.processed, counts.error, counts.archive) == (1, 1, 1)
    assert counts.waiting == 2
    assert counts.oldest_waiting_s is not None


async def test_an_empty_spool_waits_for_nobody(spool: Spool) -> None:
    """There is no oldest job in an empty spool."""
    assert (await spool.counts()).oldest_waiting_s is None


async def test_locate_follows_a_job(spool: Spool) -> None:
    """A job is in exactly the state its last verb left it in."""
    (job,) = jobs_of(1)
    seen = [await spool.locate(job.id)]
    await spool.submit([job])
    seen.append(await spool.locate(job.id))
    claim = await spool.claim()
    assert claim is not None
    seen.append(await spool.locate(job.id))
    await spool.retry(claim, attempt(), 0)
    seen.append(await spool.locate(job.id))
    await take(spool)
    seen.append(await spool.locate(job.id))
    await spool.archive([job.id])
    seen.append(await spool.locate(job.id))

    assert seen == [None, "incoming", "processing", "retry", "processed", "archive"]


async def test_finished_leaves_out_what_is_known(spool: Spool) -> None:
    """Known jobs are not read again, and the version is the same at every look."""
    jobs = jobs_of(4)
    await spool.submit(jobs)
    for _ in jobs:
        await take(spool)
    versions: dict[str, int] = {}

    def known(job_id: str, version: int) -> bool:
        return versions.setdefault(job_id, version) == version and job_id < jobs[2].id

    first = await gathered(spool, {}, known)
    second = await gathered(spool, {}, known)

    assert [job.id for job in first.jobs] == [job.id for job in jobs[2:]]
    assert [job.id for job in second.jobs] == [job.id for job in jobs[2:]]


async def test_finished_goes_on_from_its_cursor(spool: Spool) -> None:
    """A job that ended after a look is found by the next, whatever its age."""
    jobs = jobs_of(2)
    await spool.submit(jobs)
    late = await spool.claim()
    assert late is not None
    await take(spool)
    first = await gathered(spool)
    known = {job.id for job in first.jobs}
    await spool.settle(late, Verdict(outcome="passed"), attempt())

    second = await gathered(spool, first.cursor, lambda job_id, _: job_id in known)

    assert known == {jobs[1].id}
    assert [job.id for job in second.jobs] == [jobs[0].id]


async def test_the_archive_is_read_only_when_asked_for(spool: Spool) -> None:
    """Archived jobs leave `finished`, but a rebuild still finds them."""
    (job,) = jobs_of(1)
    await spool.submit([job])
    await take(spool)

    moved = await spool.archive([job.id, "20200101T000000.000000Z-0000"])

    assert moved == 1
    assert (await gathered(spool)).jobs == ()
    rebuilt = await gathered(spool, archived=True)
    assert [one.id for one in rebuilt.jobs] == [job.id]
