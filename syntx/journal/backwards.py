"""A log from its newest line back, reading only as much as is asked for."""

from __future__ import annotations

import os
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from syntx.journal.snapshot import Opened, snapshot

_BLOCK = 1 << 16
_MOST_IN_MEMORY = 1 << 24


def newest_lines(
    path: Path, *, most_bytes: int | None = None, packed: bool = True
) -> Iterator[bytes]:
    """Yield the lines of a log from the newest back, without their ends; none is empty.

    With `most_bytes` it ends where it has gone back so far, and without `packed` at the first
    pack, in which nothing is younger than a day.
    """
    left = most_bytes
    with snapshot(path) as files:
        for file in reversed(files):
            if file.is_gzip and not packed:
                return
            for line in lines_backwards(file):
                if left is not None:
                    left -= len(line) + 1
                    if left < 0:
                        return
                if line.strip():
                    yield line


def lines_backwards(file: Opened, end: int | None = None) -> Iterator[bytes]:
    """Yield the lines of a file from `end` (None: its end) back, without their ends."""
    if not file.is_gzip:
        yield from _lines_before(file.raw, end)
        return
    import tempfile

    places: list[tuple[int, int]] = [(int(day.at), day.stored) for day in reversed(file.days)]
    for at, size in places or [(0, sys.maxsize)]:
        with tempfile.SpooledTemporaryFile(_MOST_IN_MEMORY) as day:
            # Not all of a month is in memory, nor on the disk, for the sake of its last lines.
            _unpack(file, at, size, day)
            yield from _lines_before(day, None)


def _unpack(file: Opened, at: int, size: int, to: IO[bytes]) -> None:
    try:
        lines = file.unpacked(at)
        while size and (piece := lines.read(min(size, _BLOCK))):
            to.write(piece)
            size -= len(piece)
    except (EOFError, zlib.error, OSError) as error:
        to.write(damaged(error))


def _lines_before(file: IO[bytes], end: int | None) -> Iterator[bytes]:
    at, rest = file.seek(0, os.SEEK_END) if end is None else end, b""
    while at:
        step = min(at, _BLOCK + len(rest))
        at -= step
        first, *lines = (_piece(file, at, step) + rest).split(b"\n")
        yield from reversed(lines)
        rest = first
    yield rest


def _piece(file: IO[bytes], at: int, size: int) -> bytes:
    file.seek(at)
    return file.read(size)


def damaged(error: Exception) -> bytes:
    """Return the line that stands for what cannot be unpacked."""
    return f"the rest cannot be unpacked: {error}\n".encode()
