from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from syntx.cli import COMMANDS, called, cli
from syntx.home import Home
from syntx.ids import new_id

Call = Callable[..., Result]
ROOT = Path(__file__).resolve().parents[3]
SYNTX = (sys.executable, "-m", "syntx")


def _tree(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield words
    if isinstance(command, click.Group):
        ctx = click.Context(command)
        for name in command.list_commands(ctx):
            inner = command.get_command(ctx, name)
            assert inner is not None
            yield from _tree(inner, (*words, name))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_shows_an_example(name: str) -> None:
    """`--help` of each command, and of those below it, says what it does, with an example."""
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    for words in _tree(command, (name,)):
        shown = CliRunner().invoke(cli, [*words, "--help"])
        assert shown.exit_code == 0
        assert f"Example: syntx {' '.join(words)}" in shown.output, words


def test_the_help_stands_under_headings_in_whole_lines() -> None:
    """Every command has one line of at most 80 columns, none cut off."""
    shown = CliRunner().invoke(cli, ["--help"]).output.partition("Begin:")[2]
    listed = re.findall(r"^  (\w+) ", shown, re.MULTILINE)
    assert listed == list(COMMANDS)
    assert "..." not in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_the_page_of_commands_is_what_the_program_says() -> None:
    """docs/reference/commands.md equals `syntx --manual`."""
    page = ROOT / "docs" / "reference" / "commands.md"
    # A process of its own: click keeps the help options of commands that were called alone.
    command = [sys.executable, "-m", "syntx", "--manual"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert page.read_text() == shown.stdout


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (("statsu",), "'status'"),
        (("config", "chck"), "'check'"),
        (("status", "--jsn"), "'--json'"),
        (("systemd", "uninstal"), "'uninstall'"),
        (("--hom", "x", "status"), "'--home'"),
    ],
)
def test_what_is_mistyped_names_what_was_meant(given: tuple[str, ...], meant: str) -> None:
    """Commands, those below them and options: the nearest is named, with exit code 2."""
    shown = CliRunner().invoke(cli, given)
    assert shown.exit_code == 2
    assert re.search(f"Did you mean .*{meant}", shown.stderr)


@pytest.mark.parametrize("given", [["--help"], ["--version"]])
def test_help_imports_no_command(given: list[str]) -> None:
    """The list of commands is told from a table, without importing any of them."""
    script = (
        "import sys; import syntx.cli as c\n"
        f"try: c.main({given})\n"
        "except SystemExit: pass\n"
        "loaded = (m for m in sys.modules if m.startswith(('syntx.', 'pydantic', 'yaml')))\n"
        "print(*loaded, file=sys.stderr)"
    )
    loaded = _python(script).stderr.split()
    assert set(loaded) == {"syntx.cli", "syntx.commands", "syntx.commands.index", "syntx.errors"}


