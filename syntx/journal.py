"""JSON lines: one record, one line, one write; safe for many writers and rotation by rename."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_LOCK_TRIES, _LOCK_PAUSE = 2000, 0.0005
"""A writer holds the lock for less than a millisecond; after a second it is no writer of ours."""
_UNSAFE = re.compile("[\ud800-\udfff\x00]")
_LINE_ENDS = (("\x85", "\\u0085"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))


def event_id() -> str:
    """Make a UUID version 7 (RFC 9562): sortable by time, unique among all writers."""
    value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def to_line(record: Mapping[str, Any]) -> bytes:
    """Return a record as one line of UTF-8 JSON; lone surrogates and NUL become U+FFFD.

    Raises ValueError for NaN and infinity, which are no JSON.
    """
    try:
        line = _dump(record).encode()
        clean = b"\\u0000" not in line
    except UnicodeEncodeError:
        clean = False
    if not clean:
        line = _dump(_clean(record)).encode()
    return line + b"\n"


def _dump(record: Any) -> str:
    text = json.dumps(record, ensure_ascii=False, allow_nan=False, default=_plain)
    # Some readers end lines at these too; inside JSON strings an escape means the same.
    for character, escape in _LINE_ENDS:
        text = text.replace(character, escape)
    return text


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, tuple | set | frozenset):
        return list(value)
    raise TypeError(f"{type(value).__name__} cannot be logged")


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _UNSAFE.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {_clean(key): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value


class Journal:
    """Appends records to one file, which others may write and rotate at the same time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd = -1
        self._inode = (-1, -1)

    def append(self, *records: Mapping[str, Any], flush: bool = False) -> None:
        """Write a line per record; with `flush` they have reached the disk when this returns."""
        lines = b"".join(map(to_line, records))
        self.append_lines(lines, flush=flush)

    def append_lines(self, lines: bytes, *, flush: bool = False) -> None:
        """Write lines made by `to_line`; raises OSError when the disk refuses them."""
        self._lock_current()
        try:
            self._write(b"\n" + lines if self._torn_tail() else lines)
            if flush:
                os.fsync(self._fd)
        finally:
            fcntl.flock(self._fd, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the file; a later append opens it again."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _lock_current(self) -> None:
        """Lock the file that has the name now; a rename in between shows in the inode."""
        while True:
            if self._fd < 0:
                self._open()
            self._lock()
            try:
                found = os.stat(self.path)
                if (found.st_dev, found.st_ino) == self._inode:
                    return
            except FileNotFoundError:
                pass
            except OSError:
                self.close()
                raise
            self.close()

    def _lock(self) -> None:
        """Lock the file; raises BlockingIOError when somebody holds it for long."""
        for _ in range(_LOCK_TRIES):
            try:
                fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                time.sleep(_LOCK_PAUSE)
        raise BlockingIOError(errno.EWOULDBLOCK, "another process holds the lock", str(self.path))

    def _open(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        self._fd = os.open(self.path, flags, 0o640)
        opened = os.fstat(self._fd)
        self._inode = (opened.st_dev, opened.st_ino)

    def _write(self, data: bytes) -> None:
        """Write all or nothing; we hold the lock, so what stands behind our start is ours."""
        start = os.fstat(self._fd).st_size
        try:
            while data:
                data = data[os.write(self._fd, data) :]
        except OSError:
            os.ftruncate(self._fd, start)
            raise

    def _torn_tail(self) -> bool:
        size = os.fstat(self._fd).st_size
        return size > 0 and os.pread(self._fd, 1, size - 1) != b"\n"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that is no JSON object, as a torn write leaves one."""

    line: int
    text: str


def read(path: Path) -> Iterator[dict[str, Any] | Unreadable]:
    """Read a journal; lines that cannot be parsed come out as Unreadable."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
        for number, raw in enumerate(file, 1):
            if raw.strip():
                yield _record(raw, number)


def read_tail(path: Path, size: int = 1 << 18) -> Iterator[dict[str, Any] | Unreadable]:
    """Yield the records in the last `size` bytes; line numbers count from there."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
        length = file.seek(0, os.SEEK_END)
        file.seek(max(0, length - size))
        if length > size:
            file.readline()  # it begins before the tail
        for number, raw in enumerate(file, 1):
            if raw.strip():
                yield _record(raw, number)


def _record(raw: bytes, number: int) -> dict[str, Any] | Unreadable:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, dict):
        return value
    return Unreadable(number, raw[:200].decode("utf-8", "replace"))
