"""The kernel's errors as the spool tells them."""

from __future__ import annotations

import errno

from syntx.errors import SpoolError, SpoolFull

_FULL = (errno.ENOSPC, errno.EDQUOT)
_UNSUPPORTED = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP)
_CHECK_DISK = "check the disk (dmesg), then start the service again"


class FlushFailed(OSError):
    """A flush failed. The kernel tells it once: a second try would lie."""


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
    if isinstance(error, FlushFailed):
        return stopped(f"a flush failed ({error.strerror or error}: {error.filename})")
    text = f"could not {doing}: {error.strerror or error}"
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in _FULL:
        return SpoolFull(text + where, fix="free space or inodes on the queue's file system")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return SpoolError(text + where, fix="check owner, permissions and mount of the queue")
    if error.errno in _UNSUPPORTED:
        return SpoolError(
            text + where,
            fix="put the queue on a file system that can rename without replacing (ext4, XFS)",
        )
    return SpoolError(text + where, fix=_CHECK_DISK)


def stopped(failure: str) -> SpoolError:
    """Return the error of a spool whose flush failed."""
    return SpoolError(f"{failure}; this spool neither claims nor submits any more", fix=_CHECK_DISK)
