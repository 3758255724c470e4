"""The files of a log, all open at once, so that rotation and packing take none away."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from syntx.journal.names import Part, part_of
from syntx.journal.packs import Day, days_in, is_in_pack


@dataclass(frozen=True, slots=True)
class Opened:
    """An open file of a log; `part` is None for the one that is written to."""

    path: Path
    part: Part | None
    raw: IO[bytes]
    inode: int

    @property
    def days(self) -> tuple[Day, ...]:
        """The days in it, if it is a pack of ours."""
        return days_in(self.raw) if self.part is not None and self.part.packed else ()

    @property
    def is_gzip(self) -> bool:
        """Whether it must be unpacked."""
        return self.path.name.endswith(".gz")

    def unpacked(self, at: int = 0) -> IO[bytes]:
        """Return its lines as a file, from the member that begins at the byte `at` on."""
        self.raw.seek(at)
        if not self.is_gzip:
            return self.raw
        import gzip
        import io

        return io.BufferedReader(gzip.GzipFile(fileobj=self.raw, mode="rb"), 1 << 16)


def parts_in(path: Path) -> list[Part]:
    """Return what was put aside of the log at `path`, oldest first, days that are packed too."""
    try:
        with os.scandir(path.parent) as entries:
            found = [(part_of(path, entry.name), entry) for entry in entries]
            return sorted(part for part, entry in found if part and _is_file(entry))
    except (FileNotFoundError, NotADirectoryError):
        return []


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link that leads to itself
        return False


def names_of(path: Path) -> list[str]:
    """Return the names of all files of a log, oldest first, nothing of it twice."""
    parts = parts_in(path)
    names = [part.name for part in parts if not _is_hidden(path, part, parts)]
    return [*names, path.name] if path.is_file() else names


@contextmanager
def snapshot(path: Path) -> Iterator[list[Opened]]:
    """Open all files of a log as they are at one instant, oldest first.

    A line is in them once: had a file been renamed or packed between the first look and the
    last, the names would differ, and it is done again.
    """
    while True:
        names = names_of(path)
        with ExitStack() as stack:
            try:
                opened = [_open(path, name, stack) for name in names]
                same = names_of(path) == names
            except FileNotFoundError:
                continue
            if same:
                yield opened
                return


def _open(path: Path, name: str, stack: ExitStack) -> Opened:
    place = path.with_name(name)
    try:
        raw = stack.enter_context(place.open("rb"))
    except OSError as error:
        if error.errno != errno.EMFILE or not _more_descriptors():
            raise
        raw = stack.enter_context(place.open("rb"))
    part = None if name == path.name else part_of(path, name)
    return Opened(place, part, raw, os.fstat(raw.fileno()).st_ino)


def _more_descriptors() -> bool:
    """Take what the system allows, as years of days that are never packed need; whether it did."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == hard:
        return False
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return True


def _is_hidden(path: Path, part: Part, parts: list[Part]) -> bool:
    """Whether a day is packed already, and only not removed yet; a copy packed by hand is too."""
    if part.packed:
        return False
    if part.name.endswith(".gz"):
        plain = part.name.removesuffix(".gz")
        return any(other.name == plain for other in parts)
    packs = [other for other in parts if other.packed and other.month == part.month]
    if not packs:
        return False
    file = path.with_name(part.name)
    return any(is_in_pack(file, path.with_name(pack.name)) for pack in packs)
