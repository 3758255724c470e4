"""Refusing: what is no job goes to `error/TODAY/ID.refused/` with a record that says why.

It lies in an intake folder by then. The record comes first, so that a rescue can finish what
was begun; then the bytes get safe names, and the folder is moved as one.
"""

from __future__ import annotations

import json
import re
import stat
from datetime import datetime
from typing import Any

from syntx.ids import new_id
from syntx.spool.dropped.foreign import Refused, printable
from syntx.spool.layout import ERROR, INTAKE_SUFFIX, REFUSED_SUFFIX
from syntx.spool.plain import NotPlain, describe
from syntx.spool.storage import Storage

RECORD = "refusal.json"
SCHEMA = "syntx.refusal/1"
_BEGUN = ".refusal.json"
_PREFIX = "dropped-"


def begun(storage: Storage, folder: str, names: list[str]) -> bool:
    """Whether an intake folder is one whose refusal was begun."""
    if _BEGUN in names:
        return True
    return RECORD in names and _record(storage, folder, RECORD).get("folder") == _id_of(folder)


def refuse(
    storage: Storage, worker: str, folder: str, refused: Refused, now: datetime
) -> tuple[str, list[str]]:
    """Move an intake folder to `error/` with its reason; returns where it lies, and what it was."""
    names = storage.names(folder)
    record = {
        "schema": SCHEMA,
        "folder": _id_of(folder),
        "refused_at": now.isoformat(),
        "reason": refused.reason,
        "message": refused.message,
        "found": [_describe(storage, folder, name, n) for n, name in enumerate(names, start=1)],
        "original": names,
    }
    with storage.staged(worker, json.dumps(record, indent=1).encode() + b"\n") as scratch:
        storage.disk.rename(scratch, f"{folder}/{_BEGUN}")
    return finish(storage, folder, now), [printable(name) for name in names]


def finish(storage: Storage, folder: str, now: datetime) -> str:
    """Do what is left of a refusal that was begun; returns where it lies now."""
    names = storage.names(folder)
    if _BEGUN in names:
        record = _record(storage, folder, _BEGUN)
        for original, found in zip(record["original"], record["found"], strict=True):
            if original in names:
                _secure(storage, f"{folder}/{original}", found["kept_as"], folder)
        storage.disk.rename(f"{folder}/{_BEGUN}", f"{folder}/{RECORD}")
    storage.sync_once(folder)
    return _publish(storage, folder, now)


def _publish(storage: Storage, folder: str, now: datetime) -> str:
    day = storage.folders.path(ERROR, now.strftime("%Y-%m-%d"))
    name = _id_of(folder) + REFUSED_SUFFIX
    try:
        storage.publish(folder, day, name)
    except FileExistsError:
        name = new_id(at=now) + REFUSED_SUFFIX
        storage.publish(folder, day, name)
    storage.sync_folder(day)
    return f"{day}/{name}"


def _secure(storage: Storage, path: str, kept_as: str | None, folder: str) -> None:
    if kept_as is None:
        storage.disk.unlink(path)
    else:
        storage.disk.rename(path, f"{folder}/{kept_as}")


def _describe(storage: Storage, folder: str, name: str, number: int) -> dict[str, Any]:
    found = storage.disk.lstat(f"{folder}/{name}")
    kept = stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)
    safe = re.sub(r"[^A-Za-z0-9._-]+", "_", name)[-100:]
    described = {
        "name": printable(name),
        "kind": describe(found.st_mode),
        "bytes": found.st_size,
        "kept_as": f"{_PREFIX}{number}-{safe}" if kept else None,
    }
    if stat.S_ISLNK(found.st_mode):
        described["target"] = printable(storage.disk.readlink(f"{folder}/{name}"))
    return described


def _record(storage: Storage, folder: str, name: str) -> dict[str, Any]:
    try:
        data = json.loads(storage.read(f"{folder}/{name}"))
    except (ValueError, NotPlain, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _id_of(folder: str) -> str:
    return folder.rpartition("/")[2].removesuffix(INTAKE_SUFFIX)
