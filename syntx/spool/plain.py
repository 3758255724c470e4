"""What is a plain file, and what else may lie where one is expected (pure)."""

from __future__ import annotations

import os
import stat


class NotPlain(Exception):
    """What lies there is no plain file of one name and a bearable size."""


class TooLarge(NotPlain):
    """A plain file of more bytes than are read."""


def check_plain(found: os.stat_result, limit: int, *, links: int | None = 1) -> None:
    """Raise NotPlain unless this is a regular file, of one name; TooLarge above `limit` bytes."""
    if not stat.S_ISREG(found.st_mode):
        raise NotPlain(f"{describe(found.st_mode)}, not a plain file")
    if links is not None and found.st_nlink > links:
        raise NotPlain(f"a hard link ({found.st_nlink} names lead to this file)")
    if found.st_size > limit:
        raise TooLarge(f"{found.st_size} bytes, more than the {limit} allowed")


def describe(mode: int) -> str:
    """Say in words what kind of thing a mode tells of."""
    kinds = {
        stat.S_IFDIR: "a folder",
        stat.S_IFLNK: "a symbolic link",
        stat.S_IFIFO: "a FIFO",
        stat.S_IFSOCK: "a socket",
        stat.S_IFBLK: "a block device",
        stat.S_IFCHR: "a character device",
    }
    return kinds.get(stat.S_IFMT(mode), "a file")
