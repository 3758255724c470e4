"""A fault at every call of a folder's submission, and of beginning its work anew."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from spool_folders import document, inside, written

from syntx.errors import BadRequest
from syntx.job import Attempt, Verdict

NOW = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
SLOW = [pytest.param(one, marks=pytest.mark.slow) for one in ("ENOSPC", "EACCES", "killed before")]
"""What takes the way of what else fails; it is looked at with `-m slow`."""

MODES = ("EIO", "killed after", "short write", "full midway", *SLOW)
WHOLE = ["attachments/a/b.csv", "attachments/request.txt", "job.json", "job.yaml", "request.md"]


async def _submit(one: Any, at: int, fault: str | None) -> bool:
    """Submit a folder with a fault; returns whether that was promised."""
    source = written(one.root.parent / "auftrag")
    spool, job = one.open(), document()
    with one.going_wrong(at, fault):
        try:
            await spool.submit_folder(job, source)
        except BadRequest:
            # A folder that cannot be read is told to whoever submits it.
            assert fault == "EACCES"
            one.disk.armed = False
            await spool.close()
            return False
    if not one.disk.dead:
        await spool.close()
    return bool(one.done)


@pytest.mark.parametrize("fault", MODES)
async def test_a_submitted_folder_is_there_whole_or_not_at_all(
    bench: Callable[[], Any], fault: str
) -> None:
    """Whatever call fails or kills, what was promised waits whole; the source is untouched."""
    counted = bench()
    assert await _submit(counted, -1, None)
    for at, call in enumerate(counted.disk.calls):
        if fault in ("short write", "full midway") and call != "write":
            continue
        one = bench()
        promised = await _submit(one, at, fault)
        where = f"{fault} at call {at} ({call})"
        found = await one.recovered()
        assert len(found) == 1 if promised else len(found) <= 1, where
        assert promised or fault != "short write", where
        for ((place, _),) in found.values():
            (entry,) = (path.parent for path in one.root.rglob("job.json"))
            assert (place, inside(entry)) == ("incoming", WHOLE), where
            assert (entry / "outputs").is_dir(), where
        assert len(inside(one.root.parent / "auftrag")) == 4, where


async def _ended(one: Any) -> None:
    """Let a document job have ended with a low score, and wait again."""
    async with one.fresh() as spool:
        await spool.submit_folder(document(), written(one.root.parent / "auftrag"))
        claim = await spool.claim()
        folder = spool.folder_of(claim)
        (folder / "workflow").mkdir()
        (folder / "workflow" / "answer").write_text("old")
        (folder / "outputs" / "bericht.txt").write_text("old")
        attempt = Attempt(worker="w", started=NOW, ended=NOW)
        await spool.settle(claim, Verdict(outcome="low_score", settled_at=NOW), attempt)
        await spool.reopen([claim.job.id])


async def _claim(one: Any, at: int, fault: str | None) -> None:
    await _ended(one)
    spool = one.open()
    with one.going_wrong(at, fault):
        await spool.claim()
    if not one.disk.dead:
        await spool.close()


@pytest.mark.parametrize("fault", ["EIO", SLOW[2], "killed after"])
async def test_work_begins_anew_whatever_fails(bench: Callable[[], Any], fault: str) -> None:
    """The next claim after any fault finds no old answer, and the old work set aside, whole."""
    counted = bench()
    await _claim(counted, -1, None)
    for at, call in enumerate(counted.disk.calls):
        one = bench()
        await _claim(one, at, fault)
        await one.recovered()
        async with one.fresh() as spool:
            claim = await spool.claim()
            where = f"{fault} at call {at} ({call})"
            folder: Path = spool.folder_of(claim)
            assert not (folder / "workflow").exists(), where
            assert os.listdir(folder / "outputs") == [], where
            assert (folder / "workflow.1" / "answer").read_text() == "old", where
            assert (folder / "outputs.1" / "bericht.txt").read_text() == "old", where
