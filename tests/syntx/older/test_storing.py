from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from syntx.errors import JobExists, SpoolError
from syntx.job import Job
from syntx.older.storing import BATCH, Tally, composed, store
from syntx.older.verdicts import Terms
from syntx.spool.files import FileSpool
from syntx.spool.memory import MemorySpool
from syntx.spool.opening import SpoolOptions


class _Failing(MemorySpool):
    """A spool whose disk is full after the first deposits."""

    left = 1

    async def deposit(self, jobs: Sequence[Job]) -> int:
        self.left -= 1
        if self.left < 0:
            raise SpoolError("the disk is full")
        return await super().deposit(jobs)


class _Racing(MemorySpool):
    """A spool into which another put the job first, unseen."""

    async def submit(self, jobs: Sequence[Job]) -> None:
        raise JobExists("it is already there")


def _many(older: Any, count: int) -> None:
    for number in range(count):
        name = f"20251126_030512_{number:06d}__topic_x__style_y"
        older.put("processed", f"Frage {number}?", {"status": "success"}, "Antwort", name)


async def _import(older: Any, spool: MemorySpool) -> Tally:
    tally = Tally()
    await store(spool, composed(older.read(), Terms(older.now), tally), tally)
    return tally


async def test_an_import_cut_short_is_made_whole_by_the_next(older: Any) -> None:
    """What was stored before the disk failed stays, and the next run adds the rest."""
    _many(older, BATCH + 40)
    spool = _Failing()
    with pytest.raises(SpoolError):
        await _import(older, spool)
    spool.left = 10
    tally = await _import(older, spool)

    assert (tally.finished, tally.already_there) == ({"passed": 40}, BATCH)
    assert (await spool.counts()).processed == BATCH + 40


async def test_a_copy_is_counted_and_another_job_of_the_same_id_is_told(older: Any) -> None:
    """Two copies are one job; two jobs under one ID are never silently one."""
    data = older.metadata(syntex_result=older.result())
    own = {**data, "syntx": {"id": "20251126T030512.000123Z-0000"}}
    older.put("processed", older.prompt, data, older.answer)
    older.put("archive", older.prompt, data, older.answer)
    older.put("error", "Eins?", own, older.answer, name="20251126_030512_000001__a")
    older.put("error", "Zwei?", own, older.answer, name="20251126_030512_000002__b")
    tally = await _import(older, MemorySpool())

    assert (sum(tally.finished.values()), tally.already_there) == (2, 1)
    assert [(item.path, item.reason) for item in tally.skipped] == [
        ("error/20251126_030512_000002__b", "same_id")
    ]


async def test_a_waiting_job_that_another_brought_meanwhile_is_there(older: Any) -> None:
    """Losing that race is no error."""
    older.put("incoming", older.prompt, older.metadata())
    tally = await _import(older, _Racing())
    assert (tally.waiting, tally.already_there) == (0, 1)


async def test_a_waiting_job_of_the_future_is_not_brought_twice(older: Any, tmp_path: Path) -> None:
    """Even where the older clock ran ahead, a job that a worker holds already is found."""
    older.put("incoming", older.prompt, {}, name="20990101_000000_000000__topic_x__style_y")
    options = SpoolOptions(watch=False, durability="relaxed")
    async with (
        FileSpool.open(tmp_path / "queue", options) as worker,
        FileSpool.open(tmp_path / "queue", options) as second,
    ):
        assert (await _import(older, worker)).waiting == 1
        assert await worker.claim() is not None
        assert (await _import(older, second)).already_there == 1
