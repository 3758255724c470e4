"""What an examination found: one check per thing, and the command that mends what is not well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Mark = Literal["ok", "warning", "failed", "skipped"]

CONFIGURATION = ("config", "wrappers", "keys")
"""The families in which something failed means that the configuration is wrong."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: its family, how it is, and what mends it.

    `fix` is one line to be pasted into a shell as it stands; None where nothing is to be mended.
    """

    name: str
    mark: Mark
    text: str
    fix: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """All checks of a home, in the order of their families."""

    home: str
    checks: tuple[Check, ...]

    def exit_code(self) -> int:
        """Return 0 when nothing failed, 78 when the configuration did, else 1."""
        failed = {check.name for check in self.checks if check.mark == "failed"}
        if failed & set(CONFIGURATION):
            return 78
        return 1 if failed else 0


@dataclass(frozen=True, slots=True)
class Found:
    """What one look of a family found; the family's name is added by who asked."""

    mark: Mark
    text: str
    fix: str | None = None


def ok(text: str) -> Found:
    """Return that something is as it should be."""
    return Found("ok", text)


def warning(text: str, fix: str | None) -> Found:
    """Return that something is not well but work goes on."""
    return Found("warning", text, fix)


def failed(text: str, fix: str | None) -> Found:
    """Return that something does not work."""
    return Found("failed", text, fix)


def skipped(text: str) -> Found:
    """Return that there was nothing to look at, and why."""
    return Found("skipped", text)
