"""Small steps on files and folders that every verb of the spool is made of."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import stat
import threading
from collections.abc import Iterator

from syntx.errors import SpoolError, SpoolFull
from syntx.spool.layout import Folders
from syntx.spool.syscalls import Disk

ENVELOPE_LIMIT = 64 * 1024 * 1024
"""The largest envelope that is read, in bytes."""

_OPEN_FOLDERS = 64
_READ_SIZE = 1 << 16
_FULL = (errno.ENOSPC, errno.EDQUOT)


class NotPlain(Exception):
    """What lies there is no plain file of one name and a bearable size."""


class Storage:
    """The steps below the verbs, bound to one root and one level of durability."""

    def __init__(self, disk: Disk, folders: Folders, *, durable: bool = True) -> None:
        self.disk = disk
        self.folders = folders
        self.durable = durable
        self._numbers = itertools.count(1)
        self._made: set[str] = set()
        self._open: dict[str, int] = {}
        self._root: int | None = None
        self._open_lock = threading.Lock()

    def scratch_name(self, worker: str) -> str:
        """Return a fresh path in a worker's scratch folder."""
        return f"{self.folders.scratch(worker)}/{next(self._numbers)}"

    def write(self, path: str, data: bytes) -> int:
        """Create a file and write it whole; returns its open descriptor, not yet flushed."""
        fd = self.disk.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[self.disk.write(fd, rest) :]
        except OSError:
            self.quietly_close(fd)
            self.quietly_unlink(path)
            raise
        return fd

    def write_flushed(self, path: str, data: bytes) -> None:
        """Create a file, write it whole and flush it; nothing is left of it on an error."""
        fd = self.write(path, data)
        try:
            if self.durable:
                self.disk.fsync(fd)
        except OSError:
            self.quietly_unlink(path)
            raise
        finally:
            self.quietly_close(fd)

    @contextlib.contextmanager
    def staged(self, worker: str, data: bytes) -> Iterator[str]:
        """Give the path of a flushed scratch file, to be renamed within the block."""
        path = self.scratch_name(worker)
        self.write_flushed(path, data)
        try:
            yield path
        except OSError:
            self.quietly_unlink(path)
            raise

    def read(self, path: str, limit: int = ENVELOPE_LIMIT, *, links: int | None = 1) -> bytes:
        """Read a plain file whole; raises NotPlain for anything else or anything larger."""
        check_plain(self.disk.lstat(path), limit, links=links)
        # O_NONBLOCK: a FIFO swapped in after the look must not hold us up.
        fd = self.disk.open(path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            return self._read_all(fd, limit)
        finally:
            self.quietly_close(fd)

    def _read_all(self, fd: int, limit: int) -> bytes:
        content = self.disk.read(fd, _READ_SIZE)
        # A plain file gives less than was asked for only at its end.
        if len(content) == _READ_SIZE:
            parts = [content]
            while len(parts) * _READ_SIZE <= limit and (content := self.disk.read(fd, _READ_SIZE)):
                parts.append(content)
            content = b"".join(parts)
        if len(content) > limit:
            raise NotPlain(f"larger than {limit} bytes")
        return content

    def open_root(self) -> None:
        """Open the root; `sync_all` tells of every failed write from here on."""
        self._root = self.disk.open(self.folders.root, os.O_RDONLY | os.O_DIRECTORY)

    def sync_all(self) -> None:
        """Flush all that was written to the file system, in one call."""
        assert self._root is not None
        self.disk.syncfs(self._root)

    def sync_folder(self, path: str) -> None:
        """Flush the names in a folder, if this spool is durable."""
        if self.durable:
            self.disk.fsync(self._descriptor(path))

    def make_folder(self, path: str) -> None:
        """Make a folder if it is missing, and flush its parent."""
        if path in self._made:
            return
        with contextlib.suppress(FileExistsError):
            self.disk.mkdir(path)
        # Synced even if another made it: that one may not have come to it yet.
        self.sync_once(os.path.dirname(path))
        self._made.add(path)

    def forget_folder(self, path: str) -> None:
        """Make a folder anew next time, since somebody removed it."""
        self._made.discard(path)

    def sync_once(self, path: str) -> None:
        """Flush a folder through a descriptor of its own."""
        if not self.durable:
            return
        fd = self.disk.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            self.disk.fsync(fd)
        finally:
            self.quietly_close(fd)

    def publish(self, source: str, folder: str, name: str) -> None:
        """Move a name into a folder without replacing; makes the folder if it went missing."""
        target = f"{folder}/{name}"
        self.make_folder(folder)
        try:
            self.disk.rename_new(source, target)
        except FileNotFoundError:
            self.forget_folder(folder)
            self.make_folder(folder)
            self.disk.rename_new(source, target)

    def names(self, path: str) -> list[str]:
        """Return the names in a folder, in order; none if it is not there."""
        try:
            return sorted(self.disk.listdir(path))
        except (FileNotFoundError, NotADirectoryError):
            return []

    def exists(self, path: str) -> bool:
        """Whether a name is there, whatever it is."""
        try:
            self.disk.lstat(path)
        except (FileNotFoundError, NotADirectoryError):
            return False
        return True

    def remove_tree(self, path: str) -> None:
        """Remove a file or folder with all in it, following nothing."""
        try:
            is_folder = stat.S_ISDIR(self.disk.lstat(path).st_mode)
        except FileNotFoundError:
            return
        if not is_folder:
            self.disk.unlink(path)
            return
        for name in self.names(path):
            self.remove_tree(f"{path}/{name}")
        self.disk.rmdir(path)

    def quietly_unlink(self, path: str) -> None:
        """Remove a scratch file after an error; what stays is swept with the scratch folder."""
        with contextlib.suppress(OSError):
            self.disk.unlink(path)

    def quietly_close(self, fd: int) -> None:
        """Close a descriptor whose content is flushed or given up."""
        with contextlib.suppress(OSError):
            self.disk.close(fd)

    def close(self) -> None:
        """Close the folders that were kept open."""
        with self._open_lock:
            descriptors, self._open = list(self._open.values()), {}
            if self._root is not None:
                descriptors.append(self._root)
                self._root = None
        for fd in descriptors:
            self.quietly_close(fd)

    def _descriptor(self, path: str) -> int:
        with self._open_lock:
            fd = self._open.get(path)
            # A removed folder would be flushed without an error, and without effect.
            if fd is not None and self.disk.fstat(fd).st_nlink > 0:
                return fd
            if fd is not None or len(self._open) >= _OPEN_FOLDERS:
                stale = path if fd is not None else next(iter(self._open))
                self.quietly_close(self._open.pop(stale))
            self._open[path] = self.disk.open(path, os.O_RDONLY | os.O_DIRECTORY)
            return self._open[path]


def check_plain(found: os.stat_result, limit: int, *, links: int | None = 1) -> None:
    """Raise NotPlain unless this is a regular file, of one name, of at most `limit` bytes."""
    if not stat.S_ISREG(found.st_mode):
        raise NotPlain(f"{describe(found.st_mode)}, not a plain file")
    if links is not None and found.st_nlink > links:
        raise NotPlain(f"a hard link ({found.st_nlink} names lead to this file)")
    if found.st_size > limit:
        raise NotPlain(f"{found.st_size} bytes, more than the {limit} allowed")


def describe(mode: int) -> str:
    """Say in words what kind of thing a mode tells of."""
    kinds = {
        stat.S_IFDIR: "a folder",
        stat.S_IFLNK: "a symbolic link",
        stat.S_IFIFO: "a FIFO",
        stat.S_IFSOCK: "a socket",
        stat.S_IFBLK: "a block device",
        stat.S_IFCHR: "a character device",
    }
    return kinds.get(stat.S_IFMT(mode), "a file")


class translating:
    """Turn the kernel's errors inside the block into the spool's."""

    __slots__ = ("_doing",)

    def __init__(self, doing: str) -> None:
        self._doing = doing

    def __enter__(self) -> None:
        """Enter the block."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Translate what was raised."""
        if isinstance(error, OSError):
            raise spool_error(error, self._doing) from error


def spool_error(error: OSError, doing: str) -> SpoolError:
    """Translate the kernel's error into the spool's, saying what was being done."""
    text = f"could not {doing}: {error.strerror or error}"
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in _FULL:
        return SpoolFull(text + where, fix="free space or inodes on the queue's file system")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return SpoolError(text + where, fix="check owner, permissions and mount of the queue")
    return SpoolError(text + where, fix="check the disk (dmesg), then start the service again")
