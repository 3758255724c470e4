"""Document jobs from the folder to the checked result: real services, simulated models."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from document_jobs import (
    asked_of,
    attachment,
    configure,
    ended,
    folder,
    output,
    outputs,
    serve,
    verdict_of,
)
from observing import Cli, log_lines
from rendered_files import docx_text, html_text, md_text, pdf_text, xlsx_text

from syntx.home import Home
from syntx.simulator.options import SimulatorOptions
from syntx.simulator.running import running

READ: dict[str, Callable[[bytes], str]] = {
    "docx": docx_text,
    "pdf": pdf_text,
    "xlsx": xlsx_text,
    "html": html_text,
    "md": md_text,
    "csv": lambda data: data.decode("utf-8-sig"),
    "txt": lambda data: data.decode(),
    "json": lambda data: data.decode(),
}
ATTACHED = ("haushalt.docx", "bericht.pdf", "zahlen.xlsx", "ausgaben.csv", "nachtrag.eml")


@pytest.fixture
def models(simulator: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let the models of all homes be those of a simulator; gives its address."""
    monkeypatch.setenv("SYNTX_SIMULATOR_URL", simulator)
    return simulator


def _only(home: Home) -> Path:
    (entry,) = ended(home).values()
    return entry


def _checked(entry: Path) -> dict[str, Any]:
    """Return a check whose quality is the job's score."""
    verdict, found = verdict_of(entry), output(entry, "validation.json")
    assert verdict["score"]["total"] == round(100 * found["qualityScore"])
    assert verdict["score_version"] == "document/1"
    assert verdict["simulated"]
    checked: dict[str, Any] = found
    return checked


def _file_of(entry: Path, suffix: str) -> bytes:
    own = re.compile(r"(document(-\d+)?|validation|workflow)\.json")
    (found,) = (
        data
        for name, data in outputs(entry).items()
        if name.endswith(f".{suffix}") and not own.fullmatch(name)
    )
    return found


@pytest.mark.parametrize(
    ("way", "formats"),
    [
        ("dropped", ["docx", "xlsx"]),
        pytest.param("submitted", ["pdf", "html"], marks=pytest.mark.slow),
        pytest.param("submitted", ["md", "csv", "txt", "json"], marks=pytest.mark.slow),
    ],
)
async def test_a_folder_becomes_checked_files_in_the_asked_formats(
    home: Home, models: str, cli: Cli, tmp_path: Path, way: str, formats: list[str]
) -> None:
    """What the attachments say stands in each file, and the check's quality is the score."""
    configure(home)
    made = folder(tmp_path / "auftrag", ATTACHED, formats=formats, title="Haushalt 2025")
    if way == "dropped":
        made.rename(home.root / "queue" / "incoming" / "auftrag")
    else:
        assert cli("submit", str(made)).returncode == 0
    await serve(home)

    entry = _only(home)
    assert verdict_of(entry)["outcome"] == "passed", verdict_of(entry)
    checked = _checked(entry)
    assert checked["documentCount"] >= 1
    for suffix in formats:
        text = READ[suffix](_file_of(entry, suffix))
        assert "120000" in text.replace(".", "").replace(" ", ""), suffix
    told = json.dumps(output(entry, "document.json"), ensure_ascii=False)
    for fact in ("Schule", "2300000", "410000"):
        assert fact in told
    record = output(entry, "workflow.json")
    assert record["finished"] is True
    assert {one["name"] for one in record["actions"]} >= {
        "document.extractContent", "ai.generateDocument", "document.render", "document.validate"
    }  # fmt: skip
    shown = json.loads(cli("show", "--json", entry.name).stdout)
    assert shown["workflow"]["finished"] is True
    assert len(shown["workflow"]["tasks"]) == len({one["taskId"] for one in record["actions"]})
    lines = [line for line in log_lines(home, "workflow") if line["job_id"] == entry.name]
    starts = [line for line in lines if line["event"] == "start"]
    assert len(starts) * 2 == len(lines)


async def test_a_simple_request_takes_one_call(home: Home, models: str, tmp_path: Path) -> None:
    """The fast path asks once, without a plan, and delivers a checked file all the same."""
    configure(home)
    folder(home.root / "queue" / "incoming" / "kurz", request="Was ist ein Haushalt?", format="md")
    await serve(home)

    entry = _only(home)
    assert asked_of(models) == 1
    assert output(entry, "workflow.json")["complexity"] == "simple"
    assert "Haushalt" in READ["md"](_file_of(entry, "md"))
    _checked(entry)


