"""What comes after the files are written: the commands that make the services run with them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from syntx.systemd.changing import ENABLED, Change
from syntx.systemd.rendering import UNITS, Installation

TARGET = "syntx.target"
_RESTARTED = (TARGET, "syntx-produce.timer")
"""What takes new units over; services follow their target, each with its drain."""

Step = list[str]


def next_steps(root: Path, installation: Installation, changes: Sequence[Change]) -> list[Step]:
    """Return what to run next, in its order; to be asked before the changes are carried out.

    Where the target is enabled already, nothing that an operator disabled is enabled again.
    """
    home = installation.home
    upgrade = ["--upgrade"] if (root / home.lstrip("/") / "config").is_dir() else []
    running = os.path.lexists(root / ENABLED / "multi-user.target.wants" / TARGET)
    return [
        ["systemd-sysusers"],
        ["systemd-tmpfiles", "--create"],
        ["runuser", "-u", "syntx", "--", installation.syntx, "init", *upgrade, home],
        *([["systemctl", "stop", *gone]] if (gone := _gone(root, changes)) else []),
        ["systemctl", "daemon-reload"],
        *(_taken_over(root, changes) if running else [["systemctl", "enable", "--now", TARGET]]),
    ]


def _taken_over(root: Path, changes: Sequence[Change]) -> list[Step]:
    """Return what an installation that runs needs: a restart, and what is new in it."""
    changed = any(change.action in ("write", "remove") for change in changes)
    return [
        *([["systemctl", "try-restart", *_RESTARTED]] if changed else []),
        *([["systemctl", "enable", *new]] if (new := _new(root, changes)) else []),
        ["systemctl", "start", TARGET],
    ]


def _new(root: Path, changes: Iterable[Change]) -> list[str]:
    """Return the units that belong to the target and were not there before."""
    return [
        change.path.name
        for change in _units(root, changes, "write")
        if not change.path.exists() and f"WantedBy={TARGET}".encode() in change.content
    ]


def _gone(root: Path, changes: Iterable[Change]) -> list[str]:
    """Return patterns of the units that are no more; one that does not run is no error then."""
    return [
        f"{change.path.name.replace('@.', '@*.')}*" for change in _units(root, changes, "remove")
    ]


def _units(root: Path, changes: Iterable[Change], action: str) -> Iterable[Change]:
    return (
        change
        for change in changes
        if change.action == action and change.path.parent == root / UNITS
    )
