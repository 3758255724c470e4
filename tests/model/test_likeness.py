"""The model makes the calls that the code makes, verb for verb, in the same order."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from model_likeness import Line, RecordingDisk, called_by_model, plain
from spool_processes import consumer, learner, operator, producer
from spool_records import DAY, Dropped, Job, Me, Verdict

from syntx.ids import new_id
from syntx.job import Attempt
from syntx.job import Job as RealJob
from syntx.job import Verdict as RealVerdict
from syntx.spool.files import FileSpool
from syntx.spool.opening import SpoolOptions
from syntx.spool.syscalls import SYNCFS_TELLS

NOW = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
A = Me("A")
_FAILED = Verdict("failed", "Y", 0)


async def _called_by_code(root: Path, act: Callable[[FileSpool], Awaitable[None]]) -> list[Line]:
    disk = RecordingDisk(root)
    spool = FileSpool.open(root, _options(), disk=disk)
    await act(spool)
    await spool.close()
    birth = next(n for n, line in enumerate(disk.lines) if line[-1].startswith(".tmp/new-"))
    return plain(disk.lines[birth:])


def _options() -> SpoolOptions:
    return SpoolOptions(watch=False, settle_seconds=0.0)


def _job() -> RealJob:
    return RealJob(id=new_id(at=NOW), created_at=NOW, prompt="Erkläre die Größe des Universums.")


def _attempt() -> Attempt:
    return Attempt(worker="w", started=NOW, ended=NOW)


async def _leave(spool: FileSpool, outcome: str) -> None:
    claim = await spool.claim()
    if claim is None:
        return
    if outcome == "released":
        await spool.release(claim)
    elif outcome == "later":
        await spool.retry(claim, _attempt(), 0)
    else:
        verdict = RealVerdict(outcome=outcome)  # type: ignore[arg-type]
        await spool.settle(claim, verdict, _attempt())


async def _prepare(root: Path, *verdicts: str) -> str:
    job = _job()
    async with FileSpool.open(root, _options()) as spool:
        await spool.submit([job])
        for outcome in verdicts:
            await _leave(spool, outcome)
    return job.id


async def test_submit(tmp_path: Path) -> None:
    """Birth, submit and own end."""

    async def act(spool: FileSpool) -> None:
        await spool.submit([_job()])

    called = await _called_by_code(tmp_path, act)

    assert called == called_by_model({}, producer(A, (Job("j"),)))


@pytest.mark.parametrize(("count", "together"), [(2, "each"), (5, "syncfs")])
async def test_submit_in_one_batch(tmp_path: Path, count: int, together: str) -> None:
    """Jobs that are submitted together share their flushes."""
    jobs = [_job() for _ in range(count)]

    called = await _called_by_code(tmp_path, lambda spool: spool.submit(jobs))

    models = tuple(Job(f"N-A{number}") for number in range(count))
    how = together if SYNCFS_TELLS else "each"
    assert called == called_by_model({}, producer(A, models, how))


@pytest.mark.parametrize("outcome", ["passed", "failed", "later", "released"])
async def test_claim_and_every_way_to_leave_a_job(tmp_path: Path, outcome: str) -> None:
    """Settle, retry and release."""
    await _prepare(tmp_path)

    called = await _called_by_code(tmp_path, lambda spool: _leave(spool, outcome))

    me = A._replace(outcomes=(outcome,))
    assert called == called_by_model({"incoming/j": Job("j")}, consumer(me, 1))


@pytest.mark.parametrize("prompt", [b"Ein Satz.", b"\xff\0"], ids=["taken", "refused"])
async def test_intake_of_a_pair(tmp_path: Path, prompt: bytes) -> None:
    """A prompt and its sidecar become a job, or a refusal."""
    await _prepare(tmp_path, "passed")
    (tmp_path / "incoming" / "n.json").write_bytes(b"{}")
    (tmp_path / "incoming" / "n.txt").write_bytes(prompt)

    called = await _called_by_code(tmp_path, lambda spool: _leave(spool, "passed"))

    fit = prompt != b"\xff\0"
    files = {"incoming/n.json": Dropped("s"), "incoming/n.txt": Dropped("p", fit)}
    assert _without_days(called) == _without_days(called_by_model(files, consumer(A, 1, _TAKES)))


_TAKES = ("intake",)


async def test_intake_of_a_folder(tmp_path: Path) -> None:
    """A dropped folder becomes a document job."""
    await _prepare(tmp_path, "passed")
    (tmp_path / "incoming" / "n.d").mkdir()
    (tmp_path / "incoming" / "n.d" / "request.md").write_bytes(b"Ein Satz.")

    called = await _called_by_code(tmp_path, lambda spool: _leave(spool, "passed"))

    files = {"incoming/n.d/request.md": Dropped("r")}
    model = called_by_model(files, consumer(A, 1, _TAKES))
    assert _without_days(_without_file_flushes(called)) == _without_days(model)


async def test_rescue(tmp_path: Path) -> None:
    """A dead worker's job goes back, and its folders go away."""
    job_id = await _prepare(tmp_path)
    (tmp_path / "processing" / "X").mkdir()
    (tmp_path / ".tmp" / "X").mkdir()
    os.rename(tmp_path / f"incoming/{job_id}.json", tmp_path / f"processing/X/{job_id}.json")

    async def act(spool: FileSpool) -> None:
        await spool.rescue()
        claim = await spool.claim()
        assert claim is not None
        await spool.release(claim)

    called = await _called_by_code(tmp_path, act)

    me = A._replace(outcomes=("released",))
    files = {"processing/X/j": Job("j"), ".tmp/X/old": "scratch"}
    assert called == called_by_model(files, consumer(me, 1, ("rescue",)))


async def test_archive(tmp_path: Path) -> None:
    """What has ended goes to the archive."""
    job_id = await _prepare(tmp_path, "failed")

    async def act(spool: FileSpool) -> None:
        await spool.archive([job_id])

    called = await _called_by_code(tmp_path, act)

    assert called == called_by_model({f"error/{DAY}/j": Job("j", _FAILED)}, learner(A))


@pytest.mark.parametrize("verb", ["reopen", "discard"])
async def test_what_an_operator_does(tmp_path: Path, verb: str) -> None:
    """Retry and discard."""
    job_id = await _prepare(tmp_path, "failed")

    async def act(spool: FileSpool) -> None:
        await getattr(spool, verb)([job_id])

    called = await _called_by_code(tmp_path, act)

    does = {"reopen": "retry", "discard": "discard"}[verb]
    model = called_by_model({f"error/{DAY}/j": Job("j", _FAILED)}, operator(A, (does,)))
    assert _without_days(called) == _without_days(model)


def _without_days(lines: list[Line]) -> list[Line]:
    """Leave out the making of a day's folder: a process that made it once knows it."""
    states = ("processed", "error", "archive", "discarded")
    made = [("mkdir", f"{state}/{DAY}") for state in states]
    made += [("mkdir", "discarded"), *(("fsync", state) for state in states)]
    return [line for line in lines if line not in made]


def _without_file_flushes(lines: list[Line]) -> list[Line]:
    """Leave out the flushes of what was dropped, file by file."""
    return [x for x in lines if not (x[0] == "fsync" and x[1].endswith((".md", "job.json")))]
