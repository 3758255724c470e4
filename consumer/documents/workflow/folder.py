"""The folder of a document job: nothing in it is followed through links, writes are atomic.

Names that are no UTF-8 are spelled with a NUL and two hex digits for each byte that is none, so
that they can be kept as text; no real name holds a NUL.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from consumer.documents.failing import NotPlain
from consumer.documents.replacing import replace_file
from syntx.errors import SyntxError
from syntx.spool.failures import spool_error

ATTACHMENTS, OUTPUTS, WORKFLOW = "attachments", "outputs", "workflow"

_BYTE = re.compile("[\udc80-\udcff]")
_SPELLED = re.compile("\0([0-9a-f]{2})")
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_IN_THE_WAY = frozenset({errno.EEXIST, errno.EISDIR, errno.ELOOP, errno.ENOTDIR, errno.ENXIO})
"""What one job's folder can do to us; it ends that job, and no other."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file in the job's folder: its path there, and its size in bytes."""

    file: str
    size: int


class JobFolder:
    """Reads and writes below one folder; paths are relative to it, with `/` between names."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, file: str) -> Path:
        """Return where a file really lies; raises NotPlain for a path that leads out."""
        return self.root.joinpath(*_steps(file))

    def make(self, *names: str) -> None:
        """Make folders that only the service may look into; raises NotPlain for a link."""
        for path in names:
            parent, _, name = path.rpartition("/")
            holder = self._open_folder(parent)
            try:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(name, mode=0o700, dir_fd=holder)
                    os.fsync(holder)
            except OSError as error:
                raise spool_error(error, f"make the folder {path}") from error
            finally:
                os.close(holder)
            os.close(self._open_folder(path))

    def read(self, file: str) -> bytes:
        """Return a plain file's bytes; raises FileNotFoundError, and NotPlain for a link."""
        parent, _, name = file.rpartition("/")
        holder = self._open_folder(parent)
        try:
            descriptor = os.open(_unspelled(name), _READ, dir_fd=holder)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise _told(error, f"read {file}") from error
        finally:
            os.close(holder)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise NotPlain(f"{file} is no plain file")
        with open(descriptor, "rb") as opened:
            return opened.read()

    def write(self, file: str, data: bytes, mode: int = 0o600) -> None:
        """Put a file there or replace it: flushed, then renamed, then the folder flushed.

        Raises SpoolError when the disk refuses, and NotPlain for a link on the way.
        """
        parent, _, name = file.rpartition("/")
        holder = self._open_folder(parent)
        try:
            replace_file(holder, name, data, mode)
        except OSError as error:
            raise _told(error, f"write {file}") from error
        finally:
            os.close(holder)

    def remove(self, file: str) -> None:
        """Remove a file; one that is not there is fine."""
        parent, _, name = file.rpartition("/")
        holder = self._open_folder(parent)
        try:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name, dir_fd=holder)
        finally:
            os.close(holder)

    def files(self, folder: str) -> tuple[Found, ...]:
        """Return the plain files below a folder in the order of their paths, links left out."""
        return tuple(sorted(self._walk(folder), key=lambda found: found.file))

    def _walk(self, folder: str) -> Iterator[Found]:
        try:
            holder = self._open_folder(folder)
        except FileNotFoundError:
            return
        try:
            names = os.listdir(holder)
            modes = {name: os.stat(name, dir_fd=holder, follow_symlinks=False) for name in names}
        finally:
            os.close(holder)
        for name, found in modes.items():
            if stat.S_ISREG(found.st_mode):
                yield Found(f"{folder}/{spelled(name)}", found.st_size)
            elif stat.S_ISDIR(found.st_mode):
                yield from self._walk(f"{folder}/{spelled(name)}")

    def _open_folder(self, path: str) -> int:
        """Open a folder step by step, following nothing."""
        steps = _steps(path)
        holder = os.open(self.root, _FOLDER)
        for name in steps:
            try:
                inner = os.open(name, _FOLDER, dir_fd=holder)
            except FileNotFoundError:
                raise
            except OSError as error:
                raise _told(error, f"open the folder {path}") from error
            finally:
                os.close(holder)
            holder = inner
        return holder


def spelled(name: str) -> str:
    """Return a name from the disk as text that can be kept."""
    return _BYTE.sub(lambda found: f"\0{ord(found.group()) - 0xDC00:02x}", name)


def _steps(path: str) -> list[str]:
    """Return the names of a path inside the folder; whoever made the folder may have made it up."""
    names = [_unspelled(name) for name in path.split("/") if name]
    if ".." in names:
        raise NotPlain(f"{path!r} leads out of the job's folder")
    return names


def _unspelled(name: str) -> str:
    return _SPELLED.sub(lambda found: chr(0xDC00 + int(found[1], 16)), name)


def readable_name(file: str) -> str:
    """Return a spelled name for readers: U+FFFD for each byte that is no text."""
    return _SPELLED.sub("\ufffd", file)


def _told(error: OSError, doing: str) -> SyntxError:
    if error.errno in _IN_THE_WAY:
        return NotPlain(f"could not {doing}, which is no plain file or folder: {error.strerror}")
    return spool_error(error, doing)
