"""What is free on a queue's file system, and how little of it is too little."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from syntx.spool.syscalls import Disk


@dataclass(frozen=True, slots=True)
class Watermarks:
    """What must be free for new work to begin; 0 switches a mark off. `reserve` is in bytes."""

    bytes: int = 0
    inodes: int = 0
    reserve: int = 0


UNLIMITED = Watermarks()
"""No marks and no reserve."""


@dataclass(frozen=True, slots=True)
class DiskState:
    """What is free on the queue's file system."""

    free_bytes: int
    free_inodes: int | None
    """None where the file system makes inodes as it needs them."""

    def shortage(self, marks: Watermarks) -> str | None:
        """Say what there is too little of; None when there is enough."""
        if self.free_bytes < marks.bytes:
            return f"{_mega(self.free_bytes)} MB free, less than the {_mega(marks.bytes)} MB wanted"
        if self.free_inodes is not None and self.free_inodes < marks.inodes:
            return f"{self.free_inodes} inodes free, less than the {marks.inodes} wanted"
        return None


def disk_state(path: Path | str, disk: Disk | None = None) -> DiskState:
    """Return what is free where `path` lies; raises OSError."""
    found = (disk.statvfs if disk else os.statvfs)(str(path))
    return DiskState(found.f_bavail * found.f_frsize, found.f_favail if found.f_files > 0 else None)


def _mega(size: int) -> str:
    return f"{size / 1_000_000:,.1f}"
