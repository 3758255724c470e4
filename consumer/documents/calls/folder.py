"""A folder that only the service reads: nothing in it is followed through links."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from consumer.documents.failing import NotPlain
from consumer.documents.replacing import replace_file
from syntx.spool.failures import spool_error

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_IN_THE_WAY = frozenset({errno.ELOOP, errno.ENOTDIR, errno.EISDIR, errno.EEXIST})


class PrivateFolder:
    """Files of mode 0600 in a folder of mode 0700, which is made when it is first written to.

    The kernel's errors come out as SpoolError, which pauses the service until the disk is well
    again; what somebody put in the way, as NotPlain, which ends the one job.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> list[str]:
        """Return the names of what lies in it, sorted; none where there is no folder."""
        with self._opened("look through") as holder:
            return [] if holder is None else sorted(os.listdir(holder))

    def read(self, name: str) -> bytes | None:
        """Return a plain file's bytes, or None where there is none (a link is none)."""
        with self._opened("read from") as holder:
            if holder is None:
                return None
            try:
                file = os.open(name, _READ, dir_fd=holder)
            except OSError:
                return None
            with open(file, "rb") as opened:
                plain = stat.S_ISREG(os.fstat(file).st_mode)
                return opened.read() if plain else None

    def write(self, name: str, data: bytes) -> None:
        """Put a file there or replace it: flushed, renamed, the folder flushed."""
        with self._opened("write to", make=True) as holder:
            assert holder is not None
            replace_file(holder, name, data)

    @contextmanager
    def _opened(self, doing: str, make: bool = False) -> Iterator[int | None]:
        """Open the folder through the one it lies in, so that neither can be a link."""
        try:
            holder = self._open(make)
            try:
                yield holder
            finally:
                if holder is not None:
                    os.close(holder)
        except OSError as error:
            if error.errno in _IN_THE_WAY:
                raise NotPlain(f"could not {doing} {self._path}: {error.strerror}") from error
            raise spool_error(error, f"{doing} {self._path}") from error

    def _open(self, make: bool) -> int | None:
        if make:
            # No further up: a thread that outlives its run must not make the job's folder anew.
            self._path.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            outer = os.open(self._path.parent, _FOLDER)
        except FileNotFoundError:
            return None
        try:
            if make:
                self._make_in(outer)
            return os.open(self._path.name, _FOLDER, dir_fd=outer)
        except FileNotFoundError:
            return None
        finally:
            os.close(outer)

    def _make_in(self, outer: int) -> None:
        with contextlib.suppress(FileExistsError):
            os.mkdir(self._path.name, 0o700, dir_fd=outer)
            os.fsync(outer)
