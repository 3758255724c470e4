"""Reading a folder of the older system; nothing in it is changed, nothing is followed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from syntx.spool.dropped.foreign import printable
from syntx.spool.plain import NotPlain
from syntx.spool.storage import Storage

ENDED = ("processed", "error", "archive")
WAITING = ("incoming", "processing")

_ROLES = (("_response.txt", "answer"), (".txt", "text"), (".json", "metadata"))


@dataclass(frozen=True, slots=True)
class Found:
    """The files of one older job: their bytes by role (`text`, `metadata`, `answer`).

    `folder` is where they lie below the folder that is read, `state` the older folder's name
    (`incoming` … `archive`) where it has one of those.
    """

    stem: str
    folder: str
    state: str | None
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Where the job lies, for people."""
        return printable(f"{self.folder}/{self.stem}".lstrip("/"))


@dataclass(frozen=True, slots=True)
class Skipped:
    """What was not taken: where it lies, a short normalised reason, and words for people."""

    path: str
    reason: str
    message: str


def walk(root: Path, storage: Storage, limit: int) -> Iterator[Found | Skipped]:
    """Read all jobs below `root`, those that ended before those that wait.

    A file of more than `limit` bytes is passed over like everything else that is no plain file.
    """
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            names, inner = _listed(root / folder)
        except OSError as error:
            yield _unreadable(folder or ".", error)
            continue
        folders += [f"{folder}/{name}".lstrip("/") for name in reversed(_in_order(inner))]
        yield from _jobs(root, folder, names, storage, limit)


def state_of(root: Path, folder: str) -> str | None:
    """Return the older folder a job lies in, the innermost that has such a name."""
    names = [root.name, *Path(folder).parts]
    return next((name for name in reversed(names) if name in (*ENDED, *WAITING)), None)


def _in_order(names: list[str]) -> list[str]:
    return sorted(names, key=lambda name: (name in WAITING, name))


def _listed(folder: Path) -> tuple[list[str], list[str]]:
    """Return the names in a folder, and apart from them those of the folders to go into."""
    names, inner = [], []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                inner.append(entry.name)
            else:
                names.append(entry.name)
    return names, inner


def _jobs(
    root: Path, folder: str, names: list[str], storage: Storage, limit: int
) -> Iterator[Found | Skipped]:
    names.sort(key=lambda name: (_role(name)[0], name))
    state = state_of(root, folder)
    for stem, group in groupby(names, key=lambda name: _role(name)[0]):
        files: dict[str, str] = {}
        for name in group:
            role = _role(name)[1]
            if role is None:
                yield from _unfit(root, folder, name)
            elif role in files:
                yield Skipped(_shown(folder, name), "twice", "its name differs in case only")
            else:
                files[role] = name
        if files:
            yield _read(root, Found(stem, folder, state), files, storage, limit)


def _role(name: str) -> tuple[str, str | None]:
    """Return a name's stem, and its role among a job's files if it has one."""
    for ending, role in _ROLES:
        if name.lower().endswith(ending) and not name.startswith("."):
            return name[: -len(ending)], role
    return name, None


def _unfit(root: Path, folder: str, name: str) -> Iterator[Skipped]:
    """Tell of a file that is no older job's, unless it says nothing at all."""
    if not name.startswith("."):
        yield Skipped(_shown(folder, name), "unknown_type", "only .txt and .json are read")
    elif not _is_empty(root / folder / name):
        yield Skipped(_shown(folder, name), "hidden", "its name begins with a dot")


def _is_empty(path: Path) -> bool:
    """Whether this is an empty file, such as keeps a folder in version control."""
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size == 0


def _read(
    root: Path, found: Found, names: dict[str, str], storage: Storage, limit: int
) -> Found | Skipped:
    for role, name in names.items():
        try:
            path = str(root / found.folder / name)
            found.files[role] = storage.read(path, limit, links=None)
        except NotPlain as error:
            return Skipped(_shown(found.folder, name), "not_plain", str(error))
        except OSError as error:
            return _unreadable(f"{found.folder}/{name}", error)
    return found


def _unreadable(path: str, error: OSError) -> Skipped:
    return Skipped(_shown("", path), "unreadable", error.strerror or str(error))


def _shown(folder: str, name: str) -> str:
    return printable(f"{folder}/{name}".lstrip("/"))
