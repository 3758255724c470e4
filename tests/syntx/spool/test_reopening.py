"""An operator's retry and discard on real folders: refusals, conflicts, folders, what is broken."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from syntx.ids import new_ids
from syntx.job import Job, Verdict
from syntx.spool.files import FileSpool
from syntx.spool.opening import SpoolOptions
from syntx.spool.syscalls import Disk

DAY = "2026-11-20"


def lay(yard: Any, count: int = 1, kind: str = "prompt") -> list[str]:
    """Let jobs lie in `error/`; returns their IDs."""
    ids = new_ids([("topic", "style")] * count, at=yard.clock.now)
    for job_id in ids:
        job = Job(id=job_id, created_at=yard.clock.now, kind=kind, prompt="Frage")
        path = yard.root / "error" / DAY / (f"{job_id}.json" if kind == "prompt" else job_id)
        if kind == "document":
            (path / "attachments").mkdir(parents=True)
            (path / "attachments" / "a.txt").write_text("Anhang")
            path = path / "job.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(job.settled(Verdict(outcome="failed"), yard.attempt()).to_bytes())
    return ids


async def test_a_folder_is_reopened_with_all_that_is_in_it(yard: Any, spool: FileSpool) -> None:
    """A document job waits again as a folder, its attachments beside it."""
    (job_id,) = lay(yard, kind="document")

    moved = await spool.reopen([job_id])

    claim = await spool.claim()
    assert moved.moved == (job_id,)
    assert claim is not None
    assert claim.job.verdict is None
    held = yard.root / "processing" / spool.worker / job_id
    assert (held / "attachments" / "a.txt").read_text() == "Anhang"


async def test_the_same_id_submitted_anew_keeps_the_old_one_where_it_is(
    yard: Any, spool: FileSpool
) -> None:
    """Both stay as they are: nothing is replaced, and no verdict is lost."""
    (job_id,) = lay(yard)
    ended = yard.root / "error" / DAY / f"{job_id}.json"
    before = ended.read_bytes()
    newer = Job(id=job_id, created_at=yard.clock.now, prompt="neuer").to_bytes()
    (yard.root / "incoming" / f"{job_id}.json").write_bytes(newer)

    moved = await spool.reopen([job_id])

    assert moved.stayed == ((job_id, "a job of that ID waits already"),)
    assert ended.read_bytes() == before
    assert (yard.root / "incoming" / f"{job_id}.json").read_bytes() == newer


async def test_what_cannot_be_read_stays_in_error(yard: Any, spool: FileSpool) -> None:
    """A damaged file is told by name; the others of the call wait again."""
    broken, whole = lay(yard, 2)
    damaged = yard.root / "error" / DAY / f"{broken}.json"
    damaged.write_bytes(b"{")

    moved = await spool.reopen([broken, whole])

    assert moved.moved == (whole,)
    assert [name for name, why in moved.stayed if "no job" in why] == [broken]
    assert damaged.read_bytes() == b"{"


async def test_a_refused_file_is_no_job_to_retry(yard: Any, spool: FileSpool) -> None:
    """The answer says what to do instead; the refusal can be discarded and restored."""
    yard.drop("a.txt", b"\xff\0")
    yard.clock.turn(5)
    assert await spool.claim() is None
    yard.clock.turn(5)
    assert await spool.claim() is None
    (refused,) = (yard.root / "error").glob("*/*.refused")

    retried = await spool.reopen([refused.name])
    discarded = await spool.discard([refused.name])

    assert "drop it again" in dict(retried.stayed)[refused.name]
    assert discarded.moved == (refused.name,)
    assert not refused.exists()
    assert (await spool.restore([refused.name])).moved == (refused.name,)
    assert (refused / "refusal.json").is_file()


async def test_a_second_outcome_can_be_discarded(yard: Any, spool: FileSpool) -> None:
    """A conflict is no job of its own: it is not retried, but may be put aside."""
    (job_id,) = lay(yard)
    conflict = yard.root / "error" / DAY / f"{job_id}.conflict-0123abcd.json"
    conflict.write_bytes(b"{}")

    retried = await spool.reopen([conflict.name])
    discarded = await spool.discard([conflict.name])

    assert [name for name, _ in retried.stayed] == [conflict.name]
    assert discarded.moved == (conflict.name,)
    assert (yard.root / "archive" / "discarded" / DAY / conflict.name).is_file()


async def test_a_name_that_is_taken_is_not_replaced(yard: Any, spool: FileSpool) -> None:
    """What was discarded before, or ended anew since, stands."""
    (job_id,) = lay(yard)
    aside = yard.root / "archive" / "discarded" / DAY
    aside.mkdir(parents=True)
    (aside / f"{job_id}.json").write_bytes(b"first")

    discarded, restored = await spool.discard([job_id]), await spool.restore([job_id])

    assert [name for name, _ in (*discarded.stayed, *restored.stayed)] == [job_id, job_id]
    assert (aside / f"{job_id}.json").read_bytes() == b"first"


@pytest.mark.parametrize("name", ["../../x", "..", "", "a/b", "x.json", "\0"])
async def test_odd_names_reach_nothing(yard: Any, spool: FileSpool, name: str) -> None:
    """Only names that lie in the day folders are found."""
    lay(yard)

    moved = [await spool.reopen([name]), await spool.discard([name]), await spool.restore([name])]

    assert [one.missing for one in moved] == [(name,)] * 3


class CountingDisk(Disk):
    """Counts the flushes of folders."""

    def __init__(self) -> None:
        self.flushed = 0

    def fsync(self, fd: int) -> None:
        """Count a flush."""
        self.flushed += stat.S_ISDIR(os.fstat(fd).st_mode)
        super().fsync(fd)


async def test_many_jobs_share_their_flushes(tmp_path: Path, yard: Any) -> None:
    """Six hundred retries and discards flush a few folders, not six hundred."""
    ids = lay(yard, 600)
    disk = CountingDisk()
    async with FileSpool.open(yard.root, SpoolOptions(watch=False), disk=disk) as spool:
        disk.flushed = 0

        reopened = await spool.reopen(ids[:300])
        discarded = await spool.discard(ids[300:])

        assert (len(reopened.moved), len(discarded.moved)) == (300, 300)
        assert disk.flushed < 20


class FailingDisk(Disk):
    """Fails one flush of `incoming/` when told to."""

    failing = False

    def fsync(self, fd: int) -> None:
        """Flush, or fail."""
        if self.failing and os.readlink(f"/proc/self/fd/{fd}").endswith("/incoming"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        super().fsync(fd)


async def test_after_a_failed_flush_the_rest_is_left_alone(yard: Any) -> None:
    """A spool that cannot promise any more takes no further jobs out of `error/`."""
    ids = lay(yard, 600)
    disk = FailingDisk()
    async with FileSpool.open(yard.root, SpoolOptions(watch=False), disk=disk) as spool:
        disk.failing = True

        moved = await spool.reopen(ids)

        disk.failing = False
        left = os.listdir(yard.root / "error" / DAY)
        assert moved.moved == ()
        assert len(moved.stayed) == 600
        assert 300 < len(left) < 600
        assert all("a flush failed" in why for _, why in moved.stayed)
