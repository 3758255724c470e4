"""Lay shipped files out in a home, and bring them up to date.

Each step can be done again, and the manifest is written last: whoever was killed midway runs the
same command once more.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from syntx import __version__
from syntx.errors import SyntxError
from syntx.replacing import replace_file
from syntx.shipped import manifest
from syntx.shipped.manifest import Manifest
from syntx.shipped.planning import Plan, Step, plan_layout

FOLDERS = ("config/models", "wrappers", "queue", "queue/incoming", "logs")
"""What a home has even where nothing is shipped for it."""
_PRIVATE = ("queue", "queue/incoming", "logs")
"""What holds prompts and answers: others than owner and group cannot look into it."""


class LayoutBusy(SyntxError):
    """Another process lays out the same home."""

    exit_code = 75
    reason = "layout_busy"


def carry_out(plan: Plan, *, flush: bool = True) -> None:
    """Do what is planned, as the owner of the home; raises OSError at what the system refuses."""
    with _as_owner(plan.root.stat()):
        for folder in FOLDERS:
            mode = 0o750 if folder in _PRIVATE else 0o777
            (plan.root / folder).mkdir(mode, parents=True, exist_ok=True)
        for step in plan.steps:
            _carry_out(plan.root, step, plan.shipped.get(step.name), flush)
        after = Manifest(__version__, plan.given_after)
        if after.files and after != plan.given:
            content = manifest.to_bytes(after)
            replace_file(plan.root / manifest.NAME, content, flush=flush, sole=True)


def lay_out(root: Path) -> list[Path]:
    """Create a home and copy what is shipped; overwrites nothing, returns what is new."""
    root.mkdir(parents=True, exist_ok=True)
    with alone(root):
        plan = plan_layout(root)
        carry_out(plan, flush=False)
    return [root / step.name for step in plan.steps]


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Be the only one to lay out a home; raises LayoutBusy while another does."""
    held = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _lock(held, root)
        yield
    finally:
        os.close(held)


def _lock(held: int, root: Path) -> None:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise LayoutBusy(
            f"another process lays out {root}", fix="let it finish, then try again"
        ) from error


@contextmanager
def _as_owner(owner: os.stat_result) -> Iterator[None]:
    """Be the owner for a while: what root lays out is his, and root follows no links of his."""
    if os.geteuid() != 0 or owner.st_uid == 0:
        yield
        return
    group = os.getegid()
    os.setegid(owner.st_gid)
    os.seteuid(owner.st_uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(group)


def _carry_out(root: Path, step: Step, content: bytes | None, flush: bool) -> None:
    if step.action == "remove":
        _remove(root, step.name)
    elif content is not None and step.action in ("write", "replace", "beside"):
        path = root / (step.beside or step.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, content, flush=flush, sole=True)


def _remove(root: Path, name: str) -> None:
    """Remove a file, and the folders of ours that are empty then."""
    (root / name).unlink(missing_ok=True)
    for folder in Path(name).parents:
        if len(folder.parts) <= 1 or str(folder) in FOLDERS:
            return
        with suppress(OSError):
            (root / folder).rmdir()
