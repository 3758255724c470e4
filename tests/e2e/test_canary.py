"""Keys, and the text of prompts, stay where they belong, whatever an endpoint does with them."""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml
from click.testing import CliRunner
from echoing import KINDS, echoing
from observing import environment

from syntx.cli import cli
from syntx.home import Home

PROMPT = "Wohin fliegt der Kolibritintenfisch im Winterquartier?"
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


@dataclass
class Canaries:
    """A key for each place keys come from, and all that was said where somebody may read it."""

    credential: str
    environment: str
    file: str
    said: list[bytes] = field(default_factory=list)

    @property
    def all(self) -> tuple[str, ...]:
        return (self.credential, self.environment, self.file)

    def traces_in(self, content: bytes) -> list[bytes]:
        """Return what of a key stands in a text: pieces, forward or back, or the key encoded."""
        return [form for key in self.all for form in _forms(key) if form in content]


def _forms(key: str) -> Iterator[bytes]:
    for text in (key, key[::-1]):
        yield from (text[at : at + 8].encode() for at in range(len(text) - 7))
    yield quote(key, safe="").encode()
    yield key.encode().hex().encode()
    for before in range(3):
        packed = base64.b64encode(b"\0" * before + key.encode())
        yield packed[4:-4]


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
        _describe(home, url)
        yield url


def _describe(home: Home, url: str) -> None:
    (home.models / "simulator.yaml").unlink()
    for number, key in enumerate(("CREDENTIAL_KEY", "ENVIRONMENT_KEY", "FILE_KEY")):
        models = [{"name": f"{kind}{number}", "id": kind, "context": 9000} for kind in KINDS]
        api = {"base_url": f"{url}/v1", "key": key, "models": models}
        (home.models / f"api{number}.yaml").write_text(yaml.safe_dump(api))
    calibrator = {"kind": "syntx_chat", "base_url": url, "key": "FILE_KEY"}
    calibrator["models"] = [{"name": "calibrator", "context": 9000}]
    (home.models / "calibrator.yaml").write_text(yaml.safe_dump(calibrator))
    script = home.root / "alert.sh"
    script.write_text('env >>"$1/told.txt"; cat >>"$1/told.txt"; cat /proc/$PPID/cmdline; env\n')
    system = {
        "consumer": {"model": "answer1"},
        "logging": {"level": "debug"},
        "documents": {
            "debug_files": True,
            "models": {"plan": ["answer0"], "analyse": ["answer0"], "write": ["answer0"]},
        },
        "monitoring": {
            "alert_command": ["/bin/sh", str(script), str(home.root)],
            "error_calls": 1,
            "error_share": 0.1,
        },
    }
    (home.config / "system.yaml").write_text(yaml.safe_dump(system))
    (home.config / "queue.yaml").write_text("max_attempts: 1\nsettle_seconds: 0\n")
    (home.config / "generator.yaml").write_text(
        "openai: {model: answer2}\ntopics: {kultur: [Brettspiele]}\n"
    )


class Manager:
    """A service manager that writes down what it is told."""

    def __init__(self, path: Path) -> None:
        self.address = str(path)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.address)

    def heard(self) -> bytes:
        """Return all messages so far."""
        self._socket.setblocking(False)
        told = b""
        while True:
            try:
                told += self._socket.recv(65536)
            except BlockingIOError:
                return told

    def close(self) -> None:
        self._socket.close()


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


def _command_lines() -> bytes:
    """Return the command lines of all processes; those that end meanwhile are passed over."""
    told = b""
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            told += process.read_bytes() + b"\n"
        except OSError:
            continue
    return told


def _attended(process: subprocess.Popen[bytes], canaries: Canaries) -> None:
    """Look at all command lines until a process ends, and keep what it said."""
    while True:
        canaries.said.append(_command_lines())
        try:
            canaries.said.extend(process.communicate(timeout=0.5))
            return
        except subprocess.TimeoutExpired:
            continue


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


def _everything_below(root: Path) -> Iterator[tuple[Path, bytes]]:
    for folder, _, names in os.walk(root):
        for path in (Path(folder, name) for name in names):
            if path.is_file():
                yield path, path.read_bytes()


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
        assert shown.exit_code == 0, shown.stderr

    _submitted(call, home, tmp_path)
    _attended(start("consumer", "--until-empty"), canaries)
    _attended(start("producer", "--once", "--force", "--size", "1"), canaries)
    _attended(start("monitor", "--once"), canaries)
    service_log = b"".join(canaries.said)
    canaries.said.append(manager.heard())
    _read_by_all(home, canaries, tmp_path)

    assert canaries.traces_in(b"".join(canaries.said)) == []
    for path, content in _everything_below(tmp_path):
        if path != home.env_file and path.parent.name != "credentials":
            assert canaries.traces_in(content) == [], path
    assert b"Kolibritintenfisch" not in service_log
    _it_was_worth_looking(home, canaries)


def _it_was_worth_looking(home: Home, canaries: Canaries) -> None:
    """The endpoint was asked by all, its words were written down, and somebody was alarmed."""
    jobs = [content for path, content in _everything_below(home.root / "queue")]
    told = b"".join(jobs)
    assert told.count(b"***") > 2 * len(KINDS)
    assert told.count(b"unknown key ***") >= 3
    assert b"Ich sah *** und ***." in told
    assert b"SYNTX_LEVEL=" in (home.root / "told.txt").read_bytes()
    assert b"READY=1" in b"".join(canaries.said)
    assert re.search(rb"answered 40[13]", told)


def test_a_crash_tells_no_key(
    home: Home,
    canaries: Canaries,
    start: Callable[..., subprocess.Popen[bytes]],
    manager: Manager,
) -> None:
    """A consumer that is aborted in the middle of a call leaves a trace without a key in it."""
    listener = socket.create_server(("127.0.0.1", 0))
    _describe(home, f"http://127.0.0.1:{listener.getsockname()[1]}")
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

    told = b"".join(content for _, content in _everything_below(home.root / "queue"))
    assert canaries.traces_in(b"".join([*canaries.said, told])) == []
    assert canaries.said[0].count(b"holds characters that no key has") == 3