async def test_personal_data_never_reaches_a_remote_model(
    home: Home, models: str, tmp_path: Path
) -> None:
    """No prompt carries it, no log does, and the delivered file has it back."""
    configure(home, debug_files=True)
    file = home.models / "simulator.yaml"
    file.write_text(file.read_text() + "\nlocal: false\n")
    secret = "erika.mustermann@example.org"
    folder(
        home.root / "queue" / "incoming" / "brief",
        ["nachtrag.eml"],
        request=f"Schreibe einen Bericht über die Nachträge, gerichtet an {secret}.",
        format="txt",
        neutralize=True,
    )
    await serve(home)

    entry = _only(home)
    assert verdict_of(entry)["outcome"] in ("passed", "low_score"), verdict_of(entry)
    debug = b"".join(one.read_bytes() for one in (entry / "workflow" / "debug").rglob("*.*"))
    answers = b"".join(one.read_bytes() for one in (entry / "workflow" / "answers").iterdir())
    logs = b"".join(one.read_bytes() for one in (home.root / "logs").glob("*.jsonl"))
    assert b"# Role" in debug
    for told in (debug, answers, logs):
        assert secret.encode() not in told
        assert b"Mustermann" not in told
    assert secret in READ["txt"](_file_of(entry, "txt"))
    mapping = entry / "workflow" / "mapping.json"
    assert stat.S_IMODE(mapping.stat().st_mode) == 0o600
    assert secret.encode() in mapping.read_bytes()


async def test_a_refusal_is_final(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model that declines is asked once; the job ends as refused."""
    configure(home)
    with running(SimulatorOptions(latency=0.0, faults={"refusal": 1.0})) as url:
        monkeypatch.setenv("SYNTX_SIMULATOR_URL", url)
        folder(home.root / "queue" / "incoming" / "kurz", request="Was ist ein Haushalt?")
        await serve(home)
        asked = asked_of(url)
    assert verdict_of(_only(home))["outcome"] == "refused"
    assert asked == 1


async def test_a_broken_attachment_costs_the_others_nothing(
    home: Home, models: str, tmp_path: Path
) -> None:
    """What can be read is used; the record says what could not."""
    configure(home)
    made = folder(tmp_path / "auftrag", ["ausgaben.csv"], format="txt")
    (made / "kaputt.docx").write_bytes(attachment("haushalt.docx")[:700])
    (made / "leer.pdf").write_bytes(b"")
    made.rename(home.root / "queue" / "incoming" / "auftrag")
    await serve(home)

    entry = _only(home)
    assert verdict_of(entry)["outcome"] in ("passed", "low_score"), verdict_of(entry)
    assert "120000" in READ["txt"](_file_of(entry, "txt")).replace(".", "")
    record = (entry / "outputs" / "workflow.json").read_text()
    assert "kaputt.docx" in record


async def test_without_its_packages_a_job_names_them(
    home: Home, models: str, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends as failed with the remedy, and `syntx retry` uses what was paid for."""
    configure(home)
    folder(home.root / "queue" / "incoming" / "kurz", request="Was ist Geld?", format="docx")
    with monkeypatch.context() as without:
        for name in ("docx", "docx.document"):
            without.setitem(sys.modules, name, None)
        await serve(home)
    entry = _only(home)
    verdict = verdict_of(entry)
    assert (verdict["outcome"], verdict["reason"]) == ("failed", "missing_extra")
    assert "python-docx" in verdict["message"]
    assert "syntx[documents]" in verdict["message"]

    paid = asked_of(models)
    assert cli("retry", entry.name).returncode == 0
    await serve(home)
    entry = _only(home)
    assert verdict_of(entry)["outcome"] == "passed"
    assert asked_of(models) == paid
    assert docx_text(_file_of(entry, "docx"))


@pytest.fixture
def consumers(home: Home) -> Iterator[Callable[[str], subprocess.Popen[bytes]]]:
    """Give a way to start consumers that end when nothing waits."""
    started: list[subprocess.Popen[bytes]] = []

    def start(url: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "syntx", "--home", str(home.root), "consumer"]
        env = {**os.environ, "SYNTX_SIMULATOR_URL": url}
        process = subprocess.Popen(
            [*command, "--until-empty"], env=env, stdout=subprocess.DEVNULL, stderr=None
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.slow
def test_two_consumers_share_the_folders(
    home: Home, models: str, consumers: Callable[[str], subprocess.Popen[bytes]]
) -> None:
    """Each job is worked on once, by one of them, whole."""
    configure(home)
    for number in range(6):
        folder(
            home.root / "queue" / "incoming" / f"kurz-{number}",
            request=f"Was ist Haushalt Nummer {number}?",
            format="md",
        )
    working = [consumers(models), consumers(models)]
    assert [process.wait(100) for process in working] == [0, 0]

    entries = ended(home)
    assert len(entries) == 6
    assert all(_file_of(entry, "md") for entry in entries.values())
    assert asked_of(models) == 6
