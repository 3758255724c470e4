"""A log with all its days and months: the files it is made of, and reading them as one."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from syntx.journal.appending import Unreadable, record_of
from syntx.journal.backwards import damaged, lines_backwards, newest_lines
from syntx.journal.following import Position, at_end, end_of, lines_since
from syntx.journal.snapshot import Opened, names_of, snapshot

__all__ = (
    "Position",
    "at_end",
    "files_of",
    "last_lines",
    "last_records",
    "lines_of",
    "lines_since",
    "newest_first",
    "newest_lines",
    "read_all",
    "read_since",
)

Record = dict[str, Any]


def files_of(path: Path) -> list[Path]:
    """Return the files of the log whose newest is `path`, oldest first.

    A day that is packed already and only not removed yet is not among them.
    """
    return [path.with_name(name) for name in names_of(path)]


def read_all(path: Path) -> Iterator[Record | Unreadable]:
    """Read a log from its first day on; lines that cannot be parsed come out as Unreadable.

    Each line that was there at the first one comes once, whatever is rotated or packed meanwhile.
    """
    for file, number, line in lines_of(path):
        yield record_of(line, number, file)


def lines_of(path: Path) -> Iterator[tuple[Path, int, bytes]]:
    """Yield all lines of a log with their file and number there, oldest first; none is empty."""
    with snapshot(path) as files:
        for file in files:
            for number, line in enumerate(_lines(file), 1):
                if line.strip():
                    yield file.path, number, line


def _lines(file: Opened) -> Iterator[bytes]:
    """Yield lines; where a packed file is damaged, what cannot be read is one bad line."""
    try:
        yield from file.unpacked()
    except (EOFError, zlib.error, OSError) as error:
        if not file.is_gzip:
            raise
        yield damaged(error)


def newest_first(
    path: Path, *, most_bytes: int | None = None, packed: bool = True
) -> Iterator[Record | Unreadable]:
    """Yield the records of a log from the newest back, across its files.

    See `newest_lines`; the number of an Unreadable is 0.
    """
    for line in newest_lines(path, most_bytes=most_bytes, packed=packed):
        yield record_of(line, 0, path)


def last_records(path: Path, number: int) -> list[Record]:
    """Return the last records of a log, oldest first; torn lines are passed over."""
    found = (record for record in newest_first(path) if not isinstance(record, Unreadable))
    return list(islice(found, number))[::-1]


def last_lines(path: Path, number: int) -> tuple[list[bytes], Position]:
    """Return the last whole lines of a log, oldest first, and the position behind them."""
    with snapshot(path) as files:
        position = end_of(path, files)
        lines = chain.from_iterable(
            lines_backwards(file, position.offset if file.part is None else None)
            for file in reversed(files)
        )
        found = list(islice(filter(bytes.strip, lines), number))
        return found[::-1], position


def read_since(
    path: Path, position: Position | None, *, most_bytes: int = 1 << 26
) -> tuple[list[Record], Position]:
    """Return the records behind `position` (None: from the first on), and the new position.

    Each comes once, across rotation, packing and truncation; torn lines are passed over. At most
    `most_bytes` are read (and at least one line): after a short list there may be more.
    """
    lines, position = lines_since(path, position, most_bytes=most_bytes)
    found = (record_of(line, 0) for line in lines)
    return [record for record in found if not isinstance(record, Unreadable)], position
