"""Finding what ended: each job once, at the cost of what is new."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from gathering import gathered

from syntx.ids import new_id
from syntx.job import Verdict
from syntx.spool.syscalls import Disk


async def test_finished_lists_only_folders_that_changed(yard: Any, monkeypatch: Any) -> None:
    """A quiet day folder is known by its mtime and not listed again."""
    async with yard.open() as spool:
        await yard.ended(spool)
        (day,) = (yard.root / "processed").iterdir()
        os.utime(day, (1_000_000_000, 1_000_000_000))
        first = await gathered(spool)
        listed: list[str] = []
        real = Disk.scanning
        monkeypatch.setattr(
            Disk, "scanning", lambda disk, path: listed.append(path) or real(disk, path)
        )

        second = await gathered(spool, first.cursor, lambda *_: False)

        assert len(first.jobs) == 1
        assert second.jobs == ()
        assert str(day) not in listed
        assert second.cursor == first.cursor


async def test_a_day_folder_that_just_changed_is_listed_again(yard: Any) -> None:
    """Two changes may share one mtime, so a fresh one is not trusted."""
    async with yard.open() as spool:
        await yard.ended(spool)
        first = await gathered(spool)

        assert first.cursor == {}


async def test_finished_tells_what_it_could_not_read(yard: Any) -> None:
    """A broken envelope is named with its reason; what is no entry is passed over."""
    async with yard.open() as spool:
        job = await yard.ended(spool)
        day = yard.root / "processed" / job.day
        broken = f"{new_id(at=yard.clock.now)}.json"
        (day / broken).write_text("{")
        (day / "notes.txt").write_text("")
        (day / f"{job.id}.conflict-00.json").write_text("{}")

        found = await gathered(spool)

        assert [one.id for one in found.jobs] == [job.id]
        assert [Path(path).name for path, _ in found.unreadable] == [broken]


async def test_a_job_that_ends_anew_has_a_new_version(yard: Any) -> None:
    """What was learned from the first ending does not hide the second."""
    versions: list[int] = []
    async with yard.open() as spool:
        job = await yard.ended(spool, outcome="failed")
        await gathered(spool, {}, lambda _, version: bool(versions.append(version)))
        path = yard.root / "error" / job.day / f"{job.id}.json"
        os.utime(path, (1, 1))
        path.rename(yard.root / "incoming" / path.name)
        yard.clock.turn(3)
        claim = await spool.claim()
        assert claim is not None
        await spool.settle(claim, Verdict(outcome="passed"), yard.attempt())
        await gathered(spool, {}, lambda _, version: bool(versions.append(version)))

    assert versions[0] != versions[1]


async def test_document_jobs_are_located_and_archived_whole(yard: Any) -> None:
    """A job that is a folder is found in every state, and moves with all that is in it."""
    job = yard.job(kind="document")
    folder = yard.root / "processed" / job.day / job.id
    async with yard.open() as spool:
        (yard.root / "incoming" / f"{job.id}.t2").mkdir()
        assert await spool.locate(job.id) == "incoming"
        (yard.root / "incoming" / f"{job.id}.t2").rmdir()
        (folder / "outputs").mkdir(parents=True)
        (folder / "outputs" / "text.txt").write_text("whole")
        assert await spool.locate(job.id) == "processed"

        assert await spool.archive([job.id]) == 1
        assert await spool.locate(job.id) == "archive"

    archived = yard.root / "archive" / job.day / job.id
    assert (archived / "outputs" / "text.txt").read_text() == "whole"
