"""Keys, and the text of prompts, stay where they belong, whatever an endpoint does with them."""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from canaries import PROMPT, Canaries, Manager, attended, describe, everything_below, written
from click.testing import CliRunner
from echoing import KINDS, echoing
from observing import environment

from syntx.cli import cli
from syntx.home import Home

READERS = (
    ("doctor",),
    ("doctor", "--json"),
    ("models",),
    ("models", "--json"),
    ("config", "show"),
    ("config", "check"),
    ("config", "check", "--json"),
    ("status", "--json"),
    ("top", "--once"),
    ("top", "--once", "--json"),
    ("metrics",),
    ("failures",),
    ("failures", "--json"),
    ("jobs", "--json"),
    ("costs",),
    ("logs", "list", "--json"),
    ("wrappers", "--json"),
    ("generations",),
    ("analyze",),
    *(("tail", log) for log in ("llama_responses", "field_flow", "audit", "gpt_prompts")),
)
"""What looks at a home, without what has to be named."""


@pytest.fixture
def canaries(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Canaries:
    """Put a key into each place keys come from."""
    made = Canaries(*(f"Kn+/{secrets.token_urlsafe(24)}" for _ in range(3)))
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "CREDENTIAL_KEY").write_text(made.credential)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    monkeypatch.setenv("ENVIRONMENT_KEY", made.environment)
    home.env_file.write_text(f"FILE_KEY={made.file}\n")
    home.env_file.chmod(0o600)
    return made


@pytest.fixture
def echo(home: Home, canaries: Canaries) -> Iterator[str]:
    """Let all models of the home be at an endpoint that repeats the key."""
    with echoing() as url:
        describe(home, url)
        yield url


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    """Give a service manager."""
    made = Manager(tmp_path / "notify")
    yield made
    made.close()


