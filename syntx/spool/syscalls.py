"""Every file-system call of the spool, in one place, so that tests can fail call k."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_RENAME_NOREPLACE = 1
_AT_FDCWD = -100

_ENCODING = sys.getfilesystemencoding()

_libc = ctypes.CDLL(None, use_errno=True)
_renameat2 = getattr(_libc, "renameat2", None)
_syncfs = getattr(_libc, "syncfs", None)


def _kernel() -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", os.uname().release)[:2])


SYNCFS_TELLS = _syncfs is not None and _kernel() >= (5, 8)
"""Whether `syncfs` is there and reports failed writes, as it does since Linux 5.8."""


class Disk:
    """The kernel's calls, each raising OSError as the kernel says."""

    def open(self, path: str, flags: int, mode: int = 0o640) -> int:
        """Open a file or folder; never inherited, never followed through a final symlink."""
        return os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW, mode)

    def close(self, fd: int) -> None:
        """Close a descriptor."""
        os.close(fd)

    def write(self, fd: int, data: memoryview) -> int:
        """Write some of the bytes; returns how many."""
        return os.write(fd, data)

    def read(self, fd: int, size: int) -> bytes:
        """Read at most `size` bytes; empty at the end."""
        return os.read(fd, size)

    def fsync(self, fd: int) -> None:
        """Flush a file, or the names in a folder, to stable storage."""
        os.fsync(fd)

    def syncfs(self, fd: int) -> None:
        """Flush the file system a descriptor is on; tells of failures since it was opened."""
        if _syncfs is None or _syncfs(fd) != 0:
            raise _last_error("syncfs")

    def rename(self, source: str, target: str) -> None:
        """Move a name, replacing a file of the target's name."""
        os.rename(source, target)

    def rename_new(self, source: str, target: str) -> None:
        """Move a name; raises FileExistsError rather than replace anything.

        Raises OSError (EINVAL or ENOSYS) where kernel or file system lack RENAME_NOREPLACE.
        """
        if _renameat2 is None:
            raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), source, None, target)
        old = source.encode(_ENCODING, "surrogateescape")
        new = target.encode(_ENCODING, "surrogateescape")
        if _renameat2(_AT_FDCWD, old, _AT_FDCWD, new, _RENAME_NOREPLACE) == 0:
            return
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error), source, None, target)

    def unlink(self, path: str) -> None:
        """Remove a name that is no folder."""
        os.unlink(path)

    def mkdir(self, path: str, mode: int = 0o750) -> None:
        """Make a folder."""
        os.mkdir(path, mode)

    def rmdir(self, path: str) -> None:
        """Remove an empty folder."""
        os.rmdir(path)

    def listdir(self, path: str) -> list[str]:
        """Return the names in a folder."""
        return os.listdir(path)

    @contextmanager
    def scanning(self, path: str) -> Iterator[Iterator[str]]:
        """Give the names in a folder one by one, so that a large one needs no memory."""
        with os.scandir(path) as entries:
            yield (entry.name for entry in entries)

    def lstat(self, path: str) -> os.stat_result:
        """Describe a name without following it."""
        return os.lstat(path)

    def fstat(self, fd: int) -> os.stat_result:
        """Describe what a descriptor is open on."""
        return os.fstat(fd)

    def statvfs(self, path: str) -> os.statvfs_result:
        """Describe the file system a path lies on."""
        return os.statvfs(path)

    def allocate(self, fd: int, size: int) -> None:
        """Set room for a file's first `size` bytes aside."""
        os.posix_fallocate(fd, 0, size)

    def readlink(self, path: str) -> str:
        """Return where a symbolic link points."""
        return os.readlink(path)

    def lock(self, fd: int) -> bool:
        """Lock what a descriptor is open on, for life; False when another holds it."""
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def is_being_written(self, fd: int) -> bool:
        """Whether somebody still has the file open for writing, as far as the kernel tells.

        A read lease is refused while there is a writer. Where leases are not to be had
        (network file systems, another user's file) the answer is False.
        """
        try:
            # A lease broken meanwhile would otherwise raise SIGIO, which ends the process.
            fcntl.fcntl(fd, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        except OSError as error:
            return error.errno == errno.EAGAIN
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        return False


def _last_error(call: str) -> OSError:
    error = ctypes.get_errno() or errno.ENOSYS
    return OSError(error, os.strerror(error), call)
