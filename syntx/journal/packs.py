"""A packed month: gzip, with the list of the days in it at its very beginning.

The list stands in the comment of a first, empty member, where every reader of gzip passes over
it. A day that is in the list, the same byte for byte, is read from the pack alone.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

CHUNK = 1 << 20
_HEAD = struct.pack("<4sLBB", b"\x1f\x8b\x08\x10", 0, 0, 255)
_EMPTY = b"\x03\x00" + struct.pack("<LL", 0, 0)
_PIECE = 1 << 14
_TIMESTAMP = re.compile(rb'"timestamp": ?"([^"\\]{10,40})"')
END_BYTES = 1 << 16
"""So much at either end of a file is looked through for a timestamp."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day in a pack: the file it was, and what lies in it.

    `size` and `sha256` are those of the file; `torn`: it ended within a line, which has got a
    line end here. `first` and `last` are timestamps of its lines. Its member begins at the byte
    `at` of the pack, written with leading zeros.
    """

    name: str
    inode: int
    size: int
    sha256: str
    torn: bool
    lines: int
    first: str | None = None
    last: str | None = None
    at: str = "0" * 16

    @property
    def stored(self) -> int:
        """Bytes in the pack, unpacked."""
        return self.size + self.torn

    @property
    def tag(self) -> str:
        """What tells the file from all others of its log."""
        return tag_of(self.name, self.first)


def tag_of(name: str, first: str | None) -> str:
    """Return the tag of a day by its first timestamp, as names are used again."""
    return f"{name}/{first}"


class Extent:
    """What lies in a file, added up piece by piece."""

    def __init__(self) -> None:
        self.size = 0
        self.lines = 0
        self._start = self._end = b""

    def add(self, piece: bytes) -> None:
        """Count a piece of the file; pieces come in their order."""
        if len(self._start) < END_BYTES:
            self._start += piece[:END_BYTES]
        self._end = (self._end + piece)[-END_BYTES:]
        self.size += len(piece)
        self.lines += piece.count(b"\n")

    @property
    def torn(self) -> bool:
        """Whether it ends within a line."""
        return bool(self._end) and not self._end.endswith(b"\n")

    @property
    def first(self) -> str | None:
        """The first timestamp near the start."""
        found = _TIMESTAMP.search(self._start)
        return None if found is None else found[1].decode("utf-8", "replace")

    @property
    def last(self) -> str | None:
        """The last timestamp near the end."""
        found = _TIMESTAMP.findall(self._end)
        return found[-1].decode("utf-8", "replace") if found else None


def head_of(days: Sequence[Day]) -> bytes:
    """Return the beginning of a pack that holds `days`; it is as long wherever they begin."""
    comment = json.dumps({"days": [asdict(day) for day in days]}).encode("ascii")
    return _HEAD + comment + b"\0" + _EMPTY


def days_in(pack: IO[bytes]) -> tuple[Day, ...]:
    """Return the days in an open pack; none when another program made it."""
    pack.seek(0)
    if pack.read(len(_HEAD)) != _HEAD:
        return ()
    comment = bytearray()
    while b"\0" not in comment and (piece := pack.read(_PIECE)):
        comment += piece
    try:
        days = tuple(Day(**day) for day in json.loads(comment.partition(b"\0")[0])["days"])
        sane = all(int(day.at) + day.stored + day.lines >= 0 for day in days)
        return days if sane else ()
    except (ValueError, TypeError, KeyError):
        return ()


def days_of(pack: Path) -> tuple[Day, ...]:
    """Return the days a pack holds; none when another program made it, or it is gone."""
    try:
        with pack.open("rb") as file:
            return days_in(file)
    except FileNotFoundError:
        return ()


def is_in_pack(file: Path, pack: Path) -> bool:
    """Whether a day lies in a pack byte for byte, so that its own file is one too many."""
    return any(day.name == file.name and _is_same(file, day) for day in days_of(pack))


def _is_same(file: Path, day: Day) -> bool:
    try:
        with file.open("rb") as opened:
            size = opened.seek(0, 2)
            opened.seek(0)
            return size == day.size and digest(opened) == day.sha256
    except FileNotFoundError:
        return True  # it was removed just now, because it is in the pack


def digest(file: IO[bytes]) -> str:
    """Return the SHA-256 of what is left of a file."""
    import hashlib

    sums = hashlib.sha256()
    while chunk := file.read(CHUNK):
        sums.update(chunk)
    return sums.hexdigest()
