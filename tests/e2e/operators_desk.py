"""Where an operator sits: a shell that has `syntx`, eyes for `fix:`, and services to look after."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from click.testing import CliRunner, Result
from observing import CHECKOUT

from syntx.cli import cli

Done = subprocess.CompletedProcess[str]

_BACKGROUND = re.compile(r"^nohup .* (consumer|simulator) .*&$")
_CHECK = re.compile(r"(?m)^(\S+) +([a-z]+) +(.*)(?:\n   fix: (.*))?$")
_FINDING = re.compile(r"(?m)^    (WARNING|CRITICAL): (.*)\n      fix: (.*)$")
_GROUP = re.compile(r"(?m)^(\S+-[0-9a-f]{4}) .*\n  (.*)\n  .*:\n    (syntx .*)$")


@dataclass(frozen=True)
class Told:
    """One thing that is not well, as it was printed: its name, what it is, and the line for it."""

    name: str
    text: str
    fix: str


def until(condition: Callable[[], object], what: str, seconds: float = 60.0) -> None:
    """Wait for a condition."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"it never happened: {what}"
        time.sleep(0.1)


def install(folder: Path) -> Path:
    """Put the command there as an installed package has it; returns its path."""
    program = folder / "bin" / "syntx"
    program.parent.mkdir(parents=True)
    program.write_text(
        f"#!{sys.executable}\nimport sys\n\nfrom syntx.cli import main\n\nsys.exit(main())\n"
    )
    program.chmod(0o755)
    return program


@dataclass
class Desk:
    """Calls commands and pastes lines in `folder`, outside of the home."""

    folder: Path
    home: Path
    program: Path = field(init=False)
    environment: dict[str, str] = field(init=False)
    _children: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _groups: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.program = install(self.folder)
        self.environment = {
            "PATH": f"{self.program.parent}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "SYNTX_HOME": str(self.home),
            "PYTHONPATH": str(CHECKOUT),
        }

    def call(self, *arguments: str, code: int = 0) -> Done:
        """Call a command of ours, which has to end with `code`."""
        done = self._typing("", ["syntx", *arguments])
        assert done.returncode == code, f"{arguments}\n{done.stdout}\n{done.stderr}"
        return done

    def paste(self, line: str, *, typed: str = "y", **extra: str) -> Done:
        """Run a line that was printed; it has to succeed. `typed` answers whatever is asked."""
        done = self._typing(typed, ["sh", "-c", line], **extra)
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        return done

    def _typing(self, typed: str, command: list[str], **extra: str) -> Done:
        terminal, keyboard = pty.openpty()
        process = subprocess.Popen(
            command,
            stdin=keyboard,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            env={**self.environment, **extra},
            start_new_session=True,
        )
        if (background := _BACKGROUND.search(command[-1])) is not None:
            self._groups[background[1]] = process.pid
        try:
            for _ in range(500):
                with suppress(subprocess.TimeoutExpired):
                    out, err = process.communicate(timeout=0.2)
                    return subprocess.CompletedProcess(command, process.returncode, out, err)
                # Typed again, since who asks for a secret throws away what was typed before.
                os.write(terminal, f"{typed}\n".encode())
            process.kill()
            raise AssertionError(f"{command} does not end: {process.communicate()}")
        finally:
            os.close(terminal)
            os.close(keyboard)

    def start(self, name: str, *arguments: str) -> None:
        """Start a service, as its unit would."""
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                ["syntx", name, *arguments],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._children.append(process)
        self._groups[name] = process.pid

    def kill(self, name: str) -> None:
        """Kill a service with -9, whoever started it."""
        with suppress(ProcessLookupError):
            os.killpg(self._groups.pop(name), signal.SIGKILL)

    def stop(self, name: str) -> None:
        """Ask a service that was started here to stop, which it does in order."""
        (process,) = (one for one in self._children if one.pid == self._groups[name])
        process.terminate()
        assert process.wait(60) == 0

    def close(self) -> None:
        """Kill what is still alive."""
        for name in list(self._groups):
            self.kill(name)
        for process in self._children:
            process.wait()

    def look(self, *arguments: str) -> Result:
        """Call a command that only reads; in this process, since importing it is most of it."""
        found = CliRunner().invoke(cli, [*arguments], env={"SYNTX_HOME": str(self.home)})
        assert isinstance(found.exception, SystemExit | None), found.output
        return found

    def doctor(self, family: str | None = None) -> list[Told]:
        """Return what the doctor finds not well."""
        done = self.look("doctor", *(["--only", family] if family else []))
        found = [
            Told(name, text, fix)
            for mark, name, text, fix in _CHECK.findall(done.stdout)
            if mark in ("✗", "!")
        ]
        assert all(each.fix for each in found), f"no command for it:\n{done.stdout}"
        assert bool(done.exit_code) == ("✗" in done.stdout), done.output
        return found

    def status(self) -> list[Told]:
        """Return what status finds not well; the name is its level."""
        return [Told(*each) for each in _FINDING.findall(self.look("status").stdout)]

    def failures(self) -> list[Told]:
        """Return the groups of failures; the name is the group's key."""
        return [Told(*each) for each in _GROUP.findall(self.look("failures").stdout)]

    def mend(self, family: str, *, typed: str = "y", **extra: str) -> str:
        """Do what the doctor says about one family, and see it well; returns what was printed."""
        (fix,) = {told.fix for told in self.doctor(family)}
        printed = self.paste(fix, typed=typed, **extra).stdout
        until(lambda: not self.doctor(family), f"{family} is well after: {fix}")
        return printed
