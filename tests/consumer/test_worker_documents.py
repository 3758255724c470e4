"""What a worker does with document jobs, whatever their work consists of."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from gathering import gathered
from spool_folders import document, written

from consumer import worker
from consumer.worker import Bench, work
from syntx.errors import ConfigError, ModelUnavailable, Permanent, SpoolFull
from syntx.job import Job, Score, Verdict
from syntx.llm.scripted import ScriptedModel
from syntx.settings.models import Settings
from syntx.spool.memory import MemorySpool

Maker = Callable[..., Bench]


class MissingPackage(Permanent):
    """What the work raises without its libraries."""

    reason = "missing_extra"


@pytest.fixture
async def spool(tmp_path: Path) -> Any:
    """A spool in which one document job waits."""
    made = MemorySpool()
    await made.submit_folder(document(), written(tmp_path / "auftrag"))
    yield made
    await made.close()


async def _worked(bench: Bench, does: Any) -> Verdict | None:
    claim = await bench.spool.claim()
    assert claim is not None
    return await work(replace(bench, documents=does), claim, bench.settings())


async def _ended(spool: MemorySpool) -> Verdict:
    (job,) = (await gathered(spool)).jobs
    assert job.verdict is not None
    return job.verdict


async def test_the_work_gets_the_jobs_folder_and_its_verdict_counts(
    make_bench: Maker, spool: MemorySpool
) -> None:
    """What it returns is how the job ends."""
    seen: list[str] = []

    async def does(job: Job, folder: Path, _: Settings) -> Verdict:
        seen.extend([job.prompt, (folder / "request.md").read_text()])
        (folder / "outputs" / "bericht.txt").write_text("fertig")
        return Verdict(outcome="low_score", score=Score(total=40))

    await _worked(make_bench(ScriptedModel([]), spool), does)

    assert seen[0] == seen[1]
    ended = await _ended(spool)
    assert ended.outcome == "low_score"
    assert ended.score == Score(total=40)


async def test_a_temporary_failure_keeps_what_was_done(
    make_bench: Maker, spool: MemorySpool, settings: Settings
) -> None:
    """The next try finds the workflow of the first, and goes on."""
    queue = settings.queue.model_copy(update={"retry_delay": 0.001})
    bench = make_bench(ScriptedModel([]), spool, settings.model_copy(update={"queue": queue}))

    async def does(job: Job, folder: Path, _: Settings) -> Verdict:
        state = folder / "workflow"
        if not state.exists():
            state.mkdir()
            raise ModelUnavailable("the endpoint is down")
        return Verdict(outcome="passed")

    assert await _worked(bench, does) is None
    while (await spool.counts()).retry:
        await spool.wait(1)
        if (claim := await spool.claim()) is not None:
            await work(replace(bench, documents=does), claim, bench.settings())
    assert (await _ended(spool)).outcome == "passed"


async def test_a_full_disk_is_no_bug(make_bench: Maker, spool: MemorySpool) -> None:
    """The job waits for its next try with all it kept, instead of ending."""

    async def does(*_: Any) -> Verdict:
        raise OSError(errno.ENOSPC, "No space left on device", "workflow/state.json")

    assert await _worked(make_bench(ScriptedModel([]), spool), does) is None
    assert (await spool.counts()).retry == 1


async def test_a_job_that_met_a_full_disk_waits_again_and_the_worker_goes_on(
    make_bench: Maker, spool: MemorySpool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing ends for it, and none of the job's attempts is used up."""
    monkeypatch.setattr(worker, "FULL_PAUSE", 0.0)

    async def does(*_: Any) -> Verdict:
        raise SpoolFull("no space is left")

    assert await _worked(make_bench(ScriptedModel([]), spool), does) is None
    assert (await spool.counts()).waiting == 1
    again = await spool.claim()
    assert again is not None
    assert again.job.attempts == ()


async def test_a_missing_package_ends_the_job_with_the_remedy(
    make_bench: Maker, spool: MemorySpool
) -> None:
    """Who dropped the folder reads in its verdict what is to be installed."""

    async def does(*_: Any) -> Verdict:
        raise MissingPackage("reading PDF needs pypdfium2", fix="pip install 'syntx[documents]'")

    await _worked(make_bench(ScriptedModel([]), spool), does)
    ended = await _ended(spool)
    assert (ended.outcome, ended.reason) == ("failed", "missing_extra")
    assert "pypdfium2" in str(ended.message)
    assert "pip install" in str(ended.message)


async def test_a_bug_in_the_work_ends_that_job_alone(make_bench: Maker, spool: MemorySpool) -> None:
    """It is told as a bug, not raised."""

    async def does(*_: Any) -> Verdict:
        raise ZeroDivisionError("division by zero")

    await _worked(make_bench(ScriptedModel([]), spool), does)
    assert (await _ended(spool)).reason == "bug"


async def test_a_cancelled_document_job_waits_again(make_bench: Maker, spool: MemorySpool) -> None:
    """A drain that runs out gives it back with what was done."""
    begun = asyncio.Event()

    async def does(job: Job, folder: Path, _: Settings) -> Verdict:
        (folder / "workflow").mkdir()
        begun.set()
        await asyncio.sleep(3600)
        raise AssertionError

    task = asyncio.create_task(_worked(make_bench(ScriptedModel([]), spool), does))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    claim = await spool.claim()
    assert claim is not None
    assert (spool.folder_of(claim) / "workflow").is_dir()


async def test_a_model_the_job_itself_names_concerns_that_job_alone(
    make_bench: Maker, tmp_path: Path
) -> None:
    """An unknown model of its job.yaml ends it; one of the settings would stop the service."""

    async def does(*_: Any) -> Verdict:
        raise ConfigError("no model 'gone'", fix="name one there is")

    spool = MemorySpool()
    own = document(metadata={"options": {"models": {"write": "gone"}}})
    await spool.submit_folder(own, written(tmp_path / "own"))
    await _worked(make_bench(ScriptedModel([]), spool), does)
    assert (await _ended(spool)).reason == "bad_request"
    await spool.submit_folder(document(), written(tmp_path / "auftrag"))
    with pytest.raises(ConfigError):
        await _worked(make_bench(ScriptedModel([]), spool), does)
    assert (await spool.counts()).incoming == 1
    await spool.close()
