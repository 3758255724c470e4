"""What ended is read once, in slices, and the cost of a look does not grow with what is known."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from syntx.ids import new_id
from syntx.job import Verdict
from syntx.spool import endings
from syntx.spool.contract import Finished
from syntx.spool.files import FileSpool
from syntx.spool.opening import SpoolOptions
from syntx.spool.syscalls import Disk

QUIET = SpoolOptions(watch=False, durability="relaxed")
LONG_AGO = (1_000_000_000, 1_000_000_000)


class CountingDisk(Disk):
    """Notes which files were asked for, opened and listed."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.opened: list[str] = []
        self.listed: list[str] = []

    def lstat(self, path: str) -> os.stat_result:
        if path.endswith(".json"):
            self.asked.append(path)
        return super().lstat(path)

    def open(self, path: str, flags: int, mode: int = 0o640) -> int:
        if path.endswith(".json"):
            self.opened.append(path)
        return super().open(path, flags, mode)

    @contextmanager
    def scanning(self, path: str) -> Iterator[Iterator[str]]:
        self.listed.append(path)
        with super().scanning(path) as names:
            yield names


class Learner:
    """Keeps what was read, as the producer does."""

    def __init__(self) -> None:
        self.versions: dict[str, set[int]] = {}
        self.cursor: Mapping[str, int] = {}
        self.parts: list[Finished] = []

    def known(self, job_ids: Sequence[str]) -> Mapping[str, Collection[int]]:
        """Tell which endings are known."""
        return {one: self.versions[one] for one in job_ids if one in self.versions}

    async def look(self, spool: FileSpool, *, archived: bool = False) -> list[str]:
        """Read what is new, and return the IDs in the order they were read."""
        self.parts = []
        async for part in spool.endings(self.cursor, self.known, archived=archived):
            self.parts.append(part)
            for job_id, version in part.versions.items():
                self.versions.setdefault(job_id, set()).add(version)
        self.cursor = self.parts[-1].cursor
        return [job.id for part in self.parts for job in part.jobs]


@pytest.fixture
def finish(yard: Any) -> Callable[..., list[Path]]:
    """Let jobs lie in a finished state, in a folder that has been quiet for long."""

    def make(count: int, state: str = "error") -> list[Path]:
        paths = []
        for number in range(count):
            job = yard.job(id=new_id(at=yard.clock.now + timedelta(microseconds=number)))
            day = yard.root / state / job.day
            day.mkdir(parents=True, exist_ok=True)
            ended = job.settled(Verdict(outcome="failed"), yard.attempt())
            paths.append(day / f"{job.id}.json")
            paths[-1].write_bytes(ended.to_bytes())
            os.utime(day, LONG_AGO)
        return paths

    return make


def end_anew(path: Path, seconds: int) -> None:
    """Let a job's file be another one, as after an operator's retry, in a folder quiet again."""
    path.write_bytes(path.read_bytes())
    os.utime(path, (seconds, seconds))
    os.utime(path.parent, (seconds, seconds))


