"""Folders on the command line: submitted, looked at, followed."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from spool_folders import REQUEST, written
from workflow_states import action, state

from syntx.cli import cli
from syntx.home import Home
from syntx.job import Attempt, Score, Verdict
from syntx.spool.files import FileSpool
from syntx.spool.opening import SpoolOptions

Call = Callable[..., Result]
NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


def _incoming(home: Home) -> Path:
    (entry,) = (home.root / "queue" / "incoming").iterdir()
    return entry


def test_a_submitted_folder_waits_with_the_wishes_of_the_call(
    call: Call, home: Home, tmp_path: Path
) -> None:
    """Options win over job.yaml, which stays as it was written."""
    folder = written(tmp_path / "auftrag")
    (folder / "job.yaml").write_text("formats: [docx, pdf]\nlanguage: de\nmax_cost: 2\n")
    shown = call("submit", str(folder), "--format", "md", "--title", "Größen", "--neutralize")

    assert shown.exit_code == 0, shown.output
    job_id = shown.stdout.strip()
    found = json.loads(call("show", "--json", job_id).stdout)
    assert found["kind"] == "document"
    assert found["prompt"] == REQUEST
    assert found["source"] == "submitted"
    assert found["limits"]["cost"] == 2
    assert found["metadata"]["options"] == {
        "format": "md", "language": "de", "max_cost": 2, "title": "Größen", "neutralize": True
    }  # fmt: skip
    assert (found["workflow"], found["outputs"]) == (None, [])
    assert (_incoming(home) / "job.yaml").read_text().startswith("formats")


def test_files_and_folders_may_be_mixed(call: Call, home: Home, tmp_path: Path) -> None:
    """Each is one job; the options of prompts concern the prompts alone."""
    (tmp_path / "frage.txt").write_text("Warum?")
    paths = [str(tmp_path / "frage.txt"), *(str(written(tmp_path / name)) for name in "ab")]
    shown = call("submit", *paths, "--style", "casual")
    kinds = [json.loads(call("show", "--json", one).stdout)["kind"] for one in shown.stdout.split()]
    assert kinds == ["prompt", "document", "document"]


@pytest.mark.parametrize(
    ("options", "arguments", "code", "told"),
    [
        ("fromat: pdf", (), 1, "fromat is unknown"),
        ("- a list", (), 1, "no mapping"),
        ("models: {write: [nobody]}", (), 1, "no file offers a model named 'nobody'"),
        ("", ("--style", "casual"), 2, "--style is for prompts"),
        ("", ("--format", "odt"), 2, "odt"),
    ],
)
def test_a_wrong_wish_is_told_before_anything_is_submitted(
    call: Call, home: Home, tmp_path: Path, options: str, arguments: tuple[str, ...], code: int,
    told: str,
) -> None:  # fmt: skip
    """Not even the right folder beside it is taken."""
    right, wrong = written(tmp_path / "right"), written(tmp_path / "wrong")
    (wrong / "job.yaml").write_text(options)
    shown = call("submit", str(right), str(wrong), *arguments)
    assert shown.exit_code == code
    assert told in shown.stderr
    assert not any((home.root / "queue").glob("incoming/*"))


def test_a_folder_without_a_request_says_what_is_missing(call: Call, tmp_path: Path) -> None:
    """The remedy names the file."""
    (tmp_path / "empty").mkdir()
    shown = call("submit", str(tmp_path / "empty"))
    assert shown.exit_code == 1
    assert "fix: write what you ask for into request.md in it" in shown.stderr


def test_folder_options_need_a_folder(call: Call) -> None:
    """A format says nothing about a prompt."""
    shown = call("submit", "-p", "Warum?", "--format", "pdf")
    assert shown.exit_code == 2
    assert "--format is for folders" in shown.stderr


async def _work(root: Path, outcome: str, began: Callable[[], object]) -> None:
    """Take the waiting job through a workflow as a consumer does."""
    async with FileSpool.open(root, SpoolOptions(watch=False)) as spool:
        while (claim := await spool.claim()) is None:
            await spool.wait(0.05)
        folder = spool.folder_of(claim)
        (folder / "workflow").mkdir()
        (folder / "workflow" / "state.json").write_text(json.dumps(state(currentAction=2)))
        await asyncio.to_thread(began)
        done = action(1, "document.render", task=2)
        (folder / "workflow" / "state.json").write_text(
            json.dumps(state(actions=[*state()["actions"], done], finished=True))
        )
        (folder / "outputs" / "bericht.docx").write_text("fertig")
        verdict = Verdict.model_validate({"outcome": outcome, "score": Score(total=85)})
        await spool.settle(claim, verdict, Attempt(worker="w", started=NOW, ended=NOW))


def test_a_running_job_is_shown_while_it_is_worked_on(
    call: Call, home: Home, tmp_path: Path
) -> None:
    """Text and JSON tell what the workflow has done, wherever the job lies."""
    job_id = call("submit", str(written(tmp_path / "auftrag"))).stdout.strip()
    seen: list[Any] = []

    def look() -> None:
        command = ["--home", str(home.root), "show", job_id]
        seen.append(CliRunner().invoke(cli, command).stdout)
        seen.append(json.loads(CliRunner().invoke(cli, [*command, "--json"]).stdout))

    asyncio.run(_work(home.root / "queue", "passed", look))
    text, data = seen
    assert "(processing)" in text
    assert "task 2  t2: Tabelle schreiben  running" in text
    assert "rows: 412 of 500 (82 %)" in text
    assert data["workflow"]["actions"][1]["name"] == "ai.generateDocument"
    assert data["workflow"]["kpis"][0]["percent"] == 82
    ended = json.loads(call("show", "--json", job_id).stdout)
    assert ended["workflow"]["finished"] is True
    (output,) = ended["outputs"]
    assert Path(output).read_text() == "fertig"


@pytest.mark.parametrize(("outcome", "code"), [("passed", 0), ("low_score", 1)])
def test_following_tells_each_step_once_and_ends_with_the_job(
    call: Call, home: Home, tmp_path: Path, outcome: str, code: int
) -> None:
    """Without a terminal each step is a line; the exit code says whether the job passed."""
    looked = threading.Event()
    worker = threading.Thread(
        target=lambda: asyncio.run(_work(home.root / "queue", outcome, lambda: looked.wait(30)))
    )
    worker.start()
    threading.Timer(1.0, looked.set).start()
    shown = call("submit", str(written(tmp_path / "auftrag")), "--follow")
    worker.join()

    assert shown.exit_code == code, shown.output
    lines = shown.stderr.splitlines()
    assert sum("ai.generateDocument" in line for line in lines) == 1
    assert sum("document.render" in line for line in lines) == 1
    assert lines[-1].endswith(f"{outcome}, score 85")
    assert shown.stdout.strip() in lines[-1]
    again = call("show", "--follow", shown.stdout.strip())
    assert again.exit_code == code
    assert "quality   0.85" in again.stdout


def test_on_a_terminal_the_running_workflow_is_drawn(
    call: Call, home: Home, tmp_path: Path
) -> None:
    """The same lines stand on the screen at the end, drawn over one another on the way."""
    job_id = call("submit", str(written(tmp_path / "auftrag"))).stdout.strip()
    asyncio.run(_work(home.root / "queue", "passed", lambda: None))
    screen, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 200, 0, 0))
    command = [sys.executable, "-m", "syntx", "--home", str(home.root), "show", "-f", job_id]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), "TERM": "xterm"}
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=terminal, env=env, check=False)
    os.close(terminal)
    drawn = b""
    with contextlib.suppress(OSError):
        while piece := os.read(screen, 65_536):
            drawn += piece
    os.close(screen)
    assert done.returncode == 0
    text = drawn.decode().replace("\r\n", "")
    assert "passed, score 85" in text
    assert "action 2  ai.generateDocument" in text
    assert "bericht.docx" in text


def test_who_stops_watching_is_not_told_that_the_job_failed(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C exits with 130, which no end of a job does; the job is as it was."""
    job = call("submit", str(written(tmp_path / "auftrag"))).stdout.strip()

    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", interrupted)
    done = call("show", "--follow", job)

    assert done.exit_code == 130
    assert f"syntx show {job} --follow" in done.stderr
