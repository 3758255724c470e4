"""Small steps on files and folders that every verb of the spool is made of."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import stat
import threading
from collections.abc import Iterator

from syntx.spool.failures import FlushFailed
from syntx.spool.layout import OUTPUTS, WORKFLOW, Folders, envelope_of
from syntx.spool.plain import NotPlain, check_plain, describe
from syntx.spool.syscalls import Disk

ENVELOPE_LIMIT = 64 * 1024 * 1024
"""The largest envelope that is read, in bytes."""

_OPEN_FOLDERS = 64
_READ_SIZE = 1 << 16


class Storage:
    """The steps below the verbs, bound to one root and one level of durability."""

    def __init__(self, disk: Disk, folders: Folders, *, durable: bool = True) -> None:
        self.disk = disk
        self.folders = folders
        self.durable = durable
        self.failure: str | None = None
        """What made a flush fail; once set, nothing more may be claimed or submitted."""
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
            self.flush(fd, path)
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

    def read_entry(self, path: str) -> bytes:
        """Read the envelope of a held entry, file or folder; raises NotPlain for what is none."""
        if not path.endswith(".json"):
            # The way to the envelope would lead through a symbolic link.
            mode = self.disk.lstat(path).st_mode
            if not stat.S_ISDIR(mode):
                raise NotPlain(f"{describe(mode)}, not a folder")
        return self.read(envelope_of(path))

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

    def flush(self, fd: int, path: str) -> None:
        """Flush what is open at `path`, if this spool is durable; raises FlushFailed."""
        if not self.durable:
            return
        try:
            self.disk.fsync(fd)
        except OSError as error:
            raise self._flush_failed(error, path) from error

    def sync_all(self) -> None:
        """Flush all that was written to the file system, in one call; raises FlushFailed."""
        assert self._root is not None
        try:
            self.disk.syncfs(self._root)
        except OSError as error:
            raise self._flush_failed(error, self.folders.root) from error

    def _flush_failed(self, error: OSError, path: str) -> FlushFailed:
        self.failure = f"a flush failed ({error.strerror or error}: {path})"
        return FlushFailed(error.errno, error.strerror, path)

    def sync_folder(self, path: str) -> None:
        """Flush the names in a folder, if this spool is durable; raises FlushFailed."""
        if not self.durable:
            return
        with self._open_lock:
            if not self._flush_names(self._descriptor(path), path):
                # It was removed and made anew since it was opened.
                self.quietly_close(self._open.pop(path))
                self._flush_names(self._descriptor(path), path)

    def _flush_names(self, fd: int, path: str) -> bool:
        """Flush a folder; False when it was removed, for its flush then has no effect."""
        self.flush(fd, path)
        try:
            # A file system that is down may take the flush of a folder without a word (XFS).
            return self.disk.fstat(fd).st_nlink > 0
        except OSError as error:
            raise self._flush_failed(error, path) from error

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
            self._flush_names(fd, path)
        finally:
            self.quietly_close(fd)

    def sync_entry(self, path: str) -> None:
        """Flush an entry that is a folder: all that its work made, and the names in it."""
        self.sync_tree(f"{path}/{OUTPUTS}")
        self.sync_tree(f"{path}/{WORKFLOW}")
        self.sync_once(path)

    def sync_work(self, path: str) -> None:
        """Flush what an entry's work made; raises FlushFailed, also if any flush failed before.

        The kernel tells once of what it lost, so that a later flush of it would succeed.
        """
        if self.failure is not None:
            raise FlushFailed(errno.EIO, "an earlier one failed", path)
        self.sync_tree(f"{path}/{OUTPUTS}")
        self.sync_tree(f"{path}/{WORKFLOW}")

    def sync_tree(self, path: str) -> None:
        """Flush a folder with all plain files and folders in it; anything else is passed over."""
        if not self.durable or not self._is_folder(path):
            return
        for name in self.names(path):
            inside = f"{path}/{name}"
            mode = self.disk.lstat(inside).st_mode
            if stat.S_ISDIR(mode):
                self.sync_tree(inside)
            elif stat.S_ISREG(mode):
                self._sync_file(inside)
        with contextlib.suppress(FileNotFoundError):
            self.sync_once(path)

    def _is_folder(self, path: str) -> bool:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            return stat.S_ISDIR(self.disk.lstat(path).st_mode)
        return False

    def _sync_file(self, path: str) -> None:
        fd = self.disk.open(path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            self.flush(fd, path)
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
        """Return the descriptor a folder is kept open with; whoever asks holds the lock."""
        fd = self._open.get(path)
        if fd is None:
            if len(self._open) >= _OPEN_FOLDERS:
                self.quietly_close(self._open.pop(next(iter(self._open))))
            fd = self._open[path] = self.disk.open(path, os.O_RDONLY | os.O_DIRECTORY)
        return fd
