"""`syntx top` as a command: text where there is no terminal, JSON, and a real terminal."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from syntx.commands.seeing.top import _textual
from syntx.home import Home

ROOT = Path(__file__).resolve().parents[3]
Call = Callable[..., Result]


def test_off_a_terminal_one_page_of_plain_text_is_printed(lively: Home, call: Call) -> None:
    """A pipe or a file gets no control sequences."""
    result = call("top")

    assert result.exit_code == 0
    assert "unavailable-" in result.stdout
    assert result.stdout.replace("\n", "").isprintable()


def test_json_is_one_view(lively: Home, call: Call) -> None:
    """It has all that is shown, as data."""
    view = json.loads(call("top", "--json").stdout)

    assert view["now"]["counts"]["error"] == 4
    assert view["failures"]["groups"][0]["count"] == 3
    assert view["gain"]["difference"] == 20
    assert len(view["answers"]) == 60


def test_without_textual_the_view_goes_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the extra is not installed nothing is asked for it."""
    for name in [name for name in sys.modules if name.startswith("syntx.top.app")]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("textual", "textual.app"):
        monkeypatch.setitem(sys.modules, name, None)

    assert _textual() is None


class Tmux:
    """A real terminal, with a shell in it."""

    def __init__(self, socket: str) -> None:
        self._call = ["tmux", "-L", socket, "-f", "/dev/null"]
        self.run("new-session", "-d", "-x", "90", "-y", "24", "sh")

    def run(self, *words: str) -> str:
        """Give tmux a command."""
        call = [*self._call, *words]
        return subprocess.run(call, check=True, capture_output=True, text=True).stdout

    def type(self, line: str) -> None:
        """Type a line and enter."""
        self.run("send-keys", "-l", line)
        self.run("send-keys", "Enter")

    def screen(self) -> str:
        """Return what the terminal shows."""
        return self.run("capture-pane", "-p")

    def until(self, true: Callable[[str], bool]) -> str:
        """Wait until what is shown is as it should be, and return it."""
        ends = time.monotonic() + 60
        while not true(found := self.screen()):
            assert time.monotonic() < ends, found
            time.sleep(0.1)
        return found


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Tmux]:
    """Give a real terminal, or skip."""
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed: there is no terminal to drive")
    terminal = Tmux(f"top-{tmp_path.name}-{id(tmp_path)}")
    try:
        yield terminal
    finally:
        terminal.run("kill-server")


def _start(tmux: Tmux, home: Home) -> None:
    tmux.type("PS1='ready> '; stty -a >before")
    environment = f"env -u COLUMNS -u LINES LC_ALL=C.UTF-8 PYTHONPATH={ROOT}"
    tmux.type(f"{environment} {sys.executable} -m syntx --home {home.root} top --no-textual")
    tmux.until(lambda screen: "queue ─" in screen)


def _is_given_back(tmux: Tmux, folder: Path) -> bool:
    """Whether the shell is back, with the terminal as it was."""
    tmux.until(lambda screen: "ready>" in screen and "queue ─" not in screen)
    tmux.type("stty -a >after; echo do''ne")
    tmux.until(lambda screen: "done" in screen)
    # The first line tells the size, which may be another by now.
    before, after = ((folder / name).read_text().split("\n", 1) for name in ("before", "after"))
    return before[1] == after[1]


def test_in_a_real_terminal_it_lives_resizes_and_gives_the_terminal_back(
    lively: Home, tmux: Tmux, tmp_path: Path
) -> None:
    """A job dropped meanwhile is seen, a resize fills the terminal, q leaves no trace."""
    tmux.type(f"cd {tmp_path}")
    _start(tmux, lively)
    (lively.root / "queue" / "incoming" / "frage.txt").write_text("Warum?")
    tmux.until(lambda screen: "waiting       1" in screen)

    tmux.run("resize-window", "-x", "130", "-y", "30")
    full = tmux.until(lambda screen: max(map(len, screen.splitlines())) == 130)
    assert "[bold]oh[/] \\x1b[31m" in full
    assert "\\x1b[31mworker" in full
    tmux.run("send-keys", "Down")
    tmux.until(lambda screen: "> " in screen)
    tmux.run("send-keys", "q")

    assert _is_given_back(tmux, tmp_path)


def test_a_kill_gives_the_terminal_back(lively: Home, tmux: Tmux, tmp_path: Path) -> None:
    """SIGTERM ends the view as `q` does, with the exit code of a signal."""
    tmux.type(f"cd {tmp_path}")
    _start(tmux, lively)
    pid = tmux.run("list-panes", "-F", "#{pane_pid}").strip()
    subprocess.run(["pkill", "-TERM", "-P", pid], check=True)

    assert _is_given_back(tmux, tmp_path)
