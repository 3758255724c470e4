"""The home: one directory that holds config, wrappers, queue and logs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from syntx.errors import HomeNotFound

INSTALLED = Path("/var/lib/syntx")


@dataclass(frozen=True, slots=True)
class Home:
    """A home directory; every relative path in the settings is relative to it."""

    root: Path

    @property
    def config(self) -> Path:
        """The folder of the YAML files and of `models/`."""
        return self.root / "config"

    @property
    def models(self) -> Path:
        """The folder of the model catalogue, one API per file."""
        return self.config / "models"

    @property
    def env_file(self) -> Path:
        """The file secrets may stand in, for use without systemd."""
        return self.root / ".env"

    def path(self, given: Path | None, default: str) -> Path:
        """Return `given` made absolute against the home, or the home's `default` folder."""
        return self.root / (given if given is not None else default)


def find(named: str | Path | None = None) -> Home:
    """Find the home: as named, else SYNTX_HOME, else the checkout, else /var/lib/syntx.

    Raises HomeNotFound when there is none; the current directory is never taken by guess.
    """
    wanted = named or os.environ.get("SYNTX_HOME")
    if wanted:
        return _existing(Path(wanted).expanduser().absolute())
    checkout = Path(__file__).resolve().parent.parent
    if (checkout / "pyproject.toml").is_file():
        return Home(checkout)
    if (INSTALLED / "config").is_dir():
        return Home(INSTALLED)
    raise HomeNotFound(
        "there is no syntx home: neither --home nor SYNTX_HOME is given, "
        f"this is no checkout, and {INSTALLED} is not set up",
        fix="syntx init DIR && export SYNTX_HOME=DIR",
    )


def _existing(root: Path) -> Home:
    if not (root / "config").is_dir():
        raise HomeNotFound(f"{root} is no syntx home: it has no config/", fix=f"syntx init {root}")
    return Home(root)


def called_for(named: str | Path | None) -> str:
    """Return how the program is called for a home that was named, or for the usual one."""
    if not named:
        return "syntx"
    import shlex

    return f"syntx --home {shlex.quote(str(named))}"


def addressed(command: str, call: str) -> str:
    """Return a command of ours so that it begins with `call`; any other as it is."""
    return call + command.removeprefix("syntx") if command.startswith("syntx ") else command
