"""What was added to a log since the last look: each line once, whatever became of its file."""

from __future__ import annotations

import fcntl
import os
import sys
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from syntx.journal.packs import END_BYTES, Extent, tag_of
from syntx.journal.snapshot import Opened, snapshot

_HEAD_BYTES = 256
"""So many bytes at its start tell a file from another that got its inode."""
_FIRST_BYTES = 4096
"""The first timestamp stands so near to the start as a rule."""
_LOCK_TRIES, _LOCK_PAUSE = 200, 0.0005
_SURE_HEAD = 64
"""From so many on they tell it without the inode, as after an editor wrote it anew."""


@dataclass(frozen=True, slots=True)
class Position:
    """How far a log was read: the file that was read last, and the bytes read of it.

    `head` is how that file begins; `known` are the files that were read to their end.
    """

    name: str
    inode: int
    offset: int
    head: bytes = b""
    known: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The lines of a day, wherever they lie: from the byte `start` of a pack, or a whole file.

    `size` is how much it is unpacked; None: to the end of the file. `pack` is the tag of the pack.
    """

    tag: str
    inode: int
    file: Opened
    start: int = 0
    size: int | None = None
    pack: str = ""

    @property
    def grows(self) -> bool:
        return self.file.part is None

    @property
    def name(self) -> str:
        return self.tag.rpartition("/")[0]


def lines_since(
    path: Path, position: Position | None, *, most_bytes: int = 1 << 26
) -> tuple[list[bytes], Position]:
    """Return the lines behind `position` without their ends (None: all), and the new position.

    At most `most_bytes` are read, and at least one line if there is any.
    """
    if position is not None and position.inode:
        with suppress(FileNotFoundError), path.open("rb") as file:
            if _goes_on(file, position):
                file.seek(position.offset)
                lines, used, _ = _whole_lines(file, most_bytes, None, grows=True)
                return lines, _placed(file, position, position.offset + used)
    with snapshot(path) as files:
        before = position or Position(path.name, 0, 0)
        return _unread(path, list(_stretches(files)), before, most_bytes)


def at_end(path: Path) -> Position:
    """Return the position behind the last whole line, from which only new lines are read."""
    with snapshot(path) as files:
        return end_of(path, files)


def end_of(path: Path, files: list[Opened]) -> Position:
    """Return the position behind the last whole line of a snapshot of the log."""
    stretches = list(_stretches(files))
    known = _shortened(stretches, {each.tag for each in stretches if not each.grows})
    if not stretches or not stretches[-1].grows:
        return Position(path.name, 0, 0, known=known)
    live = stretches[-1]
    begin = Position(path.name, live.inode, 0, known=known)
    return _placed(live.file.raw, begin, _end_of_lines(live.file.raw))


def _goes_on(file: IO[bytes], position: Position) -> bool:
    """Whether the log's own file is the one that was read last: the usual case, and cheap."""
    found = os.fstat(file.fileno())
    return (
        found.st_ino == position.inode
        and found.st_size >= position.offset
        and file.read(len(position.head)) == position.head
    )


def _placed(file: IO[bytes], position: Position, offset: int) -> Position:
    """Return `position` moved within its file."""
    head = position.head
    if len(head) < _HEAD_BYTES:
        file.seek(0)
        head = file.read(min(_HEAD_BYTES, offset))
    return Position(position.name, position.inode, offset, head, position.known)


def _stretches(files: list[Opened]) -> Iterator[_Stretch]:
    """Yield what the files hold, under tags that a copy of them has too, packed or not."""
    for file in files:
        if days := file.days:
            pack = f"{file.path.name}/{days[0].sha256}"
            for day in days:
                yield _Stretch(day.tag, day.inode, file, int(day.at), day.stored, pack)
        elif file.part is None:
            yield _Stretch(f"{file.path.name}/", file.inode, file)
        else:
            tag = tag_of(file.path.name.removesuffix(".gz"), _first_time(file))
            yield _Stretch(tag, file.inode, file)


def _first_time(file: Opened) -> str | None:
    for size in (_FIRST_BYTES, END_BYTES):
        start = Extent()
        start.add(_start(file, 0, size))
        if start.first is not None:
            return start.first
    return None


