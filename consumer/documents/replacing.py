"""A file put in the place of another: there whole, and on the disk, or not at all."""

from __future__ import annotations

import contextlib
import os

_MAKE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_LONGEST = 200
"""Bytes of a name that its scratch file takes over; a whole one could be too long then."""


def replace_file(holder: int, name: str, data: bytes, mode: int = 0o600) -> None:
    """Write a file in the open folder `holder`: flushed, then renamed, then the folder flushed.

    Raises OSError; what was there before is then as it was.
    """
    scratch = f".{name.encode()[:_LONGEST].decode(errors='ignore')}.tmp"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(scratch, dir_fd=holder)
    with open(os.open(scratch, _MAKE, mode, dir_fd=holder), "wb") as made:
        made.write(data)
        made.flush()
        os.fsync(made.fileno())
    os.rename(scratch, name, src_dir_fd=holder, dst_dir_fd=holder)
    os.fsync(holder)
