"""How a printed command has to begin so that it can be pasted: as we were called, for this home."""

from __future__ import annotations

import os
import pwd
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

CODE = Path(__file__).resolve().parents[2]
"""The folder our packages lie in: a checkout, or where pip put them."""


@dataclass(frozen=True, slots=True)
class Calling:
    """The words that call us, the home, and who it belongs to."""

    words: tuple[str, ...]
    home: Path
    owner: int

    def line(self, *arguments: str) -> str:
        """Return the line that runs a command of ours in this home, as the home's owner."""
        return self.as_owner(shlex.join([*self.words, "--home", str(self.home), *arguments]))

    def own_line(self, *arguments: str) -> str:
        """Return the line that runs a command of ours as whoever calls."""
        return shlex.join([*self.words, "--home", str(self.home), *arguments])

    def as_owner(self, line: str) -> str:
        """Return a line of one command so that it runs as the home's owner."""
        name = user_name(self.owner)
        if os.geteuid() == self.owner or name is None:
            return line
        return f"runuser -u {name} -- {line}" if os.geteuid() == 0 else f"sudo -u {name} -- {line}"


def as_root(line: str) -> str:
    """Return a line so that it runs as root, whatever it is made of."""
    return line if os.geteuid() == 0 else f"sudo sh -c {shlex.quote(line)}"


def called_as() -> tuple[str, ...]:
    """Return the words that call this program again, from any folder."""
    program = Path(sys.argv[0])
    if program.name == "syntx" and program.is_file():
        return (str(program.absolute()),)
    if _is_checkout_ready() and program.name == "__main__.py":
        return (str(CODE / "run"),)
    python = (sys.executable, "-m", "syntx")
    if (CODE / "pyproject.toml").is_file():
        return ("env", f"PYTHONPATH={CODE}", *python)
    return python


def user_name(uid: int) -> str | None:
    """Return the name of a user, None where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return None


def _is_checkout_ready() -> bool:
    """Whether `./run` would start at once with the interpreter that runs us."""
    venv = CODE / ".venv"
    return (
        (CODE / "run").is_file()
        and Path(sys.prefix) == venv
        and any(venv.glob("requirements.lock.*"))
    )