def _shortened(stretches: Sequence[_Stretch], known: set[str]) -> frozenset[str]:
    """Return what is known with a pack in place of its days where all of them are."""
    partly = {each.pack for each in stretches if each.tag not in known}
    return frozenset(
        each.pack if each.pack and each.pack not in partly else each.tag
        for each in stretches
        if each.tag in known
    )


def _unread(
    path: Path, stretches: list[_Stretch], before: Position, most: int
) -> tuple[list[bytes], Position]:
    """Read what is not known, first the rest of the file that was read last."""
    known = {each.tag for each in stretches if {each.tag, each.pack} & before.known}
    unread = [each for each in stretches if each.tag not in known]
    own = next((each for each in unread if _is_own(each, before)), None)
    if own is not None and not own.grows:
        unread.sort(key=lambda each: each is not own)
    # What was read of the growing file can be remembered only there.
    bounded = own is None or not own.grows
    lines: list[bytes] = []
    for each in unread:
        begin = before.offset if each is own else 0
        if not each.file.is_gzip:
            # Lines that were read and then taken back, as where the disk was full, come again.
            begin = min(begin, _size(each))
        bound = most if bounded or each.grows else sys.maxsize
        found, used, ended = _read(each, begin, bound)
        lines += found
        most -= used
        if each.grows or not ended:
            head = _start(each.file, each.start, min(_HEAD_BYTES, begin + used))
            done = _shortened(stretches, known)
            return lines, Position(each.name, each.inode, begin + used, head, done)
        known.add(each.tag)
    return lines, Position(path.name, 0, 0, known=_shortened(stretches, known))


def _read(each: _Stretch, begin: int, bound: int) -> tuple[list[bytes], int, bool]:
    try:
        file = each.file.unpacked(each.start)
        _skip(file, begin) if each.file.is_gzip else file.seek(begin)
        size = None if each.size is None else max(0, each.size - begin)
        return _whole_lines(file, bound, size, grows=each.grows)
    except (EOFError, zlib.error, OSError):
        if not each.file.is_gzip:
            raise
        return [], 0, True  # damaged: `read_all` tells of it


def _skip(file: IO[bytes], size: int) -> None:
    while size and (passed := len(file.read(min(size, 1 << 20)))):
        size -= passed


def _is_own(each: _Stretch, before: Position) -> bool:
    sure = len(before.head) >= _SURE_HEAD
    if not before.inode or not (sure or each.inode == before.inode):
        return False
    if not sure and not each.file.is_gzip and _size(each) < before.offset:
        return False
    found = _start(each.file, each.start, len(before.head))
    # What was cut short is known by what is left of its head.
    return found == before.head or (len(found) >= _SURE_HEAD and before.head.startswith(found))


def _size(each: _Stretch) -> int:
    return os.fstat(each.file.raw.fileno()).st_size if each.size is None else each.size


def _start(file: Opened, at: int, size: int) -> bytes:
    try:
        return file.unpacked(at).read(size)
    except (EOFError, zlib.error, OSError):
        return b""


def _whole_lines(
    file: IO[bytes], bound: int, size: int | None, *, grows: bool
) -> tuple[list[bytes], int, bool]:
    """Return lines, the bytes they took, and whether no more can come.

    What stands behind the last line end is a line too, unless the file still grows.
    """
    if grows:
        settled = _settled(file)
        size = 0 if settled is None else settled - file.tell()
    lines: list[bytes] = []
    used = 0
    while (size is None or used < size) and (used < bound or not lines):
        line = file.readline()
        if not line or (grows and not line.endswith(b"\n")):
            return lines, used, not grows
        used += len(line)
        if line.strip():
            lines.append(line.rstrip(b"\n"))
    return lines, used, size is not None and used >= size


def _settled(file: IO[bytes]) -> int | None:
    """Return the size of a log while nobody writes to it; None where somebody does for long.

    A writer whom the disk refuses a part takes back all that it wrote.
    """
    for _ in range(_LOCK_TRIES):
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_LOCK_PAUSE)
            continue
        try:
            return os.fstat(file.fileno()).st_size
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)
    return None


def _end_of_lines(file: IO[bytes]) -> int:
    """Return the offset behind the last line end, 0 without any."""
    settled = _settled(file)
    at, block = file.seek(0, os.SEEK_END) if settled is None else settled, 1 << 16
    while at:
        begin = max(0, at - block)
        file.seek(begin)
        found = file.read(at - begin).rfind(b"\n")
        if found >= 0:
            return begin + found + 1
        at = begin
    return 0
