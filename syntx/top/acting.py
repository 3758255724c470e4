"""What the view has done by other commands: details of a job or group, retry and discard."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import syntx

SECONDS = 600.0
"""A command that takes longer is ended; what it has done by then stays done."""
MOST_LINES = 2000
"""So much of what a command told is shown."""

Verb = Literal["show", "failures", "retry", "discard"]


@dataclass(frozen=True, slots=True)
class Action:
    """A command on a job or on a group of failures; `sure` when the operator agreed to it."""

    verb: Verb
    name: str
    sure: bool = False

    @property
    def changes(self) -> bool:
        """Whether jobs are moved by it, so that it has to be agreed to."""
        return self.verb in ("retry", "discard")


def arguments(action: Action) -> list[str]:
    """Return the words of a command line behind `syntx --home DIR`."""
    if not action.changes:
        return [action.verb, "--", action.name]
    agreed = ["--yes", "--why", "top"] if action.sure else ["--dry-run"]
    return [action.verb, "--group", action.name, *agreed]


@dataclass(frozen=True, slots=True)
class Told:
    """What a command said, its errors last, and whether it did what it was asked."""

    action: Action
    text: str
    well: bool

    @property
    def asks(self) -> bool:
        """Whether it only told what it would do, and now the operator has to agree."""
        return self.well and self.action.changes and not self.action.sure


def carry_out(home: str, action: Action) -> Told:
    """Run a command to its end and return what it told; a failure is told, never raised."""
    # -P: what lies in the folder the view was called in is not imported.
    call = [sys.executable, "-P", "-m", "syntx", "--home", home, *arguments(action)]
    try:
        done = subprocess.run(
            call,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env=_environment(),
        )
    except subprocess.TimeoutExpired:
        shown = " ".join(arguments(action))
        return Told(action, f"ended after {SECONDS:.0f} s: syntx {shown}", well=False)
    except OSError as error:
        return Told(action, f"error: {error}", well=False)
    output, talk = (text.decode("utf-8", "replace").strip() for text in (done.stdout, done.stderr))
    # Moved jobs are listed one by one; who agrees wants their number, which stderr tells.
    parts = [talk, output] if action.changes else [output, talk]
    return Told(action, _shortened("\n\n".join(filter(None, parts))), done.returncode == 0)


def _shortened(text: str) -> str:
    lines = text.split("\n")
    more = len(lines) - MOST_LINES
    return text if more <= 0 else "\n".join([*lines[:MOST_LINES], f"... {more} more lines"])


def _environment() -> dict[str, str]:
    """Return an environment in which the same syntx is found as here."""
    places = [str(Path(syntx.__file__).parent.parent), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, places))}
