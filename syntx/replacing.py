"""Putting a whole file in the place of another: who reads meets one of the two, never a part."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from threading import get_ident


def replace_file(
    path: Path, content: bytes, *, mode: int | None = None, flush: bool = True, sole: bool = False
) -> None:
    """Put `content` in the place of a file; raises OSError, and then that file is as it was.

    It has the owner and the rights of that file, or `mode`; a new one written by root has the
    folder's owner. With `flush` it is there after a power cut too. `sole` says that nobody else
    writes it at the same time: then kills leave no more than one scratch file behind.
    """
    end = "tmp" if sole else f"{os.getpid()}-{get_ident()}.tmp"
    scratch = path.with_name(f".{path.name}.{end}")
    try:
        scratch.unlink(missing_ok=True)
        with scratch.open("xb") as file:
            # Before there is anything in it: it may be for its owner alone.
            _make_like(file.fileno(), path, mode)
            file.write(content)
            if flush:
                file.flush()
                os.fsync(file.fileno())
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)
    if flush:
        flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _make_like(descriptor: int, path: Path, mode: int | None) -> None:
    try:
        like = path.stat()
    except FileNotFoundError:
        like = path.parent.stat()
    if os.geteuid() == 0:
        os.fchown(descriptor, like.st_uid, like.st_gid)
    if mode is None and stat.S_ISREG(like.st_mode):
        mode = stat.S_IMODE(like.st_mode)
    if mode is not None:
        os.fchmod(descriptor, mode)
