"""Discarding what lies in `error/`, and bringing it back: one rename each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from syntx.ids import day_of, is_job_id
from syntx.spool import finding
from syntx.spool.contract import Moved
from syntx.spool.failures import FlushFailed
from syntx.spool.layout import ARCHIVE, DISCARDED, ERROR, entry_name
from syntx.spool.storage import Storage

_BIN = f"{ARCHIVE}/{DISCARDED}"

_AT_ONCE = 256
"""So many renames share their flushes."""


def discard(storage: Storage, names: Sequence[str]) -> Moved:
    """Move jobs and refusals from `error/` to `archive/discarded/`, flushed.

    A name is a job's ID, or the name a refusal or a second outcome has in `error/`. Raises
    OSError when a flush fails.
    """
    storage.make_folder(storage.folders.path(_BIN))
    return _move(storage, names, ERROR, _BIN, "something of that name is discarded already")


def restore(storage: Storage, names: Sequence[str]) -> Moved:
    """Move what was discarded back to `error/`, flushed; raises OSError when a flush fails."""
    return _move(storage, names, _BIN, ERROR, "something of that name lies there again")


def find_ended(storage: Storage, state: str, names: Sequence[str]) -> dict[str, str]:
    """Return where each of the names lies below a state's day folders; missing ones are left out.

    A job lies in the folder of its day; for anything else all days are listed, once.
    """
    found = {name: path for name in names if (path := _of_its_day(storage, state, name))}
    others = {name for name in names if name not in found and not is_job_id(name)}
    if others:
        found |= {name: path for name, path in _everything(storage, state) if name in others}
    return found


def is_discarded(storage: Storage, job_id: str) -> bool:
    """Whether an operator discarded the job of that ID."""
    return _of_its_day(storage, _BIN, job_id) is not None


def elsewhere(storage: Storage, names: Sequence[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """Tell names that nothing is found under from jobs that are in another state."""
    missing: list[str] = []
    stayed: list[tuple[str, str]] = []
    for name in names:
        state = finding.locate(storage, name) if is_job_id(name) else None
        if state is None:
            missing.append(name)
        else:
            stayed.append((name, f"it is in {state}"))
    return missing, stayed


def _of_its_day(storage: Storage, state: str, name: str) -> str | None:
    if not is_job_id(name):
        return None
    for is_folder in (False, True):
        entry = entry_name(name, is_folder=is_folder)
        path = storage.folders.path(state, day_of(name), entry)
        if storage.exists(path):
            return path
    return None


def _everything(storage: Storage, state: str) -> Iterator[tuple[str, str]]:
    for day in storage.names(storage.folders.path(state)):
        for name in storage.names(storage.folders.path(state, day)):
            yield name, storage.folders.path(state, day, name)


def _move(storage: Storage, names: Sequence[str], source: str, target: str, taken: str) -> Moved:
    found = find_ended(storage, source, names)
    moved: list[str] = []
    missing, stayed = elsewhere(storage, [name for name in names if name not in found])
    paths = list(found.items())
    for start in range(0, len(paths), _AT_ONCE):
        folders: set[str] = set()
        for name, path in paths[start : start + _AT_ONCE]:
            day, _, entry = path.rpartition("/")
            folder = storage.folders.path(target, day.rpartition("/")[2])
            try:
                storage.publish(path, folder, entry)
            except FlushFailed:
                raise
            except FileExistsError:
                stayed.append((name, taken))
            except FileNotFoundError:
                missing.append(name)
            except OSError as error:
                stayed.append((name, error.strerror or str(error)))
            else:
                moved.append(name)
                folders.add(folder)
        for folder in sorted(folders):
            storage.sync_folder(folder)
    return Moved(tuple(moved), tuple(missing), tuple(stayed))
