"""A dropped folder is one document job: taken whole, moved as one, or refused with a reason."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from syntx.ids import new_id
from syntx.job import Job, Verdict
from syntx.spool.files import FileSpool

Claim = Callable[[FileSpool], Any]
REQUEST = "Fasse die Größen zusammen."


def make(path: Path, **files: str | bytes) -> Path:
    """Make a folder with a request and, by their names in it, more files."""
    path.mkdir(parents=True)
    for name, content in ({"request.md": REQUEST} | files).items():
        inside = path / name
        inside.parent.mkdir(parents=True, exist_ok=True)
        inside.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refusal(root: Path) -> dict[str, Any]:
    """Return the record of the only refusal."""
    (record,) = root.glob("error/*/*.refused/refusal.json")
    told: dict[str, Any] = json.loads(record.read_text())
    return told


async def test_it_becomes_one_document_job(yard: Any, spool: FileSpool, settle: Claim) -> None:
    """Request, options and attachments have their places, byte for byte."""
    make(
        yard.root / "incoming" / "Auftrag Müller",
        **{"job.yaml": "format: pdf\nlanguage: de\n", "a/b.csv": b"1;2\xff", "leer.txt": ""},
    )

    claim = await settle(spool)

    job = claim.job
    assert (job.kind, job.prompt, job.recipe.language) == ("document", REQUEST, "de")
    assert job.metadata["options"] == {"format": "pdf", "language": "de"}
    assert job.metadata["dropped_name"] == "Auftrag Müller"
    assert job.metadata["attachments"] == [
        {"name": "a/b.csv", "bytes": 4},
        {"name": "leer.txt", "bytes": 0},
    ]
    held = yard.root / "processing" / spool.worker / claim.entry
    assert sorted(os.listdir(held)) == [
        "attachments", "job.json", "job.yaml", "outputs", "request.md",
    ]  # fmt: skip
    assert (held / "attachments" / "a" / "b.csv").read_bytes() == b"1;2\xff"
    assert os.listdir(yard.root / "incoming") == []
    assert await settle(spool) is None


async def test_it_goes_every_way_as_one(yard: Any, spool: FileSpool, settle: Claim) -> None:
    """Released, retried, settled and archived, the folder moves with all that is in it."""
    make(yard.root / "incoming" / "auftrag", **{"a.csv": "1;2"})
    first = await settle(spool)
    await spool.release(first)
    second = await spool.claim()
    assert second is not None
    await spool.retry(second, yard.attempt(), 5)
    assert await spool.claim() is None
    yard.clock.turn(5)
    third = await spool.claim()
    assert third is not None
    held = yard.root / "processing" / spool.worker / third.entry
    (held / "outputs" / "bericht.txt").write_text("fertig")

    await spool.settle(third, Verdict(outcome="passed"), yard.attempt())

    assert await spool.locate(third.job.id) == "processed"
    assert await spool.archive([third.job.id]) == 1
    (ended,) = yard.root.glob("archive/*/*")
    assert ended.name == third.job.id
    assert (ended / "attachments" / "a.csv").read_text() == "1;2"
    assert (ended / "outputs" / "bericht.txt").read_text() == "fertig"
    job = Job.from_bytes((ended / "job.json").read_bytes())
    assert job.verdict is not None
    assert len(job.attempts) == 2


async def test_a_dead_workers_folder_comes_back(yard: Any, spool: FileSpool, settle: Claim) -> None:
    """A rescue gives back the whole folder under a name that tells of the death."""
    make(yard.root / "incoming" / "auftrag", **{"a.csv": "1;2"})
    claim = await settle(spool)
    hold = yard.root / "processing" / spool.worker
    dead = yard.root / "processing" / "host-1-boot-2-3"
    dead.mkdir()
    os.rename(hold / claim.entry, dead / claim.entry)

    async with yard.open() as other:
        await other.rescue()
        await other.rescue()
        again = await other.claim()

        assert (again.entry, again.rescues) == (f"{claim.job.id}.t1", 1)
        await other.settle(again, Verdict(outcome="failed", reason="no"), yard.attempt())
        assert await other.locate(claim.job.id) == "error"
    (ended,) = yard.root.glob("error/*/*")
    assert ended.name == claim.job.id
    assert (ended / "attachments" / "a.csv").read_text() == "1;2"


async def test_a_folder_that_still_grows_is_left_alone(yard: Any, spool: FileSpool) -> None:
    """A file added or changed anywhere in it starts the quiet time anew."""
    made = make(yard.root / "incoming" / "auftrag", **{"a/b.csv": "1"})
    assert await spool.claim() is None
    yard.clock.turn(1.9)
    (made / "a" / "b.csv").write_text("1;2")
    assert await spool.claim() is None
    yard.clock.turn(1.9)
    (made / "a" / "c.csv").write_text("3")
    assert await spool.claim() is None
    yard.clock.turn(1.9)
    assert await spool.claim() is None

    yard.clock.turn(0.2)
    claim = await spool.claim()

    assert claim is not None
    assert [each["bytes"] for each in claim.job.metadata["attachments"]] == [3, 1]


async def test_a_file_still_open_keeps_the_folder(
    yard: Any, spool: FileSpool, settle: Claim
) -> None:
    """However long a writer pauses, the folder waits until the file is closed."""
    made = make(yard.root / "incoming" / "auftrag")
    with (made / "a.csv").open("w") as writer:
        writer.write("1;")
        writer.flush()
        assert await settle(spool) is None
        yard.clock.turn(60)
        assert await spool.claim() is None
        writer.write("2")

    yard.clock.turn(2)
    assert await spool.claim() is None
    yard.clock.turn(2)
    claim = await spool.claim()

    assert claim is not None
    assert claim.job.metadata["attachments"] == [{"name": "a.csv", "bytes": 3}]


async def test_a_folder_moved_in_is_taken_by_its_event(yard: Any, tmp_path: Path) -> None:
    """A rename says that it is complete: nobody waits for the quiet time."""
    async with yard.open(watch=True, settle_seconds=3_600) as spool:
        assert await spool.claim() is None
        await spool.wait(0)
        os.rename(make(tmp_path / "auftrag"), yard.root / "incoming" / "auftrag")
        claim = None
        for _ in range(200):
            if (claim := await spool.claim()) is not None:
                break
            await spool.wait(0.1)

    assert claim is not None
    assert claim.job.prompt == REQUEST


def link(path: Path) -> None:
    """A link in it leads out."""
    (path / "a").symlink_to("/etc/passwd")


def pipe(path: Path) -> None:
    """A FIFO lies deep in it."""
    (path / "b").mkdir()
    os.mkfifo(path / "b" / "c")


def twin(path: Path) -> None:
    """A file in it has another name outside."""
    outside = path.parent.parent / "outside"
    outside.write_text("geheim")
    (path / "a").hardlink_to(outside)


def deep(path: Path) -> None:
    """It is deeper than anyone needs."""
    (path / "/".join(["d"] * 20)).mkdir(parents=True)


def many(path: Path) -> None:
    """It holds more files than anyone reads."""
    for number in range(1_001):
        (path / str(number)).touch()


def huge(path: Path) -> None:
    """A file in it claims to be huge."""
    (path / "a").touch()
    os.truncate(path / "a", 10 * 1024**3)


def no_request(path: Path) -> None:
    """It holds no request."""
    os.rename(path / "request.md", path / "brief.md")


def no_text(path: Path) -> None:
    """Its request is no text."""
    (path / "request.md").write_bytes(b"\xff\0")


def options(text: str) -> Callable[[Path], None]:
    """Make a job.yaml of that content."""

    def write(path: Path) -> None:
        (path / "job.yaml").write_text(text)

    return write


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (link, "not_plain"), (pipe, "not_plain"), (twin, "not_plain"), (deep, "too_deep"),
        (many, "too_many_files"), (huge, "too_large"), (no_request, "no_request"),
        (no_text, "not_utf8"), (options(BOMB), "bad_options"), (options("- 1"), "bad_options"),
        (options("a: [1"), "bad_options"), (options("a: .inf"), "bad_options"),
        (options("1: x"), "bad_options"), (options("x: " + "[" * 60_000), "bad_options"),
        (options("a: !!python/name:os.system x"), "bad_options"),
        (options("x: " + "y" * 70_000), "too_large"),
    ],
)  # fmt: skip
async def test_a_bad_folder_is_refused_whole(
    yard: Any, spool: FileSpool, settle: Claim, spoil: Callable[[Path], None], reason: str
) -> None:
    """It lies in error with its reason and all that was in it; the next job is taken."""
    spoil(make(yard.root / "incoming" / "auftrag"))
    await spool.submit([yard.job()])

    claim = await settle(spool)
    await settle(spool)

    assert claim is not None
    assert claim.job.kind == "prompt"
    told = refusal(yard.root)
    assert told["reason"] == reason
    (kept,) = yard.root.glob("error/*/*.refused/dropped-1-auftrag")
    assert (kept / "request.md").exists() or (kept / "brief.md").exists()
    assert os.listdir(yard.root / "incoming") == []


async def test_a_job_folder_moved_back_by_hand_runs_anew(
    yard: Any, spool: FileSpool, settle: Claim
) -> None:
    """Its verdict goes into its history, as with a file."""
    make(yard.root / "incoming" / "auftrag")
    await spool.settle(await settle(spool), Verdict(outcome="failed", reason="no"), yard.attempt())
    (ended,) = yard.root.glob("error/*/*")
    os.rename(ended, yard.root / "incoming" / ended.name)
    yard.clock.turn(2)

    claim = await spool.claim()

    assert claim is not None
    assert claim.job.verdict is None
    assert claim.job.metadata["earlier_verdicts"][0]["reason"] == "no"


def linked_entry(path: Path, job: Job) -> None:
    """A link to a job folder elsewhere."""
    elsewhere = path.parent.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "job.json").write_bytes(job.to_bytes())
    path.symlink_to(elsewhere)


def hollow(path: Path, job: Job) -> None:
    """A folder with an ID for a name and nothing in it."""
    path.mkdir()


def file_entry(path: Path, job: Job) -> None:
    """A file with an ID for a name."""
    path.write_bytes(job.to_bytes())


def link_inside(path: Path, job: Job) -> None:
    """A job folder with a link among its attachments."""
    (path / "attachments").mkdir(parents=True)
    (path / "job.json").write_bytes(job.to_bytes())
    (path / "attachments" / "a").symlink_to("/etc/passwd")


@pytest.mark.parametrize("build", [linked_entry, hollow, file_entry, link_inside])
async def test_a_false_job_folder_is_refused(
    yard: Any, spool: FileSpool, settle: Claim, build: Callable[[Path, Job], None]
) -> None:
    """A name alone makes no job, and nothing outside is read."""
    job = yard.job(id=new_id(at=yard.clock.now), kind="document")
    build(yard.root / "incoming" / job.id, job)

    assert await settle(spool) is None

    assert refusal(yard.root)["reason"] in ("not_plain", "not_a_job")
