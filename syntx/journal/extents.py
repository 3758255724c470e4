"""How much lies in each file of a log."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from syntx.journal.packs import CHUNK, Day, Extent
from syntx.journal.snapshot import Opened, snapshot


@dataclass(frozen=True, slots=True)
class Held:
    """Bytes on the disk, lines, and the timestamps of the first and the last of them."""

    bytes: int
    lines: int
    first: str | None
    last: str | None


def extents(path: Path) -> Iterator[tuple[Path, Held]]:
    """Yield the files of a log, oldest first, with what is in them.

    What lies in a pack stands at its beginning, so that it need not be unpacked.
    """
    with snapshot(path) as files:
        for file in files:
            size = os.fstat(file.raw.fileno()).st_size
            yield file.path, _of_days(size, days) if (days := file.days) else _of_lines(size, file)


def _of_days(size: int, days: Sequence[Day]) -> Held:
    first = [day.first for day in days if day.first]
    last = [day.last for day in days if day.last]
    lines = sum(day.lines for day in days)
    return Held(size, lines, min(first, default=None), max(last, default=None))


def _of_lines(size: int, file: Opened) -> Held:
    found = Extent()
    lines = file.unpacked()
    try:
        while piece := lines.read(CHUNK):
            found.add(piece)
    except (EOFError, zlib.error, OSError):
        if not file.is_gzip:
            raise
    return Held(size, found.lines + found.torn, found.first, found.last)