@pytest.fixture
def start(home: Home, canaries: Canaries, manager: Manager) -> Callable[..., subprocess.Popen]:
    """Give a way to start a command under a service manager."""

    def started(*arguments: str) -> subprocess.Popen[bytes]:
        kept = ("CREDENTIALS_DIRECTORY", "ENVIRONMENT_KEY")
        return subprocess.Popen(
            [sys.executable, "-m", "syntx", "--home", str(home.root), *arguments],
            env=environment(
                NOTIFY_SOCKET=manager.address,
                JOURNAL_STREAM="1:1",
                PYTHONFAULTHANDLER="1",
                **{name: os.environ[name] for name in kept},
            ),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    return started


def _submitted(call: Callable[..., object], home: Home, tmp_path: Path) -> None:
    """Submit a prompt to every model, and a folder."""
    for model in ("answer0", "denied0", *(f"{kind}1" for kind in KINDS), "denied2", "broken2"):
        call("submit", "-p", PROMPT, "-m", model)
    call("submit", "-p", PROMPT, "-m", "calibrator", "-p", f"{PROMPT} Fehler!")
    folder = tmp_path / "bericht"
    folder.mkdir()
    (folder / "request.md").write_text(f"Schreibe einen Bericht: {PROMPT}\n")
    (folder / "notiz.txt").write_text(PROMPT)
    call("submit", str(folder))


def _read_by_all(home: Home, canaries: Canaries, tmp_path: Path) -> None:
    """Call whatever prints or writes something about the home."""

    def call(*arguments: str) -> str:
        shown = CliRunner().invoke(cli, ["--home", str(home.root), *arguments])
        assert shown.exit_code != 2, shown.stderr
        canaries.said += [shown.stdout_bytes, shown.stderr_bytes, repr(shown.exception).encode()]
        return shown.stdout

    for arguments in READERS:
        call(*arguments)
    jobs = {job["reason"]: job["id"] for job in json.loads(call("jobs", "--json"))["jobs"]}
    for named in jobs.values():
        call("show", named)
        call("explain", named)
        call("show", "--json", named)
    call("export", str(tmp_path / "older"))
    call("export", "--table", str(tmp_path / "table.jsonl"))
    call("logs", "load", str(tmp_path / "logs.sqlite"))
    call("schema", "--json")


def test_no_key_is_ever_told(
    home: Home,
    canaries: Canaries,
    echo: str,
    start: Callable[..., subprocess.Popen[bytes]],
    manager: Manager,
    tmp_path: Path,
) -> None:
    """Three keys, an endpoint that repeats them in all it says, the log at its most talkative.

    Nothing of a key stands in a file, in an output, in a command line, in what the service manager
    or the alert command was told; nor does the service log repeat a prompt.
    """

    def call(*arguments: str) -> None:
        shown = CliRunner().invoke(cli, ["--home", str(home.root), *arguments])
        canaries.said += [shown.stdout_bytes, shown.stderr_bytes]
        assert shown.exit_code == 0, shown.stderr

    _submitted(call, home, tmp_path)
    attended(start("consumer", "--until-empty"), canaries)
    call("producer", "--once", "--force", "--size", "1")
    call("monitor", "--once")
    service_log = b"".join(canaries.said)
    canaries.said.append(manager.heard())
    _read_by_all(home, canaries, tmp_path)

    assert canaries.traces_in(b"".join(canaries.said)) == []
    assert canaries.traces_in(written(home, tmp_path)) == []
    assert b"Kolibritintenfisch" not in service_log
    _it_was_worth_looking(home, canaries)


def _it_was_worth_looking(home: Home, canaries: Canaries) -> None:
    """The endpoint was asked by all, its words were written down, and somebody was alarmed."""
    jobs = [content for path, content in everything_below(home.root / "queue")]
    told = b"".join(jobs)
    assert told.count(b"***") > 2 * len(KINDS)
    assert told.count(b"unknown key ***") >= 3
    assert b"Ich sah *** und ***." in told
    assert b"SYNTX_LEVEL=" in (home.root / "told.txt").read_bytes()
    assert b"READY=1" in b"".join(canaries.said)
    assert re.search(rb"answered 40[13]", told)
    assert b"answered 307" in told


@pytest.mark.slow
def test_a_whole_run_tells_no_key(
    home: Home,
    canaries: Canaries,
    echo: str,
    start: Callable[..., subprocess.Popen[bytes]],
    tmp_path: Path,
) -> None:
    """Services as children of one command: their common log, and all their command lines."""
    attended(start("run", "--generations", "1", "--size", "2"), canaries)

    assert b"job_settled" in (home.root / "logs" / "services.log").read_bytes()
    assert canaries.traces_in(b"".join(canaries.said)) == []
    assert canaries.traces_in(written(home, tmp_path)) == []


def test_a_crash_tells_no_key(
    home: Home,
    canaries: Canaries,
    start: Callable[..., subprocess.Popen[bytes]],
    manager: Manager,
) -> None:
    """A consumer that is aborted in the middle of a call leaves a trace without a key in it."""
    listener = socket.create_server(("127.0.0.1", 0))
    describe(home, f"http://127.0.0.1:{listener.getsockname()[1]}")
    CliRunner().invoke(cli, ["--home", str(home.root), "submit", "-p", PROMPT])
    consumer = start("consumer")
    listener.settimeout(60)
    with listener, listener.accept()[0] as asked:
        assert canaries.environment.encode() in asked.recv(65536)
        consumer.send_signal(signal.SIGABRT)
        said = b"".join(consumer.communicate(timeout=60))

    assert consumer.returncode == -signal.SIGABRT
    assert b"Fatal Python error: Aborted" in said
    assert canaries.traces_in(said + manager.heard()) == []
    assert b"Kolibritintenfisch" not in said


def test_keys_that_cannot_be_sent_are_not_told(
    home: Home, canaries: Canaries, echo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key with an umlaut, a control or a line end in it fails the call, and is not repeated."""
    folder = Path(os.environ["CREDENTIALS_DIRECTORY"])
    (folder / "CREDENTIAL_KEY").write_text(f"{canaries.credential}ü")
    monkeypatch.setenv("ENVIRONMENT_KEY", f"{canaries.environment}\x01")
    home.env_file.write_text(f"FILE_KEY={canaries.file} \x7f x\n")
    for number in range(3):
        prompts = ["submit", "-p", PROMPT, "-m", f"answer{number}"]
        CliRunner().invoke(cli, ["--home", str(home.root), *prompts])
    for arguments in (("doctor",), ("models",), ("consumer", "--until-empty")):
        shown = CliRunner().invoke(cli, ["--home", str(home.root), *arguments])
        canaries.said.append(shown.stdout_bytes + shown.stderr_bytes)
        canaries.said.append(repr(shown.exception).encode())

    told = b"".join(content for _, content in everything_below(home.root / "queue"))
    assert canaries.traces_in(b"".join([*canaries.said, told])) == []
    assert canaries.said[0].count(b"holds characters that no key has") == 3
