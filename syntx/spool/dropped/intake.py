"""Intake: what was dropped becomes an entry, exactly once, whatever dies in between.

The prompt is renamed into `processing/WORKER/ID~intake/` (the rename decides who has it), then
its sidecar. The envelope is built beside it, and only when that is safe the originals go.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from syntx.ids import new_id
from syntx.job import Job
from syntx.spool.dropped import refusing
from syntx.spool.dropped.arriving_folders import DropLimits
from syntx.spool.dropped.folder_intake import build_entry, is_folder_intake
from syntx.spool.dropped.foreign import Dropped, Refused, compose, name_slugs, split_pair, wanted_id
from syntx.spool.finishing import Notice
from syntx.spool.layout import (
    INCOMING,
    INTAKE_SUFFIX,
    PROCESSING,
    Kind,
    entry_name,
    kind_of,
    parse_entry,
    sidecar_of,
)
from syntx.spool.plain import NotPlain
from syntx.spool.storage import Storage

_LONGEST_NAME = 255
"""The longest name of a file, in bytes; ".json" is longer than ".txt"."""
_IMMOVABLE = (errno.EACCES, errno.EPERM, errno.EBUSY, errno.EXDEV, errno.ENOTEMPTY)


class Immovable(Exception):
    """A dropped thing that this worker may not rename."""


@dataclass(frozen=True, slots=True)
class Taking:
    """What intake needs to know: where, for whom, how large things may be, what time it is."""

    storage: Storage
    worker: str
    limits: DropLimits
    now: Callable[[], datetime]
    is_known: Callable[[str], bool]
    notice: Notice


def take(taking: Taking, name: str, sidecar: str | None, refused: Refused | None) -> Job | None:
    """Take a dropped thing; its job is then held, or None: another was first, or it was refused.

    Raises Immovable when it cannot be renamed, OSError when the disk fails.
    """
    storage = taking.storage
    job_id = _choose_id(taking, name)
    folder = f"{storage.folders.hold(taking.worker)}/{job_id}{INTAKE_SUFFIX}"
    _make(storage, folder)
    if not _move_in(storage, name, folder):
        return None
    if sidecar is not None:
        fetch_sidecar(storage, name, folder)
    if refused is not None:
        _refuse(taking, folder, refused)
        return None
    return build(taking, folder)


def take_entry(taking: Taking, path: str, refused: Refused) -> None:
    """Refuse an entry that is already held but cannot be read as a job."""
    hold, _, name = path.rpartition("/")
    folder = f"{hold}/{new_id(at=taking.now())}{INTAKE_SUFFIX}"
    _make(taking.storage, folder)
    taking.storage.disk.rename(path, f"{folder}/{name}")
    _refuse(taking, folder, refused)


def build(taking: Taking, folder: str) -> Job | None:
    """Make the entry of what lies in an intake folder; None when it was refused."""
    storage = taking.storage
    hold, _, base = folder.rpartition("/")
    job_id = base.removesuffix(INTAKE_SUFFIX)
    try:
        if is_folder_intake(storage, folder, storage.names(folder)):
            return build_entry(storage, taking.worker, folder, taking.limits, taking.now())
        job = compose(_read(taking, folder), job_id, taking.now())
    except Refused as refused:
        _refuse(taking, folder, refused)
        return None
    except OSError:
        raise
    except Exception as error:  # a bug at one thing that was dropped must not stop the queue
        _refuse(taking, folder, Refused("not_a_job", f"{type(error).__name__}: {error}"))
        return None
    with storage.staged(taking.worker, job.to_bytes()) as scratch:
        storage.sync_once(folder)
        storage.disk.rename_new(scratch, f"{hold}/{entry_name(job_id)}")
    storage.sync_once(hold)
    clear(storage, folder)
    return job


def clear(storage: Storage, folder: str) -> None:
    """Remove the originals after their entry is safe."""
    for name in storage.names(folder):
        storage.disk.unlink(f"{folder}/{name}")
    storage.disk.rmdir(folder)


def fetch_sidecar(storage: Storage, prompt: str, folder: str) -> None:
    """Take the sidecar of a prompt that is taken, if it is there."""
    sidecar = sidecar_of(prompt)
    # A name like that of an entry is a job of its own, and so is a folder.
    if len(os.fsencode(sidecar)) > _LONGEST_NAME or parse_entry(sidecar) is not None:
        return
    path = storage.folders.path(INCOMING, sidecar)
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISDIR(storage.disk.lstat(path).st_mode):
            storage.disk.rename(path, f"{folder}/{sidecar}")


def names_being_taken(storage: Storage) -> Iterator[str]:
    """Yield the names of what any worker is taking in right now, or died taking."""
    for worker in storage.names(storage.folders.path(PROCESSING)):
        hold = storage.folders.hold(worker)
        for held in storage.names(hold):
            if held.endswith(INTAKE_SUFFIX):
                yield from storage.names(f"{hold}/{held}")


def _make(storage: Storage, folder: str) -> None:
    """Make an intake folder that is there before anything is moved into it."""
    storage.disk.mkdir(folder)
    storage.sync_once(folder.rpartition("/")[0])


def _move_in(storage: Storage, name: str, folder: str) -> bool:
    """Rename into the intake folder; False when another was first."""
    try:
        storage.disk.rename(storage.folders.path(INCOMING, name), f"{folder}/{name}")
    except OSError as error:
        storage.disk.rmdir(folder)
        if isinstance(error, FileNotFoundError):
            return False
        if error.errno in _IMMOVABLE:
            raise Immovable(f"{name!r} cannot be moved: {error.strerror}") from error
        raise
    return True


def _read(taking: Taking, folder: str) -> Dropped:
    name, sidecar = split_pair(taking.storage.names(folder))
    content = _bytes(taking, f"{folder}/{name}")
    rest = None if sidecar is None else _bytes(taking, f"{folder}/{sidecar}")
    return Dropped(name, content, rest)


def _bytes(taking: Taking, path: str) -> bytes:
    try:
        return taking.storage.read(path, taking.limits.file_bytes)
    except NotPlain as error:
        raise Refused("not_plain", f"it is {error}") from error
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):
            raise Refused("not_plain", "it is no plain file") from error
        if error.errno == errno.EACCES:
            raise Refused("unreadable", "the service may not read it") from error
        raise


def _choose_id(taking: Taking, name: str) -> str:
    """Keep the ID of a dropped envelope if nothing of that ID exists, else make one."""
    topic, style = name_slugs(name)
    fresh = new_id(topic, style, at=taking.now())
    if kind_of(name) is not Kind.JSON:
        return fresh
    try:
        path = taking.storage.folders.path(INCOMING, name)
        content = taking.storage.read(path, taking.limits.file_bytes)
    except (OSError, NotPlain):
        return fresh
    wanted = wanted_id(content)
    return fresh if wanted is None or taking.is_known(wanted) else wanted


def _refuse(taking: Taking, folder: str, refused: Refused) -> None:
    where, names = refusing.refuse(taking.storage, taking.worker, folder, refused, taking.now())
    taking.notice(
        "entry_refused",
        {"files": names, "reason": refused.reason, "message": refused.message, "kept_as": where},
    )
