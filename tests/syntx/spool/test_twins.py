"""Two entries of one ID: both are kept, the second waits for the first, nobody else stops."""

from __future__ import annotations

from typing import Any

import pytest

from syntx.errors import SpoolError
from syntx.job import Verdict
from syntx.spool.files import FileSpool
from syntx.spool.syscalls import Disk


async def test_a_copy_of_a_held_job_waits_until_that_has_left(yard: Any, spool: FileSpool) -> None:
    """It neither replaces the held one nor makes it impossible to settle."""
    await spool.submit([job := yard.job()])
    claim = await spool.claim()
    assert claim is not None
    for name in (f"{job.id}.json", *(f"{job.id}.t{n}.json" for n in range(1, 80))):
        (yard.root / "incoming" / name).write_bytes(job.to_bytes())
    yard.clock.turn(5)

    assert await spool.claim() is None
    await spool.settle(claim, Verdict(outcome="passed"), yard.attempt())
    yard.clock.turn(5)
    second = await spool.claim()

    assert second is not None
    assert second.job.id == job.id
    await spool.settle(second, Verdict(outcome="passed", message="anew"), yard.attempt())
    assert [event for event, _ in yard.events] == ["settle_conflicted"]


async def test_a_retry_that_is_due_beside_a_copy(yard: Any, spool: FileSpool) -> None:
    """Both wait, and so does every other retry."""
    jobs = [yard.job(), yard.job()]
    await spool.submit(jobs)
    for _ in jobs:
        claim = await spool.claim()
        assert claim is not None
        await spool.retry(claim, yard.attempt(), 1)
    (yard.root / "incoming" / f"{jobs[0].id}.json").write_bytes(jobs[0].to_bytes())
    yard.clock.turn(5)

    settled = []
    for _ in range(3):
        claim = await spool.claim()
        assert claim is not None
        settled.append(claim.job.id)
        await spool.settle(claim, Verdict(outcome="passed"), yard.attempt())
        yard.clock.turn(5)

    assert sorted(settled) == sorted([jobs[0].id, jobs[0].id, jobs[1].id])


async def test_retries_come_back_after_the_disk_refused_one(yard: Any) -> None:
    """A move that fails once strands neither this retry nor those due with it."""

    class Refusing(Disk):
        refused = 0

        def rename_new(self, source: str, target: str) -> None:
            if "/retry/" in source and not self.refused:
                self.refused += 1
                raise OSError(5, "Input/output error", source)
            super().rename_new(source, target)

    async with FileSpool.open(yard.root, yard.options(), disk=Refusing()) as spool:
        await spool.submit([yard.job() for _ in range(3)])
        for _ in range(3):
            claim = await spool.claim()
            assert claim is not None
            await spool.retry(claim, yard.attempt(), 1)
        yard.clock.turn(5)

        with pytest.raises(SpoolError, match="Input/output"):
            await spool.claim()
        yard.clock.turn(5)

        assert None not in [await spool.claim() for _ in range(3)]
