"""The intake of a dropped folder: it becomes a document job, by renames that may be resumed.

::

    ID~intake/NAME/…                           as it was dropped
    ID~intake/.entry/job.json                  the envelope, flushed
    ID~intake/NAME ─► ID~intake/.entry/attachments
    ID~intake/.entry ─► processing/ME/ID       one rename, after everything is flushed
"""

from __future__ import annotations

import contextlib
import errno
import stat
from datetime import datetime

from pydantic import ValidationError

from syntx.job import Job
from syntx.spool.dropped.arriving_folders import DropLimits, check_readable, survey
from syntx.spool.dropped.foreign import Refused
from syntx.spool.dropped.requests import (
    OPTIONS,
    OPTIONS_LIMIT,
    REQUESTS,
    Request,
    compose_request,
    request_file,
)
from syntx.spool.layout import ATTACHMENTS, ENVELOPE, INTAKE_SUFFIX, OUTPUTS, entry_name
from syntx.spool.plain import NotPlain, TooLarge
from syntx.spool.storage import Storage

_MAKING = ".entry"
_STUCK = (errno.EPERM, errno.EBUSY)


def is_folder_intake(storage: Storage, intake: str, names: list[str]) -> bool:
    """Whether what lies in an intake folder was dropped as a folder."""
    return _MAKING in names or any(_is_folder(storage, f"{intake}/{name}") for name in names)


def build_entry(
    storage: Storage, worker: str, intake: str, limits: DropLimits, now: datetime
) -> Job:
    """Make the entry of a dropped folder, going on where a dead worker stopped.

    Raises Refused when it is no job (nothing is changed then), OSError when the disk fails.
    """
    hold, _, base = intake.rpartition("/")
    job_id = base.removesuffix(INTAKE_SUFFIX)
    making = f"{intake}/{_MAKING}"
    dropped = [name for name in storage.names(intake) if name != _MAKING]
    job = _begun(storage, making)
    if job is None:
        if not dropped:
            raise Refused("not_a_job", f"its {ENVELOPE} is damaged")
        if len(dropped) > 1:
            raise Refused("not_plain", "there is a folder where a plain file is expected")
        with contextlib.suppress(OSError):
            storage.disk.rmdir(making)
        job = _compose(storage, f"{intake}/{dropped[0]}", limits, job_id, now)
        with contextlib.suppress(FileExistsError):
            storage.disk.mkdir(making)
        with storage.staged(worker, job.to_bytes()) as scratch:
            storage.disk.rename(scratch, f"{making}/{ENVELOPE}")
    if dropped:
        storage.disk.rename(f"{intake}/{dropped[0]}", f"{making}/{ATTACHMENTS}")
    _arrange(storage, making)
    storage.sync_tree(making)
    storage.disk.rename_new(making, f"{hold}/{entry_name(job_id, is_folder=True)}")
    storage.sync_once(hold)
    storage.disk.rmdir(intake)
    return job


def _compose(storage: Storage, folder: str, limits: DropLimits, job_id: str, now: datetime) -> Job:
    found = survey(storage, folder, limits)
    if found.refused is not None:
        raise found.refused
    check_readable(storage, folder, found)
    text = _read(storage, folder, request_file(found.files), limits.file_bytes)
    has_options = OPTIONS in found.files
    options = _read(storage, folder, OPTIONS, OPTIONS_LIMIT) if has_options else None
    name = folder.rpartition("/")[2]
    return compose_request(Request(name, text, options, found.files), job_id, now)


def _read(storage: Storage, folder: str, name: str, limit: int) -> bytes:
    try:
        return storage.read(f"{folder}/{name}", limit)
    except NotPlain as error:
        reason = "too_large" if isinstance(error, TooLarge) else "not_plain"
        raise Refused(reason, f"its {name} is {error}") from error


def _begun(storage: Storage, making: str) -> Job | None:
    """Return the job whose envelope a worker had made before it died."""
    try:
        return Job.from_bytes(storage.read(f"{making}/{ENVELOPE}"))
    except (FileNotFoundError, ValidationError, NotPlain):
        return None


def _arrange(storage: Storage, making: str) -> None:
    """Put request and options beside the envelope, and make room for what the work yields."""
    arranged = storage.names(making)
    attached = f"{making}/{ATTACHMENTS}"
    inside = [
        one for one in storage.names(attached) if not _is_folder(storage, f"{attached}/{one}")
    ]
    wanted = [] if set(REQUESTS).intersection(arranged) else [request_file(inside)]
    if OPTIONS in inside and OPTIONS not in arranged:
        wanted.append(OPTIONS)
    for name in wanted:
        try:
            storage.disk.rename(f"{attached}/{name}", f"{making}/{name}")
        except OSError as error:
            # Another user's file in a sticky folder stays there; the envelope holds its text.
            if error.errno not in _STUCK:
                raise
    if OUTPUTS not in arranged:
        storage.disk.mkdir(f"{making}/{OUTPUTS}")


def _is_folder(storage: Storage, path: str) -> bool:
    return stat.S_ISDIR(storage.disk.lstat(path).st_mode)
