"""The monitor's small files in `.cache/` of a home, and locks."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from syntx.home import Home

MODE = 0o640
"""The rights of each of them."""


def cache_folder(home: Home) -> Path:
    """Return the folder, made if need be."""
    folder = home.root / ".cache"
    if not folder.is_dir():
        folder.mkdir(mode=0o750, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            _give(descriptor, home.root)
        finally:
            os.close(descriptor)
    return folder


def read_json(path: Path) -> dict[str, Any]:
    """Return the object a file holds; an empty one where there is none, or a damaged one."""
    with suppress(OSError, ValueError, RecursionError):
        found = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(found, dict):
            return found
    return {}


def dumped(content: dict[str, Any]) -> bytes:
    """Return what a small file holds."""
    return json.dumps(content, ensure_ascii=False).encode()


def overwrite_file(path: Path, content: bytes) -> None:
    """Write a small file where it lies, as a full disk still allows; raises OSError.

    A kill in between leaves it damaged.
    """
    with path.open("r+b") as file:
        file.write(content)
        file.truncate()


@contextmanager
def locked(path: Path, *, wait: bool) -> Iterator[bool]:
    """Hold the lock of a file; without `wait`, whether it was free. Raises OSError.

    The kernel frees it when the holder ends, however it ends.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    descriptor = os.open(path, flags, MODE)
    try:
        _give(descriptor, path.parent)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(descriptor)


def _give(descriptor: int, like: Path) -> None:
    """Let what root made belong to the owner of `like`: a service of that user must get by.

    Never by its name: whoever may write there could let root give away a file of another.
    """
    if os.geteuid() == 0:
        owner = like.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)
