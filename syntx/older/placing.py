"""Putting exported files in place: whole or not at all, and never over another's."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Self

from syntx.errors import Temporary
from syntx.spool.layout import Folders
from syntx.spool.plain import NotPlain
from syntx.spool.storage import Storage
from syntx.spool.syscalls import Disk

_SCRATCH = ".syntx-export"
"""The folder beside the files in which each is written before it gets its name."""


class Placed(Enum):
    """What became of the files of one job."""

    WRITTEN = "written"
    ALREADY_THERE = "already there"
    DIFFERENT = "different"


class Target:
    """A folder that is exported into; use it as a context, which one export at a time may enter.

    Entering raises Temporary while another export holds it, and OSError when it cannot be used.
    Leaving it without an error flushes all that was written, in one call.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._storage = Storage(Disk(), Folders.at(root), durable=False)
        self._lock: int | None = None
        self._swept: set[str] = set()
        self._count = 0

    def __enter__(self) -> Self:
        """Make the folder if it is missing, and hold it."""
        self._root.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        if not self._storage.disk.lock(self._lock):
            os.close(self._lock)
            raise Temporary(
                f"another export is writing into {self._root}", fix="wait for it, or name another"
            )
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        """Remove the scratch folders, flush and let go."""
        assert self._lock is not None
        try:
            for folder in self._swept:
                with contextlib.suppress(OSError):
                    self._storage.remove_tree(folder)
            if error is None:
                self._storage.disk.syncfs(self._lock)
        finally:
            os.close(self._lock)
            self._storage.close()

    def place(self, state: str, files: Mapping[str, bytes]) -> Placed:
        """Write the files of one job below `state`; raises OSError when the disk refuses.

        Nothing is written where a name is taken by something else; what a killed export left
        out is added.
        """
        folder = self._storage.folders.path(state)
        missing = {}
        for name, data in files.items():
            path = f"{folder}/{name}"
            if not self._storage.exists(path):
                missing[name] = data
            elif not self._holds(path, data):
                return Placed.DIFFERENT
        for name, data in missing.items():
            if not self._write(folder, name, data):
                return Placed.DIFFERENT
        return Placed.WRITTEN if missing else Placed.ALREADY_THERE

    def _write(self, folder: str, name: str, data: bytes) -> bool:
        """Write one file; returns whether the name holds these bytes now."""
        scratch = f"{self._scratch(folder)}/{self._count}"
        self._count += 1
        self._storage.quietly_close(self._storage.write(scratch, data))
        try:
            self._storage.publish(scratch, folder, name)
        except FileExistsError:
            return self._holds(f"{folder}/{name}", data)
        return True

    def _scratch(self, folder: str) -> str:
        """Return the folder's scratch folder, rid of what a killed export left in it."""
        scratch = f"{folder}/{_SCRATCH}"
        if scratch not in self._swept:
            self._storage.make_folder(folder)
            self._storage.remove_tree(scratch)
            self._storage.disk.mkdir(scratch)
            self._swept.add(scratch)
        return scratch

    def _holds(self, path: str, data: bytes) -> bool:
        try:
            return self._storage.read(path, len(data), links=None) == data
        except (NotPlain, FileNotFoundError):
            return False
