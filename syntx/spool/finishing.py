"""The last rename of a job: from the holder's folder to where finished jobs lie."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from syntx.job import Job, Outcome
from syntx.spool.layout import ERROR, PROCESSED, Folders, bare_name, envelope_of
from syntx.spool.storage import Storage

Notice = Callable[[str, Mapping[str, object]], None]


def final_folder(folders: Folders, job_id: str, outcome: Outcome) -> str:
    """Return the folder a job of that outcome ends in."""
    return folders.day(PROCESSED if outcome == "passed" else ERROR, job_id)


def finish(storage: Storage, path: str, job: Job, notice: Notice) -> None:
    """Move a settled entry to its final folder; if one is there already, the first stands."""
    assert job.verdict is not None
    folder = final_folder(storage.folders, job.id, job.verdict.outcome)
    name = bare_name(path.rpartition("/")[2])
    if not path.endswith(".json"):
        # Who wrote the verdict into it may have died before flushing that it is there.
        storage.sync_entry(path)
    try:
        storage.publish(path, folder, name)
    except FileExistsError:
        set_aside(storage, path, f"{folder}/{name}", notice)
    storage.sync_folder(folder)


def set_aside(storage: Storage, path: str, first: str, notice: Notice) -> None:
    """Drop a second outcome that says the same as the first, or keep it as a conflict."""
    if _is_same(storage, path, first):
        _remove(storage, path)
        return
    job_id, dot_json, _ = first.rpartition("/")[2].partition(".json")
    folder = storage.folders.day(ERROR, job_id)
    name = f"{job_id}.conflict-{os.urandom(4).hex()}{dot_json}"
    storage.publish(path, folder, name)
    storage.sync_folder(folder)
    notice("settle_conflicted", {"job_id": job_id, "kept_as": f"{folder}/{name}"})


def _remove(storage: Storage, entry: str) -> None:
    if entry.endswith(".json"):
        return storage.disk.unlink(entry)
    # Out of the way in one step: half an entry must never be met.
    trash = f"{storage.folders.scratch(entry.split('/')[-2])}/same-{os.urandom(4).hex()}"
    storage.disk.rename(entry, trash)
    return storage.remove_tree(trash)


def _is_same(storage: Storage, path: str, first: str) -> bool:
    path, first = envelope_of(path), envelope_of(first)
    ours, theirs = storage.disk.lstat(path), storage.disk.lstat(first)
    if ours.st_ino == theirs.st_ino:
        return True
    return ours.st_size == theirs.st_size and storage.read(path, links=None) == storage.read(
        first, links=None
    )
