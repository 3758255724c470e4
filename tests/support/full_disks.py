"""Disks without room."""

from __future__ import annotations

from pathlib import Path


def fill(path: Path) -> None:
    """Write until not a byte is left."""
    with path.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
