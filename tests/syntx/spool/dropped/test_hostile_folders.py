"""Folders that could hold up everybody: each is refused with a reason, and the next job runs."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from syntx.job import Job, Verdict
from syntx.spool.files import FileSpool
from syntx.spool.storage import Storage
from syntx.spool.syscalls import Disk

ID = "20261120T193000.123456Z-7f3a"
OPTIONS = {
    "a lone surrogate": r'x: "\ud800"',
    "no bool": "x: !!bool maybe",
    "no integer": 'x: !!int ""',
    "no time": "x: !!timestamp soon",
    "too large a float": "x: 1" + ":59" * 300 + ".5",
    "too large an integer": "x: 0x" + "F" * 6_000,
    "too deep to be written": "x: " + "[" * 300 + "]" * 300,
    "too deep to be read": "x: " + "[" * 240 + "]" * 240,
}


def folder(path: Path, **files: str) -> Path:
    """Make a folder with a request and more files."""
    path.mkdir()
    for name, content in ({"request.md": "Fasse zusammen."} | files).items():
        (path / name).write_text(content)
    return path


def entry(yard: Any) -> Path:
    """Move the folder of a document job in, as if it was made by hand."""
    path: Path = yard.root / "incoming" / ID
    path.mkdir()
    (path / "job.json").write_bytes(yard.job(id=ID, kind="document").to_bytes())
    return path


async def reason_beside_a_job(yard: Any, spool: FileSpool) -> str:
    """Return what the hostile thing was refused for, once a job that came later was settled."""
    await spool.submit([job := yard.job()])
    for _ in range(3):
        claim = await spool.claim()
        yard.clock.turn(3)
        if claim is not None:
            assert claim.job == job
            await spool.settle(claim, Verdict(outcome="passed"), yard.attempt())
    assert await spool.locate(job.id) == "processed"
    (record,) = yard.root.glob("error/*/*.refused/refusal.json")
    return str(json.loads(record.read_text())["reason"])


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
async def test_options_that_cannot_be_kept(yard: Any, spool: FileSpool, options: str) -> None:
    """What YAML's own constructors stumble over, or JSON cannot hold, ends nobody."""
    folder(yard.root / "incoming" / "d", **{"job.yaml": options})

    assert await reason_beside_a_job(yard, spool) == "bad_options"


async def test_paths_that_would_be_too_long_elsewhere(yard: Any, spool: FileSpool) -> None:
    """What fits `incoming/` may not fit where it is moved to."""
    path = folder(yard.root / "incoming" / "d")
    for _ in range(12):
        path /= "x" * 200
        path.mkdir()

    assert await reason_beside_a_job(yard, spool) == "too_deep"


async def test_very_many_folders_in_it(yard: Any, spool: FileSpool) -> None:
    """Each would have to be flushed, like each file."""
    path = folder(yard.root / "incoming" / "d")
    for number in range(1_001):
        (path / str(number)).mkdir()

    assert await reason_beside_a_job(yard, spool) == "too_many_files"


@pytest.mark.parametrize("name", ["attachments", "outputs", "workflow"])
@pytest.mark.parametrize("kind", ["file", "link", "loop", "fifo inside"])
async def test_an_entry_with_odd_folders(yard: Any, spool: FileSpool, name: str, kind: str) -> None:
    """It is found out before the work begins, for it could never be settled."""
    odd = entry(yard) / name
    if kind == "file":
        odd.write_text("x")
    elif kind == "fifo inside":
        odd.mkdir()
        os.mkfifo(odd / "pipe")
    else:
        odd.symlink_to("/etc" if kind == "link" else name)

    assert await reason_beside_a_job(yard, spool) == "not_plain"


@pytest.mark.parametrize("kind", ["file", "link to a file", "link to a folder"])
@pytest.mark.parametrize("name", ["outputs", "workflow"])
async def test_what_is_put_in_the_way_after_the_claim_is_passed_over(
    yard: Any, kind: str, name: str, tmp_path: Path
) -> None:
    """A verdict cannot be refused any more: the entry is settled, and nothing else is flushed."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_text("x")
    disk = Flushing()
    async with FileSpool.open(yard.root, yard.options(), disk=disk) as spool:
        entry(yard)
        claim = await spool.claim()
        assert claim is not None
        odd = spool.folder_of(claim) / name
        if odd.exists():
            odd.rmdir()
        if kind == "file":
            odd.write_text("x")
        else:
            odd.symlink_to(outside / "file" if kind == "link to a file" else outside)

        await spool.settle(claim, Verdict(outcome="passed"), yard.attempt())

        assert await spool.locate(claim.job.id) == "processed"
    assert not any(path.endswith(f"/{name}") for path in disk.flushed)


class Flushing(Disk):
    """A disk that notes which folders are opened to be flushed."""

    def __init__(self) -> None:
        self.flushed: list[str] = []

    def open(self, path: str, flags: int) -> int:
        """Open a file, noting folders."""
        if flags & os.O_DIRECTORY:
            self.flushed.append(path)
        return super().open(path, flags)


class Denying(Disk):
    """A disk on which the calls for some paths are refused as another user's are."""

    def __init__(self, call: str, part: str, error: type[OSError] = PermissionError) -> None:
        self._call, self._part, self._error = call, part, error

    def _ask(self, call: str, path: str) -> None:
        if call == self._call and self._part in path:
            raise self._error(1 if call == "rename_in" else 13, "denied", path)

    def lstat(self, path: str) -> os.stat_result:
        """Describe a name, unless it is denied."""
        self._ask("lstat", path)
        return super().lstat(path)

    def rename(self, source: str, target: str) -> None:
        """Move a name, unless it is denied."""
        self._ask("rename", source)
        self._ask("rename_in", source)
        super().rename(source, target)