async def test_no_slice_is_larger_than_allowed(
    yard: Any, finish: Callable[..., list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thirty jobs come at most four at a time, each once, and the last slice has the cursor."""
    monkeypatch.setattr(endings, "SLICE", 4)
    paths, learner = finish(30), Learner()
    async with yard.open() as spool:
        read = await learner.look(spool)

    assert sorted(read) == [path.stem for path in paths]
    assert max(len(part.jobs) for part in learner.parts) == 4
    assert [bool(part.cursor) for part in learner.parts] == [False] * (len(learner.parts) - 1) + [
        True
    ]


async def test_large_jobs_come_in_smaller_slices(
    yard: Any, finish: Callable[..., list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bytes of a slice are bounded, too."""
    monkeypatch.setattr(endings, "SLICE_BYTES", 1)
    finish(5)
    learner = Learner()
    async with yard.open() as spool:
        await learner.look(spool)

    assert max(len(part.jobs) for part in learner.parts) == 1


async def test_a_look_that_was_left_is_begun_anew(
    yard: Any, finish: Callable[..., list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who stops after a slice has no cursor yet, and finds the rest at the next look."""
    monkeypatch.setattr(endings, "SLICE", 4)
    finish(10)
    learner = Learner()
    async with yard.open() as spool:
        async for part in spool.endings({}, learner.known):
            learner.versions.update({one: {at} for one, at in part.versions.items()})
            break

        assert len(learner.versions) == 4
        assert len(await learner.look(spool)) == 6


async def test_known_jobs_are_not_opened_and_few_are_asked(
    yard: Any, finish: Callable[..., list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many are known, a look at a changed folder asks the versions of some only."""
    monkeypatch.setattr(endings, "CHECKS", 10)
    monkeypatch.setattr(endings, "PARTS", 8)
    finish(200)
    disk, learner = CountingDisk(), Learner()
    async with FileSpool.open(yard.root, QUIET, disk=disk) as spool:
        await learner.look(spool)
        (new,) = finish(1, "processed")
        (other,) = finish(1)
        os.utime(other.parent, (LONG_AGO[0] + 5, LONG_AGO[1] + 5))
        disk.asked.clear()
        disk.opened.clear()

        read = await learner.look(spool)

    assert sorted(read) == sorted((new.stem, other.stem))
    assert len(disk.opened) == len(read) == 2
    # Ten, an eighth of the rest, and twice for each that is read; chance may double the eighth.
    assert len(disk.asked) < 10 + 2 * 200 / 8 + 4


async def test_every_job_that_ended_anew_is_found(
    yard: Any, finish: Callable[..., list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a folder too large for one look each job's new ending is found within as many as parts.

    Only then is the folder remembered, and no longer listed.
    """
    monkeypatch.setattr(endings, "CHECKS", 3)
    monkeypatch.setattr(endings, "PARTS", 4)
    paths = finish(40)
    disk, learner = CountingDisk(), Learner()
    async with FileSpool.open(yard.root, QUIET, disk=disk) as spool:
        await learner.look(spool)
        for round_, path in enumerate(paths, 1):
            end_anew(path, LONG_AGO[0] + round_)
            looks = [await learner.look(spool) for _ in range(4)]
            assert [one for look in looks for one in look] == [path.stem]
        disk.listed.clear()
        await learner.look(spool)

    assert disk.listed == []
    assert list(learner.cursor) == [f"error/{paths[0].parent.name}"]


async def test_a_folder_that_never_rests_is_asked_part_by_part(
    yard: Any, finish: Callable[..., list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where every look finds the folder just changed, an ending anew is found all the same."""
    monkeypatch.setattr(endings, "CHECKS", 3)
    monkeypatch.setattr(endings, "PARTS", 4)
    paths = finish(40)
    learner = Learner()
    async with yard.open() as spool:
        await learner.look(spool)
        for path in paths:
            os.utime(path, (1, 1))
        found: list[str] = []
        for number in range(4):
            (paths[0].parent / f"change {number}").touch()
            found += await learner.look(spool)

    assert sorted(found) == [path.stem for path in paths]
    assert f"error/{paths[0].parent.name}" not in learner.cursor


async def test_jobs_that_are_folders_are_read_too(yard: Any) -> None:
    """A document job's version is the mtime of the envelope in it."""
    learner = Learner()
    job = yard.job(kind="document").settled(Verdict(outcome="passed"), yard.attempt())
    envelope = yard.root / "processed" / job.day / job.id / "job.json"
    envelope.parent.mkdir(parents=True)
    envelope.write_bytes(job.to_bytes())
    os.utime(envelope, (5, 5))
    async with yard.open() as spool:
        assert await learner.look(spool) == [job.id]
        assert await learner.look(spool) == []
        os.utime(envelope, (6, 6))
        assert await learner.look(spool) == [job.id]

    assert learner.versions == {job.id: {5 * 10**9, 6 * 10**9}}


async def test_a_file_that_holds_another_job_is_told(
    yard: Any, finish: Callable[..., list[Path]]
) -> None:
    """What a name promises and the content denies is no evidence for either."""
    one, other = finish(2)
    one.write_bytes(other.read_bytes())
    learner = Learner()
    async with yard.open() as spool:
        read = await learner.look(spool)

    assert read == [other.stem]
    ((path, why),) = [each for part in learner.parts for each in part.unreadable]
    assert Path(path).name == one.name
    assert other.stem in why


async def test_the_archive_is_read_in_slices_too(
    yard: Any, finish: Callable[..., list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rebuild finds archived jobs, and none that an operator discarded."""
    monkeypatch.setattr(endings, "SLICE", 4)
    learner, paths = Learner(), finish(9, "archive")
    finish(3, "archive/discarded")
    async with yard.open() as spool:
        assert await learner.look(spool) == []
        assert sorted(await learner.look(spool, archived=True)) == [path.stem for path in paths]


def test_parts_are_asked_oldest_first() -> None:
    """Clocks set back starve no part: what was not asked since the change comes first."""
    cursor = {f"error/day#{part}": 50 if part else 99 for part in range(endings.PARTS)}
    checks = endings.Checks("error/day", 50, cursor)
    checks._left = 0

    asked = [number for number in range(2_000) if checks.wants(f"{number}")]

    assert asked
    assert checks.marks(settled=True) == {"error/day": 50}


def test_a_clock_set_back_starves_no_part() -> None:
    """Marks of the future count as none, so that each part has its turn while changes go on."""
    day, future = "error/day", 10**6
    cursor: Mapping[str, int] = {f"{day}#{n}": future for n in range(endings.PARTS)}
    asked: set[str] = set()
    for changed in range(1, endings.PARTS + 1):
        checks = endings.Checks(day, changed, cursor)
        checks._left = 0
        asked |= {f"{number}" for number in range(500) if checks.wants(f"{number}")}
        cursor = checks.marks(settled=True)

    assert len(asked) == 500
