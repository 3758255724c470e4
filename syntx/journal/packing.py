"""Packing the months of a log that are over; killed at any moment, nothing is lost or twice.

1. The days are read once for their sizes and hashes, under their locks, so that nobody who had
   one open when it was renamed still writes.
2. The pack is written to a scratch name with the list of its days in front, flushed, read back
   and compared with what the days held.
3. It is renamed, never over another. From now on readers take these days from the pack alone.
4. The days are removed. What a kill leaves of them, the next call removes.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from syntx.errors import SyntxError
from syntx.journal.appending import Journal
from syntx.journal.names import Part, month_path
from syntx.journal.packs import CHUNK, Day, Extent, days_of, head_of, is_in_pack
from syntx.journal.snapshot import parts_in
from syntx.replacing import flush_folder

LEVEL = 6


@dataclass(frozen=True, slots=True)
class Packed:
    """What was done to a log: packs made and removed, and days that lie in packs now, by name."""

    made: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


class Stopped(Exception):
    """The caller wishes to stop; what was not finished is done by the next call."""


def pack(
    path: Path,
    *,
    today: str,
    keep_months: int | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Packed:
    """Pack the months of the log at `path` that were over the day before `today`.

    So who looks back a few hours need not unpack anything. `today` is YYYY-MM-DD in UTC. Of
    packed months the newest `keep_months` stay (None: all). Does nothing while another packs in
    the same folder. Raises OSError when the disk refuses it, SyntxError when what was written
    does not read back; then all is as before.
    """
    with _alone(path.parent) as alone:
        if not alone:
            return Packed()
        _clear(path)
        yesterday = _day_before(today)
        with suppress(FileNotFoundError):
            Journal(path, create=False).put_aside(yesterday)
        made: list[str] = []
        days: list[str] = []
        with suppress(Stopped):
            for month, parts in _over(path, yesterday[:7]):
                made.append(_pack_month(path, month, parts, stop))
                days += [part.name for part in parts]
        return Packed(tuple(made), tuple(days), tuple(_forget(path, keep_months)))


def packable(path: Path, *, today: str) -> list[Path]:
    """Return the days of the log at `path` that `pack` would pack."""
    months = _over(path, _day_before(today)[:7])
    return [path.with_name(part.name) for _, parts in months for part in parts]


def _day_before(day: str) -> str:
    return str(date.fromisoformat(day) - timedelta(days=1))


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Lock the folder; False when another has it, or there is none."""
    try:
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        yield False
        return
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(fd)


def _scratch(path: Path) -> Path:
    return path.with_name(f".{path.name}.packing")


def _clear(path: Path) -> None:
    """Remove what a kill left: an unfinished pack, and days that lie in a finished one."""
    _scratch(path).unlink(missing_ok=True)
    parts = parts_in(path)
    packs = [part for part in parts if part.packed]
    for part in parts:
        file = path.with_name(part.name)
        same = [one for one in packs if one.month == part.month and not part.packed]
        if any(is_in_pack(file, path.with_name(one.name)) for one in same):
            file.unlink(missing_ok=True)


def _over(path: Path, now: str) -> Iterator[tuple[str, list[Part]]]:
    days = [part for part in parts_in(path) if not part.packed and not part.foreign]
    for month, parts in groupby(days, key=lambda part: part.month):
        if month < now:
            yield month, list(parts)


def _pack_month(path: Path, month: str, parts: Sequence[Part], stop: Callable[[], bool]) -> str:
    files = [path.with_name(part.name) for part in parts]
    scratch = _scratch(path)
    try:
        days, written = _write(scratch, files, stop)
        if _unpacked_digest(scratch, stop) != written or list(days_of(scratch)) != days:
            raise SyntxError(
                f"{scratch} does not read back as it was written",
                fix=f"check the disk of {path.parent}; the days of {month} are still there",
            )
        target = _free(path, month)
        os.rename(scratch, target)
    finally:
        scratch.unlink(missing_ok=True)
    flush_folder(path.parent)
    for file in files:
        file.unlink(missing_ok=True)
    flush_folder(path.parent)
    return target.name


def _described(file: Path, stop: Callable[[], bool]) -> Day:
    """Read a day for its size and hash, when nobody writes to it any more."""
    with file.open("rb") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        found, sums = Extent(), hashlib.sha256()
        while chunk := opened.read(CHUNK):
            _heed(stop)
            found.add(chunk)
            sums.update(chunk)
        inode = os.fstat(opened.fileno()).st_ino
    lines = found.lines + found.torn
    return Day(
        *(file.name, inode, found.size, sums.hexdigest(), found.torn),
        *(lines, found.first, found.last),
    )


def _write(scratch: Path, files: Sequence[Path], stop: Callable[[], bool]) -> tuple[list[Day], str]:
    """Write a pack and flush it; returns its days and the hash of all that was put in."""
    days = [_described(file, stop) for file in files]
    total = hashlib.sha256()
    source = files[-1].stat()
    with scratch.open("xb") as out:
        os.fchmod(out.fileno(), source.st_mode & 0o777)
        if os.geteuid() == 0:
            os.fchown(out.fileno(), source.st_uid, source.st_gid)
        out.write(head_of(days))
        for number, file in enumerate(files):
            days[number] = replace(days[number], at=f"{out.tell():016d}")
            for piece in _member(file, days[number], total, stop):
                out.write(piece)
        out.seek(0)
        out.write(head_of(days))
        out.flush()
        os.fsync(out.fileno())
    return days, total.hexdigest()


def _member(file: Path, day: Day, total: Any, stop: Callable[[], bool]) -> Iterator[bytes]:
    """Yield a day as a member of a gzip file; raises SyntxError when it changed meanwhile."""
    packing = zlib.compressobj(LEVEL, zlib.DEFLATED, 31)
    own = hashlib.sha256()
    with file.open("rb") as opened:
        while chunk := opened.read(CHUNK):
            _heed(stop)
            own.update(chunk)
            total.update(chunk)
            yield packing.compress(chunk)
    if own.hexdigest() != day.sha256:
        raise SyntxError(f"{file} changed while it was packed", fix="syntx logs pack")
    if day.torn:
        total.update(b"\n")
        yield packing.compress(b"\n")
    yield packing.flush()


def _unpacked_digest(pack: Path, stop: Callable[[], bool]) -> str:
    import gzip

    total = hashlib.sha256()
    try:
        with gzip.open(pack, "rb") as file:
            while chunk := file.read(CHUNK):
                _heed(stop)
                total.update(chunk)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        return "damaged"
    return total.hexdigest()


def _heed(stop: Callable[[], bool]) -> None:
    if stop():
        raise Stopped


def _free(path: Path, month: str) -> Path:
    """Return the first free name; only who holds the folder's lock makes such names."""
    number = 1
    while os.path.lexists(month_path(path, month, number)):
        number += 1
    return month_path(path, month, number)


def _forget(path: Path, keep_months: int | None) -> Iterator[str]:
    """Remove packed months but the newest; the clock is not asked, since it may be wrong."""
    if keep_months is None:
        return
    packs = [part for part in parts_in(path) if part.packed]
    months = sorted({part.month for part in packs})
    for part in packs:
        if part.month in months[:-keep_months]:
            path.with_name(part.name).unlink(missing_ok=True)
            yield part.name
