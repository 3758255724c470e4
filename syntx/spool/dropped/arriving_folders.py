"""A dropped folder, looked at from outside: what is in it, whether it may be taken."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass, field

from syntx.spool.dropped.foreign import Refused, printable
from syntx.spool.plain import NotPlain, check_plain
from syntx.spool.storage import Storage

MAX_FILES = 1_000
MAX_DEPTH = 16
MAX_PATH_BYTES = 2_000
"""The longest path inside a folder; the kernel takes 4,095 bytes, with what is put before it."""
_UNREADABLE = (errno.EACCES, errno.EPERM)
_NO_FOLDER = (errno.ENOTDIR, errno.ELOOP)


@dataclass(frozen=True, slots=True)
class DropLimits:
    """How large a dropped file, or all files of a dropped folder together, may be (bytes).

    `files` is how many files, and how many folders, one folder may hold.
    """

    file_bytes: int = 1_000_000
    folder_bytes: int = 200_000_000
    files: int = MAX_FILES


@dataclass(slots=True)
class Survey:
    """What a folder holds: its plain files with their sizes (bytes), by path inside it."""

    files: dict[str, int] = field(default_factory=dict)
    folders: int = 0
    signature: int = 0
    """Changes when anything in the folder changes."""
    refused: Refused | None = None
    most: int = MAX_FILES

    @property
    def size(self) -> int:
        """The bytes in all files together."""
        return sum(self.files.values())


def survey(storage: Storage, folder: str, limits: DropLimits) -> Survey:
    """Look through a folder, following nothing and opening nothing, up to its limits."""
    found = Survey(most=limits.files)
    try:
        _look(storage, folder, "", 1, found)
        if (allowed := limits.folder_bytes) < found.size:
            raise Refused("too_large", f"{found.size} bytes, more than the {allowed} allowed")
    except Refused as refused:
        found.refused = refused
    return found


def _look(storage: Storage, folder: str, inside: str, depth: int, found: Survey) -> None:
    path = f"{folder}/{inside}" if inside else folder
    if depth > MAX_DEPTH:
        raise Refused("too_deep", f"folders lie more than {MAX_DEPTH} deep in it")
    try:
        names = sorted(storage.disk.listdir(path))
    except FileNotFoundError:
        return
    except OSError as error:
        raise _unreadable(error, inside or ".") from error
    for name in names:
        _look_at(storage, folder, f"{inside}/{name}" if inside else name, depth, found)


def _look_at(storage: Storage, folder: str, inside: str, depth: int, found: Survey) -> None:
    if len(os.fsencode(inside)) > MAX_PATH_BYTES:
        raise Refused("too_deep", f"a path in it is longer than {MAX_PATH_BYTES} bytes")
    try:
        seen = storage.disk.lstat(f"{folder}/{inside}")
    except FileNotFoundError:
        return
    except OSError as error:
        raise _unreadable(error, inside) from error
    found.signature = hash(
        (found.signature, inside, seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns)
    )
    if stat.S_ISDIR(seen.st_mode):
        found.folders += 1
        if found.folders > found.most:
            raise Refused("too_many_files", f"more than {found.most} folders are in it")
        _look(storage, folder, inside, depth + 1, found)
        return
    try:
        check_plain(seen, seen.st_size)
    except NotPlain as error:
        raise Refused("not_plain", f"{printable(inside)} in it is {error}") from error
    found.files[inside] = seen.st_size
    if len(found.files) > found.most:
        raise Refused("too_many_files", f"more than {found.most} files are in it")


def check_readable(storage: Storage, folder: str, found: Survey) -> None:
    """Raise Refused when a file of a surveyed folder cannot be read."""
    for inside in found.files:
        try:
            fd = storage.disk.open(f"{folder}/{inside}", os.O_RDONLY | os.O_NONBLOCK)
        except OSError as error:
            raise _unreadable(error, inside) from error
        storage.quietly_close(fd)


def is_being_written(storage: Storage, folder: str, found: Survey) -> bool:
    """Whether somebody has a file of a surveyed folder open for writing."""
    for inside in found.files:
        try:
            fd = storage.disk.open(f"{folder}/{inside}", os.O_RDONLY | os.O_NONBLOCK)
        except OSError:
            continue
        try:
            if storage.disk.is_being_written(fd):
                return True
        finally:
            storage.quietly_close(fd)
    return False


def _unreadable(error: OSError, inside: str) -> Exception:
    if error.errno in _UNREADABLE:
        return Refused("unreadable", f"the service may not read {printable(inside)} in it")
    if error.errno in _NO_FOLDER:
        return Refused("not_plain", f"{printable(inside)} in it is no folder")
    return error
