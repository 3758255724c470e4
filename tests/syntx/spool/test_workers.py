"""Who holds jobs and who lives, as a look from outside tells it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from syntx.ids import new_id
from syntx.job import Job
from syntx.spool.files import FileSpool
from syntx.spool.searching import search
from syntx.spool.workers import workers


async def test_a_living_worker_is_seen_with_what_it_holds(tmp_path: Path) -> None:
    """An open spool lives and holds its claim; a closed one is gone."""
    async with FileSpool.open(tmp_path) as spool:
        await spool.submit([Job(id=new_id(), created_at=datetime.now(UTC), prompt="?")])
        assert await spool.claim() is not None

        (seen,) = workers(tmp_path)
        assert (seen.name, seen.alive, seen.held) == (spool.worker, True, 1)
    assert workers(tmp_path) == []


async def test_a_holder_without_a_lock_is_dead(tmp_path: Path) -> None:
    """A folder of held jobs whose owner has no locked scratch folder is a dead worker's."""
    async with FileSpool.open(tmp_path):
        pass
    (tmp_path / "processing" / "gone").mkdir()
    (tmp_path / "processing" / "gone" / f"{new_id()}.json").touch()

    (seen,) = workers(tmp_path)
    assert (seen.alive, seen.held) == (False, 1)


async def test_a_job_is_found_by_the_beginning_of_its_id(tmp_path: Path) -> None:
    """Wherever it stands, a unique beginning finds the one file."""
    job = Job(id=new_id("Stadt"), created_at=datetime.now(UTC), prompt="?")
    async with FileSpool.open(tmp_path) as spool:
        await spool.submit([job])
        assert [path.parent.name for path in search(tmp_path, job.id[:28])] == ["incoming"]
        await spool.claim()
        assert [path.parent.name for path in search(tmp_path, job.id[:28])] == [spool.worker]
    assert search(tmp_path, "1999") == []
