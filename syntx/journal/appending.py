"""JSON lines: one record, one line, one write; a file a day, safe for any number of writers."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import stat
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from syntx.journal.names import day_path, is_day, is_over
from syntx.replacing import flush_folder

_LOCK_TRIES, _LOCK_PAUSE = 2000, 0.0005
"""A writer holds the lock for less than a millisecond; after a second it is no writer of ours."""
_FIRST_BYTES = 4096
"""So much at the start of a file is looked through for the day of its first line."""
_TIMESTAMP = re.compile(rb'"timestamp": ?"(\d{4}-\d\d-\d\d)')
_UNSAFE = re.compile("[\ud800-\udfff\x00]")
_LINE_ENDS = (("\x85", "\\u0085"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))


def event_id() -> str:
    """Make a UUID version 7 (RFC 9562): sortable by time, unique among all writers."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
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
    """Appends records to one file, which others may write and rename at the same time.

    With days, the first line of another day puts the file aside under the day of its own first
    line. A writer holds the lock of the file that has the log's name, and looks after it got the
    lock whether the file still has it. So who renames a file while he holds its lock is alone:
    every line before is in it whole, and every line after goes to the file that comes then.
    """

    def __init__(self, path: Path, *, create: bool = True) -> None:
        self.path = path
        self._create = os.O_CREAT if create else 0
        self._mode: int | None = None
        self.not_rotated: OSError | None = None
        """Why the file of a day that is over goes on to be written, if it does."""
        self._fd = -1
        self._inode = (-1, -1)
        self._day: str | None = None
        self._flushed = False

    def append(self, *records: Mapping[str, Any], flush: bool = False) -> None:
        """Write a line per record; with `flush` they have reached the disk when this returns."""
        lines = b"".join(map(to_line, records))
        self.append_lines(lines, flush=flush)

    def append_lines(self, lines: bytes, *, day: str | None = None, flush: bool = False) -> None:
        """Write lines made by `to_line`; raises OSError when the disk refuses them.

        With `day` (YYYY-MM-DD, UTC, of the lines) a file of another day is put aside first; where
        that fails the lines are written to it all the same.
        """
        self._lock_current(day)
        try:
            self._write(b"\n" + lines if self._torn_tail() else lines)
            if flush:
                self._flush()
        finally:
            fcntl.flock(self._fd, fcntl.LOCK_UN)

    def put_aside(self, day: str) -> bool:
        """Rename the file now if it is of a month before that of `day`; whether it was."""
        if not self.path.is_file() or not self.path.stat().st_size:
            return False
        self._lock_current(None)
        try:
            before = self._first_day()
            return before[:7] < day[:7] and self._rename(before)
        finally:
            self.close()

    def close(self) -> None:
        """Close the file; a later append opens it again."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _lock_current(self, day: str | None) -> None:
        """Lock the file that has the name now; a rename in between shows in the inode."""
        while True:
            if self._fd < 0:
                self._open()
            self._lock()
            try:
                found = os.stat(self.path)
                if (found.st_dev, found.st_ino) == self._inode and not self._begins_anew(day):
                    return
            except FileNotFoundError:
                pass
            except OSError:
                self.close()
                raise
            self.close()

    def _begins_anew(self, day: str | None) -> bool:
        """Put the file aside when its day is over; whether that was done. We hold its lock."""
        if day is None or day == self._day:
            return False
        if not os.fstat(self._fd).st_size:
            self._day = day
            return False
        self.not_rotated = None
        try:
            before = self._first_day()
            if is_over(before, day, self._files_of(before)):
                return self._rename(before)
        except OSError as error:
            self.not_rotated = error
        # Not asked again before the next day, or by the next process.
        self._day = day
        return False

    def _first_day(self) -> str:
        """Return the day of the first line, or of the last write where no line tells."""
        found = _TIMESTAMP.search(os.pread(self._fd, _FIRST_BYTES, 0))
        if found is not None and is_day(day := found[1].decode()):
            return day
        changed = datetime.fromtimestamp(os.fstat(self._fd).st_mtime, UTC)
        return f"{changed:%Y-%m-%d}"

    def _files_of(self, day: str) -> int:
        """Return how many files of a day were put aside."""
        number = 0
        while os.path.lexists(day_path(self.path, day, number + 1)):
            number += 1
        return number

    def _rename(self, day: str) -> bool:
        """Put the file aside; nobody else can, since we hold the lock of what has the name."""
        if not stat.S_ISREG(os.lstat(self.path).st_mode):
            return False  # a link would be renamed without what it leads to
        self._mode = stat.S_IMODE(os.fstat(self._fd).st_mode)
        os.rename(self.path, day_path(self.path, day, self._files_of(day) + 1))
        return True

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
        flags = os.O_RDWR | os.O_APPEND | self._create | os.O_CLOEXEC
        self._fd = os.open(self.path, flags, 0o640)
        opened = os.fstat(self._fd)
        self._inode = (opened.st_dev, opened.st_ino)
        if not opened.st_size and opened.st_uid == os.geteuid() and stat.S_ISREG(opened.st_mode):
            with suppress(OSError):
                self._give_away()
        self._day = None
        self._flushed = False

    def _give_away(self) -> None:
        """Let a new file be written and read by those who wrote and read the last one."""
        if self._mode is not None:
            os.fchmod(self._fd, self._mode)
        folder = os.stat(self.path.parent)
        if os.geteuid() == 0 != folder.st_uid:
            os.fchown(self._fd, folder.st_uid, folder.st_gid)

    def _flush(self) -> None:
        """Flush the file, and once the folder, without which a new file has no name."""
        os.fsync(self._fd)
        if not self._flushed:
            flush_folder(self.path.parent)
            self._flushed = True

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
    file: Path | None = None


def record_of(line: bytes, number: int, file: Path | None = None) -> dict[str, Any] | Unreadable:
    """Return what a line holds; `number` and `file` tell where it stands if it is unreadable."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, dict):
        return value
    return Unreadable(number, line[:200].decode("utf-8", "replace"), file)
