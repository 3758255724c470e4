"""No text from outside takes over a terminal: every command, in a pipe and on a terminal."""

from __future__ import annotations

import importlib
import os
import pty
import select
import sys
import time
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from hostile_home import FORBIDDEN, HOSTILE, IN_A_NAME, fill

from syntx.cli import cli, main
from syntx.commands.index import COMMANDS
from syntx.home import Home
from syntx.simulator.options import SimulatorOptions
from syntx.simulator.running import running

CALLS: dict[str, list[str]] = {
    "init": ["init --upgrade {home}", "init {home}"],
    "submit": ["submit {name}", "submit -m {name} -p {name}"],
    "producer": ["producer --once --size 1"],
    "consumer": ["consumer --until-empty"],
    "status": ["status", "status --json"],
    "top": ["top --once", "top --json"],
    "jobs": ["jobs", "jobs --json", "jobs --state {name}", "jobs --topic {name}"],
    "show": [
        *("show {processed}", "show {error}", "show --json {error}", "show {document}"),
        *("show {low} --follow", "show {document} --follow", "show {name}"),
    ],
    "explain": ["explain {processed}", "explain {low}", "explain --json {low}", "explain {name}"],
    "tail": [f"tail {log}" for log in ("costs", "field_flow", "audit", "evolution", "{name}")],
    "costs": ["costs", "costs --json"],
    "doctor": ["doctor", "doctor --json --offline"],
    "failures": ["failures", "failures --json", "failures {name}"],
    "retry": ["retry --dry-run {error}", "retry --dry-run all", "retry {name}"],
    "discard": ["discard --dry-run {error}", "discard --dry-run --json all", "discard {name}"],
    "generations": ["generations", "generations --json"],
    "analyze": ["analyze", "analyze --json"],
    "lineage": ["lineage {processed}", "lineage --json {processed}", "lineage {name}"],
    "evolution rebuild": ["evolution rebuild"],
    "monitor": ["monitor --once"],
    "metrics": ["metrics", "metrics --json"],
    "logs list": ["logs list", "logs list --json"],
    "logs load": ["logs load {out}/logs.sqlite"],
    "logs pack": ["logs pack"],
    "import": ["import {older}", "import --json {older}"],
    "export": ["export {out}/older", "export --table {out}/t.csv --json", "export {name}"],
    "config check": ["config check", "config check --json", "config check {name}"],
    "config show": ["config show"],
    "config key": ["config key {name}"],
    "config restore": ["config restore {name}"],
    "config edit": ["config edit {name}"],
    "config reference": ["config reference"],
    "models": ["models", "models --json"],
    "wrappers": ["wrappers", "wrappers --json"],
    "schema": ["schema", "schema {name}"],
    "completion": ["completion bash", "completion {name}"],
}
"""How each command is called; words in braces are put in, a `name` is a hostile one."""
ON_A_TERMINAL = (
    "consumer --until-empty",
    "monitor --once",
    "show {processed}",
    "show {document} --follow",
    "top --once",
    "status",
    "failures",
    "jobs",
    "tail costs",
    "retry --dry-run {error}",
    "doctor --offline",
)
"""Services, whose log is in words there, and what looks or asks otherwise than in a pipe."""
ELSEWHERE = {"demo", "run", "batch", "simulator", "systemd install", "systemd uninstall"}
"""They start services or change the system; what they print of a home others print too."""


@pytest.fixture
def words(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Fill a home with hostile texts; gives the words for calls."""
    with running(SimulatorOptions(latency=0.0)) as url:
        os.environ["SYNTX_SIMULATOR_URL"] = url
        older = tmp_path / "older-system"
        older.mkdir()
        (older / f"bad{IN_A_NAME}.json").write_text("{")
        (older / f"bad{IN_A_NAME}.txt").write_text(HOSTILE)
        out = tmp_path / "out"
        out.mkdir()
        monkeypatch.chdir(out)  # one exports to a name in the folder it is called in
        places = {"home": home.root, "older": older, "out": out}
        named = {name: str(path) for name, path in places.items()}
        yield {**fill(home), **named, "name": IN_A_NAME}
        del os.environ["SYNTX_SIMULATOR_URL"]


def _leaves() -> Iterator[str]:
    for name, entry in COMMANDS.items():
        module, _, place = entry.target.partition(":")
        command = getattr(importlib.import_module(module), place)
        if isinstance(command, click.Group):
            yield from (f"{name} {inner}" for inner in command.commands)
        else:
            yield name


def _arguments(line: str, words: dict[str, str]) -> list[str]:
    return ["--home", words["home"], *(word.format(**words) for word in line.split())]


def _harmful(told: str, allowed: str = "") -> set[str]:
    """Return what of a text a terminal would obey."""
    return {char for char in FORBIDDEN if char in told and char not in allowed}


def test_every_command_is_tried() -> None:
    """A new command has to be called here too."""
    assert set(_leaves()) == set(CALLS) | ELSEWHERE


def test_in_a_pipe_nothing_harmful_is_told(words: dict[str, str]) -> None:
    """Data and talk of every command hold no control and no turn of direction."""
    for line in chain(*CALLS.values()):
        shown = CliRunner().invoke(cli, _arguments(line, words))
        told = shown.stdout + shown.stderr
        assert not _harmful(told), (line, _harmful(told), told)
        assert shown.exception is None or isinstance(shown.exception, SystemExit), line


def test_on_a_terminal_nothing_harmful_is_told(
    words: dict[str, str], on_terminal: Callable[..., str]
) -> None:
    """The same on a terminal, where services tell their log in words; no colours are wanted."""
    told = {line: on_terminal(*_arguments(line, words)) for line in ON_A_TERMINAL}

    for line, text in told.items():
        harmful = _harmful(text, allowed="\r")
        assert not harmful, (line, harmful, text)
        assert "Traceback" not in text, (line, text)
    assert "BOO" in told["consumer --until-empty"]
    assert "\\x1b]0;BOO\\x07" in told["show {processed}"]


@pytest.fixture
def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Give a way to call the command line in a process of its own that has a terminal."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")

    def call(*arguments: str) -> str:
        process, terminal = pty.fork()
        if not process:
            _become(arguments)
        try:
            return _said(terminal)
        finally:
            os.close(terminal)
            os.waitpid(process, 0)

    return call


def _become(arguments: tuple[str, ...]) -> None:
    """Run the command line in the child; it never returns."""
    code = 70
    try:
        sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
        main(arguments)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException as error:
        sys.stderr.write(f"Traceback: {error!r}")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _said(terminal: int, seconds: float = 60.0) -> str:
    told, end = b"", time.monotonic() + seconds
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 1.0)[0]:
            continue
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # the other side is closed
            break
        told += piece
    else:
        raise AssertionError(f"it did not end: {told!r}")
    return told.decode("utf-8", "surrogateescape")
