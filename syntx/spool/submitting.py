"""Submitting a folder: a copy of it becomes the entry of a document job, by one rename.

::

    source/…  ── copied, flushed ──► .tmp/ME/N/{job.json, request.md, attachments/, outputs/}
    .tmp/ME/N ─────────────────────► incoming/ID
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

from syntx.errors import BadRequest, JobExists
from syntx.job import Job
from syntx.spool.dropped.arriving_folders import DropLimits, Survey, check_readable, survey
from syntx.spool.dropped.foreign import Refused, decode
from syntx.spool.dropped.intake import Taking
from syntx.spool.dropped.requests import OPTIONS, OPTIONS_LIMIT, Request, request_file
from syntx.spool.layout import ATTACHMENTS, ENVELOPE, INCOMING, OUTPUTS, Folders, entry_name
from syntx.spool.plain import NotPlain, check_plain
from syntx.spool.storage import Storage
from syntx.spool.syscalls import Disk

_COPY_SIZE = 1 << 20


def submit_folder(taking: Taking, room: Callable[[int], None], job: Job, source: str) -> str:
    """Let a copy of a folder wait as a document job; returns its name in `incoming/`.

    `room` raises SpoolFull when there is too little for so many bytes. Raises JobExists,
    BadRequest when the folder cannot be taken, OSError when the disk fails.
    """
    storage = taking.storage
    if taking.is_known(job.id):
        raise JobExists(f"{job.id} is already there")
    found = looked_through(storage, source, taking.limits)
    room(found.size)
    entry = storage.scratch_name(taking.worker)
    incoming, name = storage.folders.path(INCOMING), entry_name(job.id, is_folder=True)
    try:
        lay_out(storage, job, source, found, entry)
        if looked_through(storage, source, taking.limits).signature != found.signature:
            raise BadRequest(f"{source} changed while it was copied", fix="submit it again")
        storage.sync_tree(entry)
        storage.publish(entry, incoming, name)
    except FileExistsError as error:
        _drop(storage, entry)
        raise JobExists(f"{job.id} is already there") from error
    except (OSError, BadRequest):
        _drop(storage, entry)
        raise
    storage.sync_folder(incoming)
    return name


def read_request(source: Path, limits: DropLimits) -> Request:
    """Read what a folder asks for; raises BadRequest when it cannot be taken, OSError."""
    storage, folder = Storage(Disk(), Folders.at(source), durable=False), str(source.absolute())
    found = looked_through(storage, folder, limits)
    try:
        text = storage.read(f"{folder}/{request_file(found.files)}", limits.file_bytes)
        options = (
            storage.read(f"{folder}/{OPTIONS}", OPTIONS_LIMIT) if OPTIONS in found.files else None
        )
    except NotPlain as error:
        raise BadRequest(f"{source}: its request or its {OPTIONS} is {error}") from error
    return Request(source.name, text, options, found.files)


def looked_through(storage: Storage, source: str, limits: DropLimits) -> Survey:
    """Return what is in a folder; raises BadRequest when it cannot be taken as it is."""
    try:
        found = survey(storage, source, limits)
        if found.refused is not None:
            raise found.refused
        request_file(found.files)
        check_readable(storage, source, found)
    except Refused as refused:
        raise BadRequest(f"{source}: {refused.message}", fix=_fix(refused)) from refused
    return found


def _fix(refused: Refused) -> str:
    if refused.reason == "no_request":
        return "write what you ask for into request.md in it"
    return "put plain, readable files within the limits of queue.yaml in it"


def lay_out(storage: Storage, job: Job, source: str, found: Survey, entry: str) -> None:
    """Make the entry of a document job from a folder that was looked through (not flushed)."""
    request = request_file(found.files)
    storage.disk.mkdir(entry)
    for name in (ATTACHMENTS, OUTPUTS):
        storage.disk.mkdir(f"{entry}/{name}")
    for inside in _folders_of(found):
        storage.disk.mkdir(f"{entry}/{ATTACHMENTS}/{inside}")
    for inside, size in found.files.items():
        beside = "" if inside in (request, OPTIONS) else f"{ATTACHMENTS}/"
        _copy(storage, f"{source}/{inside}", f"{entry}/{beside}{inside}", size)
    if not _says(storage, f"{entry}/{request}", job.prompt):
        raise BadRequest(f"{source}/{request} changed meanwhile", fix="submit it again")
    storage.quietly_close(storage.write(f"{entry}/{ENVELOPE}", job.to_bytes()))


def _says(storage: Storage, request: str, prompt: str) -> bool:
    try:
        return decode(storage.read(request)) == prompt
    except (Refused, NotPlain):
        return False


def _folders_of(found: Survey) -> list[str]:
    """Return the folders that files lie in, each after the one it is in."""
    folders = {
        inside[:at] for inside in found.files for at, char in enumerate(inside) if char == "/"
    }
    return sorted(folders)


def _copy(storage: Storage, source: str, target: str, size: int) -> None:
    read = storage.disk.open(source, os.O_RDONLY | os.O_NONBLOCK)
    try:
        check_plain(storage.disk.fstat(read), size)
        write = storage.disk.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        try:
            _pour(storage, read, write, size)
        finally:
            storage.quietly_close(write)
    except NotPlain as error:
        raise BadRequest(f"{source} is {error}", fix="submit it again") from error
    finally:
        storage.quietly_close(read)


def _pour(storage: Storage, read: int, write: int, size: int) -> None:
    """Copy what is there, but no more than was seen: the file may be growing."""
    while size and (content := storage.disk.read(read, min(size, _COPY_SIZE))):
        size -= len(content)
        rest = memoryview(content)
        while rest:
            rest = rest[storage.disk.write(write, rest) :]


def _drop(storage: Storage, entry: str) -> None:
    with contextlib.suppress(OSError):
        storage.remove_tree(entry)
