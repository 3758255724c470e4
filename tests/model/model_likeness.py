"""Noting the calls that the code makes, and those of the model, in the same words."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from model_programs import Call, Processes
from model_tree import READS, File, Forest, Op, Tree
from spool_records import DAY

from syntx.spool.syscalls import Disk

Line = tuple[str, ...]
_FLUSHES = {"flush", "fsync", "syncfs"}
_CHANGES = {*_FLUSHES, "mkdir", "rename", "rename_new", "unlink", "rmdir", "write"}


class RecordingDisk(Disk):
    """Notes every call that changes or flushes something."""

    def __init__(self, root: Path) -> None:
        self.lines: list[Line] = []
        self._root = f"{root}/"
        self._open: dict[int, tuple[str, str]] = {}

    def _note(self, call: str, *paths: str) -> None:
        if all(path.startswith(self._root) for path in paths):
            self.lines.append((call, *(path.removeprefix(self._root) for path in paths)))

    def open(self, path: str, flags: int, mode: int = 0o640) -> int:
        """Open and note what is created."""
        fd = super().open(path, flags, mode)
        self._open[fd] = ("flush" if flags & os.O_CREAT else "fsync", path)
        if flags & os.O_CREAT:
            self._note("write", path)
        return fd

    def fsync(self, fd: int) -> None:
        """Flush and note it."""
        super().fsync(fd)
        self._note(*self._open[fd])

    def syncfs(self, fd: int) -> None:
        """Flush all and note it."""
        super().syncfs(fd)
        self._note("syncfs")

    def rename(self, source: str, target: str) -> None:
        """Rename and note it."""
        super().rename(source, target)
        self._note("rename", source, target)

    def rename_new(self, source: str, target: str) -> None:
        """Rename and note it."""
        super().rename_new(source, target)
        self._note("rename_new", source, target)

    def unlink(self, path: str) -> None:
        """Unlink and note it."""
        super().unlink(path)
        self._note("unlink", path)

    def mkdir(self, path: str, mode: int = 0o750) -> None:
        """Make a folder and note it."""
        super().mkdir(path, mode)
        self._note("mkdir", path)

    def rmdir(self, path: str) -> None:
        """Remove a folder and note it."""
        super().rmdir(path)
        self._note("rmdir", path)


def called_by_model(files: dict[str, Any], call: Call) -> list[Line]:
    """Run one process alone, taking the first of all choices."""
    forest, processes = Forest(), Processes()
    lines: list[Line] = []
    tree, place = _planted(forest, files), processes.start(call)
    while place is not None and place.op is not None:
        op, answer = place.op, None
        if op.call == "choose":
            answer = op.target[0]
        elif op.call == "lock":
            answer = True
        elif op.call in READS or op.call in _CHANGES or op.call == "remove_tree":
            answer, tree = _answer(forest, tree, op, lines)
        place = processes.after(place, answer)
    return plain(lines)


def _planted(forest: Forest, files: dict[str, Any]) -> Tree:
    tree = forest.tree({})
    for path, content in files.items():
        for depth in range(1, path.count("/")):
            folder = "/".join(path.split("/")[: depth + 1])
            tree = forest.effect(tree, Op("mkdir", folder)).tree
        tree = forest.effect(tree, Op("write", path, File(content))).tree
    return tree


def _answer(forest: Forest, tree: Tree, op: Op, lines: list[Line]) -> tuple[Any, Tree]:
    if op.call in _FLUSHES:
        lines.append((op.call, op.path) if op.path else (op.call,))
        return None, tree
    effect = forest.effect(tree, op)
    if effect.edits and op.call in _CHANGES:
        moved = (op.target,) if op.call.startswith("rename") else ()
        lines.append((op.call, op.path, *moved))
    return effect.answer, effect.tree


_NAMES = [
    (r"^\.tmp/new-[^/]*-end", ".tmp/END"),
    (r"^\.tmp/new-[^/]*", ".tmp/NEWBORN"),
    (r"^(\.tmp|processing)/(?!END|NEWBORN)[^/]+", r"\1/ME"),
    (r"^\.tmp/ME/.+", ".tmp/ME/SCRATCH"),
    (r"/\d{4}-\d\d-\d\d", f"/{DAY}"),
    (r"^archive/discarded", "discarded"),
    (r"[^/~]*~(?!intake)", "DUE~"),
    (r"(?<=[/~])(j|[NF]-A\d|\d{8}T[^/~]*?)(\.t\d)?(\.json)?(?=[/~]|\.refused|$)", "JOB"),
]


_TRASH = (".tmp/END", ".tmp/ME/SCRATCH")


def plain(lines: list[Line]) -> list[Line]:
    """Return calls without what differs by nature: names of workers, jobs, scratch files, days."""
    plain = [(call, *(_plain_path(path) for path in paths)) for call, *paths in lines]
    return [line for line in plain if line[0] not in ("unlink", "rmdir") or line[1] not in _TRASH]


def _plain_path(path: str) -> str:
    for pattern, name in _NAMES:
        path = re.sub(pattern, name, path)
    return path
