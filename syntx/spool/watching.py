"""Seeing work come in: the kernel tells which name was closed or renamed into a folder.

This only wakes and hints; reading the folder is the truth, and alone suffices where there is no
inotify. It speaks to inotify itself because watchdog's observer pairs the two halves of a move:
after each claim (a move out) it would hold later events back for half a second.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import struct
from collections.abc import Callable, Iterator

_CLOSE_WRITE, _MOVED_TO, _OVERFLOW, _ONLYDIR = 0x8, 0x80, 0x4000, 0x01000000
_HEADER = struct.Struct("iIII")
_libc = ctypes.CDLL(None, use_errno=True)


class Watch:
    """A watch on one folder, read by the event loop; needs no thread."""

    def __init__(self, folder: str, on_name: Callable[[str], None], on_loss: Callable[[], None]):
        self._on_name = on_name
        self._on_loss = on_loss
        self._loop = asyncio.get_running_loop()
        self._fd = _open_watch(folder)
        self._loop.add_reader(self._fd, self._read)

    def close(self) -> None:
        """Stop watching."""
        self._loop.remove_reader(self._fd)
        os.close(self._fd)

    def _read(self) -> None:
        try:
            data = os.read(self._fd, 1 << 16)
        except BlockingIOError:
            return
        for mask, name in _events(data):
            if mask & _OVERFLOW:
                self._on_loss()
            elif name:
                self._on_name(name)


def _open_watch(folder: str) -> int:
    """Open an inotify descriptor on a folder; raises OSError where there is none to be had."""
    try:
        start, add = _libc.inotify_init1, _libc.inotify_add_watch
    except AttributeError as error:
        raise OSError("this system has no inotify") from error
    fd = start(os.O_NONBLOCK | os.O_CLOEXEC)
    mask = ctypes.c_uint32(_CLOSE_WRITE | _MOVED_TO | _ONLYDIR)
    if fd < 0 or add(fd, os.fsencode(folder), mask) < 0:
        number = ctypes.get_errno()
        if fd >= 0:
            os.close(fd)
        raise OSError(number, os.strerror(number), folder)
    return int(fd)


def _events(data: bytes) -> Iterator[tuple[int, str]]:
    """Split what inotify gave into masks and names."""
    at = 0
    while at < len(data):
        _, mask, _, length = _HEADER.unpack_from(data, at)
        at += _HEADER.size
        yield mask, os.fsdecode(data[at : at + length].rstrip(b"\0"))
        at += length
