"""Document jobs: a folder is submitted, worked in and kept, in every spool."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from spool_folders import REQUEST, document, held, inside, written
from spool_jobs import attempt, jobs_of

from syntx.errors import BadRequest, JobExists, SpoolError
from syntx.job import Verdict
from syntx.spool.contract import Spool

WHOLE = ["attachments/a/b.csv", "attachments/request.txt", "job.json", "job.yaml", "request.md"]


async def test_a_submitted_folder_is_claimed_whole(spool: Spool, tmp_path: Path) -> None:
    """The claim has the job and a folder of its own; the user's folder stays as it was."""
    source, job = written(tmp_path / "auftrag"), document()
    before = inside(source)
    await spool.submit_folder(job, source)

    claim, folder = await held(spool)

    assert claim.job == job
    assert inside(folder) == WHOLE
    assert (folder / "request.md").read_text() == REQUEST
    assert (folder / "attachments" / "a" / "b.csv").read_text() == "1;2"
    assert (folder / "outputs").is_dir()
    assert inside(source) == before


async def test_a_known_id_is_not_taken_with_its_folder_either(spool: Spool, tmp_path: Path) -> None:
    """The second folder of an ID is refused, and the first stands."""
    source, job = written(tmp_path / "auftrag"), document()
    await spool.submit_folder(job, source)
    with pytest.raises(JobExists):
        await spool.submit_folder(job, source)
    await held(spool)
    with pytest.raises(JobExists):
        await spool.submit_folder(job, source)
    assert await spool.claim() is None


async def test_a_document_job_is_not_taken_without_its_folder(spool: Spool) -> None:
    """`submit` refuses it, and takes the prompts beside it."""
    (prompt,) = jobs_of(1)
    with pytest.raises(SpoolError, match="no prompt job"):
        await spool.submit([document(), prompt])
    claim = await spool.claim()
    assert claim is not None
    assert claim.job == prompt
    assert await spool.claim() is None


async def test_only_a_held_document_job_has_a_folder(spool: Spool, tmp_path: Path) -> None:
    """A prompt job has none, and neither has a job that was left."""
    await spool.submit(jobs_of(1))
    prompt = await spool.claim()
    assert prompt is not None
    with pytest.raises(SpoolError):
        spool.folder_of(prompt)
    await spool.submit_folder(document(), written(tmp_path / "auftrag"))
    claim, _ = await held(spool)
    await spool.settle(claim, Verdict(outcome="passed"), attempt())
    with pytest.raises(SpoolError):
        spool.folder_of(claim)


def _link(source: Path) -> None:
    (source / "a" / "link").symlink_to("/etc/passwd")


def _no_request(source: Path) -> None:
    (source / "request.md").unlink()
    (source / "request.txt").unlink()


def _fifo(source: Path) -> None:
    os.mkfifo(source / "attachment")


def _another(source: Path) -> None:
    (source / "request.md").write_text("Etwas anderes.")


def _no_text(source: Path) -> None:
    (source / "request.md").write_bytes(b"\xff\x00")


@pytest.mark.parametrize("spoil", [_link, _no_request, _fifo, _another, _no_text])
async def test_a_folder_that_cannot_be_taken_leaves_nothing(
    spool: Spool, tmp_path: Path, spoil: Any
) -> None:
    """It is told as a wrong request, nothing waits, and the same ID may come again, mended."""
    source, job = written(tmp_path / "auftrag"), document()
    spoil(source)
    with pytest.raises(BadRequest) as caught:
        await spool.submit_folder(job, source)
    assert caught.value.fix
    assert await spool.claim() is None
    await spool.submit_folder(job, written(tmp_path / "mended"))
    assert (await held(spool))[0].job == job


async def test_what_the_work_made_stays_through_retry_and_release(
    spool: Spool, tmp_path: Path
) -> None:
    """The next holder finds `workflow/` and `outputs/` as they were left."""
    await spool.submit_folder(document(), written(tmp_path / "auftrag"))
    claim, folder = await held(spool)
    (folder / "workflow" / "answers").mkdir(parents=True)
    (folder / "workflow" / "answers" / "1.json").write_text("paid")
    (folder / "outputs" / "bericht.txt").write_text("halb")
    await spool.retry(claim, attempt(reason="unavailable"), 0)
    claim, folder = await held(spool)
    await spool.release(claim)
    claim, folder = await held(spool)

    assert (folder / "workflow" / "answers" / "1.json").read_text() == "paid"
    assert (folder / "outputs" / "bericht.txt").read_text() == "halb"


async def _ended_and_reopened(spool: Spool, claim: Any, **verdict: Any) -> tuple[Any, Path]:
    await spool.settle(claim, Verdict.model_validate(verdict), attempt())
    assert (await spool.reopen([claim.job.id])).moved == (claim.job.id,)
    return await held(spool)


async def test_an_operators_retry_after_a_judged_result_begins_anew(
    spool: Spool, tmp_path: Path
) -> None:
    """The old work is set aside under the verdict's number, so no old answer is found again."""
    await spool.submit_folder(document(), written(tmp_path / "auftrag"))
    claim, folder = await held(spool)
    for number, outcome in enumerate(("low_score", "refused"), 1):
        (folder / "workflow").mkdir()
        (folder / "workflow" / "answer").write_text(f"{number}")
        (folder / "outputs" / "bericht.txt").write_text(f"{number}")
        claim, folder = await _ended_and_reopened(spool, claim, outcome=outcome)

        assert not (folder / "workflow").exists()
        assert inside(folder / "outputs") == []
        assert (folder / f"workflow.{number}" / "answer").read_text() == f"{number}"
        assert (folder / f"outputs.{number}" / "bericht.txt").read_text() == f"{number}"


async def test_work_begun_anew_is_not_set_aside_again(spool: Spool, tmp_path: Path) -> None:
    """What a holder made after the retry is there for the next holder of the same try."""
    await spool.submit_folder(document(), written(tmp_path / "auftrag"))
    claim, _ = await held(spool)
    claim, folder = await _ended_and_reopened(spool, claim, outcome="low_score")
    (folder / "workflow").mkdir()
    (folder / "workflow" / "answer").write_text("paid")
    await spool.retry(claim, attempt(reason="unavailable"), 0)
    _, folder = await held(spool)
    assert (folder / "workflow" / "answer").read_text() == "paid"


@pytest.mark.parametrize(
    ("reason", "goes_on"),
    [("unavailable", True), ("missing_extra", True), ("unusable_answer", False), (None, False)],
)
async def test_a_failure_from_outside_is_gone_on_with(
    spool: Spool, tmp_path: Path, reason: str | None, goes_on: bool
) -> None:
    """Answers that nobody judged are paid for once; unusable ones are asked for anew."""
    await spool.submit_folder(document(), written(tmp_path / "auftrag"))
    claim, folder = await held(spool)
    (folder / "workflow").mkdir()
    (folder / "workflow" / "answer").write_text("paid")
    _, folder = await _ended_and_reopened(spool, claim, outcome="failed", reason=reason)
    assert (folder / "workflow" / "answer").exists() == goes_on