def _python(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(("typed", "code"), [("\x03", 130), ("n\n", 1), ("\x04", 1)])
def test_a_question_may_be_left_by_ctrl_c(home: Home, typed: str, code: int) -> None:
    """Ctrl-C at a question ends with 130, no and the end of input with 1; nothing was moved."""
    day = home.root / "queue" / "error" / "2026-11-20"
    for _ in range(2):
        (day / f"{new_id()}.refused").mkdir(parents=True)
    terminal, side = pty.openpty()
    with subprocess.Popen(
        [*SYNTX, "--home", str(home.root), "discard", "all"],
        cwd=ROOT,
        stdin=side,
        stdout=side,
        stderr=side,
        start_new_session=True,
        # Only a terminal that governs its session turns Ctrl-C into a signal.
        preexec_fn=partial(fcntl.ioctl, 0, termios.TIOCSCTTY, 0),
    ) as process:
        os.close(side)
        shown = b""
        while b"?" not in shown:
            shown += os.read(terminal, 4096)
        shown += _answered(terminal, typed.encode())

    assert process.returncode == code
    assert (b"interrupted" in shown) == (code == 130)
    assert b"Traceback" not in shown
    assert len(list(day.iterdir())) == 2


def _answered(terminal: int, typed: bytes) -> bytes:
    """Type until the other side is closed: what comes just before a line is edited may be lost."""
    shown = b""
    while True:
        try:
            os.write(terminal, typed)
            while select.select([terminal], [], [], 1.0)[0]:
                shown += os.read(terminal, 4096)
        except OSError:
            os.close(terminal)
            return shown


def test_ctrl_c_while_it_waits_ends_with_130(home: Home) -> None:
    """A command that follows a log is ended by SIGINT with 130 and one quiet line."""
    (home.root / "logs" / "evolution.jsonl").write_text('{"generation": 1}\n')
    with subprocess.Popen(
        [*SYNTX, "--home", str(home.root), "tail", "evolution", "--follow"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=60)[1]
    assert (process.returncode, told) == (130, "interrupted\n")


@pytest.mark.parametrize(("command", "code"), [("consumer", 0), ("submit", -15)])
def test_a_service_stopped_before_it_began_ends_well(command: str, code: int) -> None:
    """SIGTERM while a service is still being imported is an orderly stop; others are cut off."""
    script = (
        "import os, signal, importlib, syntx.cli as c\n"
        "importlib.import_module = lambda name: os.kill(os.getpid(), signal.SIGTERM)\n"
        f"c.main(['--home', 'producer', {command!r}])"
    )
    assert _python(script).returncode == code


def test_nobody_reading_is_no_error(home: Home) -> None:
    """A closed pipe, as `| head` leaves it, ends a command without a word."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*SYNTX, "--home", str(home.root), "jobs", "--json"],
        cwd=ROOT,
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert done.stderr == b""


@pytest.mark.parametrize("command", ["show", "explain", "lineage"])
def test_what_mends_an_error_means_the_same_home(call: Call, home: Home, command: str) -> None:
    """A line that is pasted looks into the home that was named, not into another."""
    shown = call(command, "nothing")

    assert f"fix: syntx --home {home.root} jobs\n" in shown.stderr


@pytest.mark.parametrize("words", [("--home", "", "status"), ("init", "")])
def test_an_empty_name_is_no_home(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A variable that is not set must not stand for the current directory or another home."""
    monkeypatch.chdir(tmp_path)

    shown = CliRunner().invoke(cli, words)

    assert (shown.exit_code, list(tmp_path.iterdir())) == (2, [])
    assert "name a directory" in shown.stderr


def test_errors_keep_the_terminal_safe(call: Call) -> None:
    """What an error quotes is escaped."""
    shown = call("show", "x\x1b[31m\u202e")
    assert shown.exit_code == 1
    assert "\x1b" not in shown.stderr
    assert "\u202e" not in shown.stderr


@pytest.mark.parametrize(
    ("args", "name"),
    [
        ([], None),
        (["--help"], None),
        (["--home", "consumer"], None),
        (["--home", "x", "consumer", "producer"], "consumer"),
        (["--home=x", "run"], "run"),
    ],
)
def test_the_called_command_is_told_from_the_words(args: list[str], name: str | None) -> None:
    """The value of an option is no command, nor is what follows one."""
    assert called(args) == name


def test_several_jobs_are_listed_with_their_states(call: Call, home: Home) -> None:
    """An ambiguous ID lists ten jobs with their states, and says how many more there are."""
    for folder, count in (("incoming", 8), ("processed/2026-11-20", 4)):
        place = home.root / "queue" / folder
        place.mkdir(parents=True, exist_ok=True)
        for number in range(count):
            (place / f"20261120T1930{number:02}.000000Z-{len(folder):04x}.json").write_text("{}")
    shown = call("show", "20261120").stderr.splitlines()

    assert shown[0] == "error: 12 jobs begin so:"
    assert [line.split()[1] for line in shown[1:11]] == ["incoming", "processed"] * 4 + [
        "incoming"
    ] * 2
    assert shown[11:] == ["  and 2 more", "fix: give more of the ID"]


def test_refused_things_that_begin_alike_are_listed_too(call: Call, home: Home) -> None:
    """What never was a job is named by its folder."""
    day = home.root / "queue" / "error" / "2026-11-20"
    for letter in "ab":
        (day / f"20261120T193000.000000Z-000{letter}.refused").mkdir(parents=True)
    assert "2 refused files begin so:" in call("show", "20261120").stderr


@pytest.mark.parametrize("kind", ["pipe", "link", "text"])
def test_what_only_looks_like_a_job_is_told_so(call: Call, home: Home, kind: str) -> None:
    """A pipe under the name of a job holds nobody up, a link is not followed; one line says so."""
    job_id = new_id()
    path = home.root / "queue" / "incoming" / f"{job_id}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "link":
        path.symlink_to("/etc/passwd")
    else:
        path.write_text("{}")
    shown = call("show", job_id)
    assert shown.exit_code == 1
    assert str(path) in shown.stderr
    assert "root" not in shown.stdout
