"""What a document job keeps to itself, and what it does not follow."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from document_work import CSV, FILES, REMOTE, Player, Work

from consumer.documents.workflow.models import ChatWorkflow
from syntx.settings.models import Documents


def _names(workflow: ChatWorkflow) -> list[str]:
    return [record.name for record in workflow.actions]


async def test_names_and_texts_that_are_no_unicode_do_not_stop_a_job(tmp_path: Path) -> None:
    """A file name of other bytes is read, and half a character in a plan is replaced."""
    work = Work(tmp_path, request="Schreibe einen Bericht über die Umsätze.")
    (work.folder / "attachments" / os.fsdecode(b"Ums\xe4tze.csv")).write_bytes(CSV)
    task = '{"id": "t1", "objective": "halb \\ud83d", "successCriteria": ["c"], "format": "md"}'
    plan = f'{{"intent": "i", "tasks": [{task}]}}'

    verdict = await work.run(Player(lambda name, _: plan if "understand" in name else None))

    assert verdict.outcome == "passed"
    assert b"1200" in work.outputs["document.json"]


async def test_nothing_personal_reaches_a_remote_model_and_all_of_it_is_in_the_result(
    tmp_path: Path,
) -> None:
    """Request, file names and content are replaced before the call, and restored in the outputs."""
    text = "Max Mustermann (max@mustermann.de) wohnt in Köln und zahlt 1200 Euro Miete.\n"
    work = Work(
        tmp_path,
        request="Schreibe einen Bericht über Max Mustermann und seine Miete.",
        options={"neutralize": True, "names": ["Max Mustermann"]},
        files={"Max Mustermann.txt": text.encode()},
        catalogue=REMOTE,
    )
    player = Player()

    verdict = await work.run(player)

    assert verdict.outcome == "passed"
    sent = "\n".join(message.content for one in player.asked for message in one.messages)
    assert "Mustermann" not in sent
    assert "mustermann.de" not in sent
    assert "[[PERSON_1]]" in sent
    assert "context.neutralizeData" in _names(work.state)
    delivered = b"".join(data for name, data in work.outputs.items() if name != "workflow.json")
    assert b"max@mustermann.de" in delivered
    assert b"PERSON_1" not in delivered
    assert (work.folder / "workflow/mapping.json").stat().st_mode & 0o777 == 0o600


async def test_a_name_that_only_a_mail_tells_of_is_known_before_the_first_call(
    tmp_path: Path,
) -> None:
    """What is attached is read before the planner hears of the request."""
    mail = b"From: Erika Brandt <erika@brandt.de>\r\nSubject: Angebot\r\n\r\nGuten Tag.\r\n"
    work = Work(
        tmp_path,
        request="Schreibe einen Bericht über das Angebot von Erika Brandt.",
        options={"neutralize": True, "title": "Akte Erika Brandt"},
        files={"angebot.eml": mail},
        catalogue=REMOTE,
    )
    player = Player()

    await work.run(player)

    assert "Brandt" not in "".join(one.content for call in player.asked for one in call.messages)
    assert _names(work.state)[:2] == ["document.extractContent", "context.neutralizeData"]
    assert "Akte Erika Brandt.md" in work.outputs


async def test_names_that_cannot_be_read_stop_everything_before_the_first_call(
    tmp_path: Path,
) -> None:
    """A list of names that is missing must not mean that nobody is on it."""
    settings = Documents(format="md", neutralize=True, names=Path("names.txt"))
    player = Player()

    with pytest.raises(Exception, match="names to replace cannot be read"):
        await Work(tmp_path, files=FILES, settings=settings, catalogue=REMOTE).run(player)

    assert not player.asked


async def test_a_link_among_the_attachments_is_not_followed(tmp_path: Path) -> None:
    """Who made the folder by hand gets nothing of ours into the result."""
    secret = tmp_path / "secret.txt"
    secret.write_text("streng geheim 4711")
    work = Work(tmp_path, files=FILES)
    (work.folder / "attachments" / "link.txt").symlink_to(secret)

    await work.run(Player())

    assert b"4711" not in b"".join(work.outputs.values())


async def test_a_state_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    """Nothing is written through it."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    work = Work(tmp_path, files=FILES)
    (work.folder / "workflow").symlink_to(elsewhere)

    with pytest.raises(Exception, match="no plain file or folder"):
        await work.run(Player())

    assert not list(elsewhere.iterdir())
