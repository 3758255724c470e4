"""Putting a whole file in the place of another, which keeps its owner and its rights."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path


def scratch_beside(path: Path, content: bytes) -> Path:
    """Write `content` to a hidden file beside `path`, readable for its owner alone."""
    descriptor, name = tempfile.mkstemp(
        prefix=f".{path.stem}.", suffix=path.suffix or ".new", dir=path.parent
    )
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return Path(name)


def put_in_place(scratch: Path, path: Path, *, mode: int | None = None) -> None:
    """Flush a file and rename it over `path`, with the rights that one had; raises OSError.

    A new file belongs to whoever owns the folder and has `mode`, by default as the umask says.
    """
    like = _like(path)
    if os.geteuid() == 0:
        os.chown(scratch, like.st_uid, like.st_gid)
    kept = stat.S_IMODE(like.st_mode) if stat.S_ISREG(like.st_mode) else 0o666 & ~_umask()
    scratch.chmod(kept if mode is None else mode)
    _flush(scratch)
    scratch.replace(path)
    _flush(path.parent)


def replace(path: Path, content: bytes, *, mode: int | None = None) -> None:
    """Put `content` in place of a file in one step; nothing is left of it on an error."""
    scratch = scratch_beside(path, content)
    try:
        put_in_place(scratch, path, mode=mode)
    finally:
        with suppress(FileNotFoundError):
            scratch.unlink()


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _like(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except FileNotFoundError:
        return path.parent.stat()


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