async def test_a_folder_that_may_be_listed_but_not_entered(yard: Any) -> None:
    """It has its names read and nothing else."""
    async with FileSpool.open(yard.root, yard.options(), disk=Denying("lstat", "/d/")) as spool:
        folder(yard.root / "incoming" / "d")

        assert await reason_beside_a_job(yard, spool) == "unreadable"


async def test_an_entry_that_cannot_be_moved_is_passed_over(yard: Any) -> None:
    """A folder of another user's stays; it is told, and the jobs behind it run."""
    async with FileSpool.open(yard.root, yard.options(), disk=Denying("rename", ID)) as spool:
        left = entry(yard)
        job = yard.job(id=ID.replace("7f3a", "8000"))
        await spool.submit([job])

        claim = await spool.claim()

        assert claim is not None
        assert claim.job.id == job.id
        assert left.exists()
        assert [event for event, _ in yard.events] == ["entry_immovable"]


async def test_a_request_that_cannot_be_moved_stays_among_the_attachments(yard: Any) -> None:
    """In a sticky folder another user's file stays where it is; its text is in the envelope."""
    disk = Denying("rename_in", "attachments/request.md")
    async with FileSpool.open(yard.root, yard.options(), disk=disk) as spool:
        folder(yard.root / "incoming" / "d")
        assert await spool.claim() is None
        yard.clock.turn(3)

        claim = await spool.claim()

        assert claim is not None
        assert claim.job.prompt == "Fasse zusammen."
        held = yard.root / "processing" / spool.worker / claim.entry
        assert (held / "attachments" / "request.md").exists()


async def test_a_folder_is_no_metadata(
    yard: Any, spool: FileSpool, settle: Callable[..., Any]
) -> None:
    """`a.txt` beside a folder `a.json` is two jobs, and neither is lost."""
    yard.drop("a.txt", "Ein Satz.")
    folder(yard.root / "incoming" / "a.json")

    claims = [await settle(spool), await spool.claim()]

    assert sorted(claim.job.prompt for claim in claims) == ["Ein Satz.", "Fasse zusammen."]


async def test_a_folder_named_like_a_request_is_an_attachment(
    yard: Any, spool: FileSpool, settle: Callable[..., Any]
) -> None:
    """Only a plain file is a request."""
    path = yard.root / "incoming" / "d"
    (path / "request.md").mkdir(parents=True)
    (path / "request.txt").write_text("Der Text.")

    claim = await settle(spool)

    held = yard.root / "processing" / spool.worker / claim.entry
    assert claim.job.prompt == (held / "request.txt").read_text() == "Der Text."
    assert stat.S_ISDIR((held / "attachments" / "request.md").stat().st_mode)


async def test_a_job_is_nobody_elses_metadata(yard: Any) -> None:
    """A rescue fetches the metadata of a prompt, but no entry that happens to have its name."""
    job = yard.job(id=ID)
    async with yard.open() as spool:
        dead = yard.root / "processing" / "dead-1-x-1-1" / "20261120T193000.000000Z-0000~intake"
        dead.mkdir(parents=True)
        (yard.root / ".tmp" / "dead-1-x-1-1").mkdir()
        (dead / f"{ID}.txt").write_text("Ein Satz.")
        await spool.submit([job])

        await spool.rescue()

        claims = [await spool.claim(), await spool.claim()]
        assert sorted(c.job.prompt for c in claims if c) == sorted([job.prompt, "Ein Satz."])


async def test_what_cannot_be_finished_keeps_no_other_job(yard: Any, monkeypatch: Any) -> None:
    """The jobs of a dead worker are back although one of its intakes stays."""
    async with yard.open() as spool:
        dead = yard.root / "processing" / "dead-1-x-1-1"
        intake = dead / "20261120T193000.000000Z-0000~intake"
        intake.mkdir(parents=True)
        (yard.root / ".tmp" / dead.name).mkdir()
        (intake / "a.txt").write_text("Ein Satz.")
        (dead / f"{ID}.json").write_bytes(yard.job(id=ID).to_bytes())
        read = Storage.read

        def fails(storage: Storage, path: str, *rest: Any, **named: Any) -> bytes:
            if path.endswith("a.txt"):
                raise OSError(5, "Input/output error", path)
            return read(storage, path, *rest, **named)

        with monkeypatch.context() as patch:
            patch.setattr(Storage, "read", fails)
            with pytest.raises(Exception, match="Input/output error"):
                await spool.rescue()

        assert Job.from_bytes((yard.root / "incoming" / f"{ID}.t1.json").read_bytes()).id == ID
        await spool.rescue()
        assert await spool.locate("20261120T193000.000000Z-0000") == "incoming"
