"""Whether the home's owner may read and write what the services do, judged by mode and owner."""

from __future__ import annotations

import os
import pwd
import shlex
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from syntx.doctor.calling import as_root, user_name
from syntx.doctor.reading import SHAPES, wrapper_files
from syntx.doctor.report import Found, failed, ok, warning
from syntx.doctor.subject import Subject
from syntx.spool.layout import FOLDERS, INCOMING, PROCESSING

MOST_LOOKED_AT = 1_000
"""So many names of a folder are looked at."""

_MANY = 5
"""From so many in one folder on, the folder as a whole is mended."""
_READ, _WRITE, _ENTER = 4, 2, 1


@dataclass(frozen=True, slots=True)
class Need:
    """A path and what must be allowed there: read 4, write 2, enter 1.

    Where `folder` is given, that is mended as a whole: names in it are anybody's choice.
    """

    path: Path
    bits: int
    folder: Path | None = None


def allows(found: os.stat_result, uid: int, gids: frozenset[int], bits: int) -> bool:
    """Whether mode and owner let a user do that; root is judged like anybody else."""
    mode = found.st_mode
    if found.st_uid == uid:
        mode >>= 6
    elif found.st_gid in gids:
        mode >>= 3
    return mode & bits == bits


def look(subject: Subject) -> Iterator[Found]:
    """Give what the owner may not do, what others may, and which folders are missing."""
    missing = list(_missing(subject))
    denied = list(_denied(subject))
    open_to_all = list(_open_to_all(subject))
    yield from missing
    if denied:
        name = user_name(subject.calling.owner) or str(subject.calling.owner)
        text = f"{name} may not use {_some(denied)} as the services have to"
        yield failed(text, _allow(subject, denied))
    if open_to_all:
        paths = shlex.join(map(str, open_to_all))
        text = f"every user may change {_some(open_to_all)}"
        yield warning(text, as_root(f"chmod o-w -- {paths}"))
    if not missing and not denied and not open_to_all:
        name = user_name(subject.calling.owner) or str(subject.calling.owner)
        yield ok(f"{name} may read and write what the services have to")


def _missing(subject: Subject) -> Iterator[Found]:
    for path in (subject.queue / INCOMING, subject.logs):
        if path.is_dir():
            continue
        line = subject.calling.as_owner(f"mkdir -p -- {shlex.quote(str(path))}")
        wrong = next((each for each in (path, *path.parents) if _is_no_folder(each)), None)
        if wrong is None:
            yield warning(f"there is no folder {path}", line)
        else:
            aside = shlex.join(["mv", "--", str(wrong), f"{wrong}.aside"])
            text = f"{wrong} is in the way of the folder {path}"
            yield failed(text, f"{subject.calling.as_owner(aside)} && {line}")


def _is_no_folder(path: Path) -> bool:
    return os.path.lexists(path) and not path.is_dir()


def _denied(subject: Subject) -> list[Path]:
    uid = subject.calling.owner
    gids = _groups(uid, subject.home.root.stat().st_gid)
    found = []
    for need in _needs(subject):
        try:
            state = need.path.stat()
        except OSError:
            continue
        if not allows(state, uid, gids, need.bits):
            found.append(need.folder or need.path)
    return _gathered(found)


def _groups(uid: int, gid: int) -> frozenset[int]:
    try:
        user = pwd.getpwuid(uid)
    except KeyError:
        return frozenset((gid,))
    return frozenset(os.getgrouplist(user.pw_name, user.pw_gid))


def _needs(subject: Subject) -> Iterator[Need]:
    home = subject.home
    for folder in (home.root, home.config, home.models, subject.wrappers):
        yield Need(folder, _READ | _ENTER)
    models = [api.file for api in subject.found.apis]
    broken = [problem.file for problem in subject.found.problems]
    settings = [home.config / name for name in SHAPES]
    for path in {*settings, *models, *broken, *wrapper_files(subject.wrappers)}:
        yield Need(path, _READ | _ENTER if path.is_dir() else _READ)
    yield from _needs_of_queue(subject.queue)
    yield Need(subject.logs, _READ | _WRITE | _ENTER)
    for path in _inside(subject.logs):
        if path.is_file():
            yield Need(path, _READ | _WRITE)


def _needs_of_queue(queue: Path) -> Iterator[Need]:
    everything = _READ | _WRITE | _ENTER
    folders = [queue, queue / ".state", *(queue / name for name in FOLDERS)]
    yield from (Need(path, everything) for path in folders)
    for folder in folders[2:]:
        if folder.name != INCOMING:
            yield from (Need(path, everything) for path in _inside(folder) if path.is_dir())
    for path in _inside(queue / ".state"):
        yield Need(path, _READ | _WRITE)
    for folder in (queue / INCOMING, *_inside(queue / PROCESSING)):
        for path in _inside(folder):
            yield Need(path, everything if path.is_dir() else _READ, folder)


def _inside(folder: Path) -> list[Path]:
    """Return the first names in a folder that are no links."""
    try:
        with os.scandir(folder) as entries:
            return [
                Path(entry.path)
                for entry in islice(entries, MOST_LOOKED_AT)
                if not entry.is_symlink()
            ]
    except OSError:
        return []


def _gathered(paths: Iterable[Path]) -> list[Path]:
    """Return the paths, a folder in place of many of its own."""
    unique = list(dict.fromkeys(paths))
    many = {folder for folder, count in Counter(p.parent for p in unique).items() if count > _MANY}
    return list(dict.fromkeys(path.parent if path.parent in many else path for path in unique))


def _allow(subject: Subject, paths: list[Path]) -> str:
    found = subject.home.root.stat()
    owner = f"{user_name(found.st_uid) or found.st_uid}:{found.st_gid}"
    quoted = shlex.join(map(str, paths))
    modes = f"chmod -R u+rwX -- {quoted}"
    if all(path.stat().st_uid == found.st_uid for path in paths):
        return subject.calling.as_owner(modes)
    return as_root(f"chown -hR {owner} -- {quoted} && {modes}")


def _open_to_all(subject: Subject) -> list[Path]:
    home = subject.home
    folders = (home.root, home.config, home.models, subject.wrappers, subject.logs, subject.queue)
    files = [
        *(home.config / name for name in SHAPES),
        *(api.file for api in subject.found.apis),
        *wrapper_files(subject.wrappers),
    ]
    return [path for path in (*folders, *files) if _is_open(path)]


def _is_open(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return bool(mode & stat.S_IWOTH) and not mode & stat.S_ISVTX


def _some(paths: list[Path]) -> str:
    shown = ", ".join(map(str, paths[:3]))
    return shown if len(paths) <= 3 else f"{shown} and {len(paths) - 3} more"
