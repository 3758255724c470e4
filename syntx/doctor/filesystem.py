"""Whether the queue's folders lie on one file system that can be written."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path

from syntx.doctor.calling import as_root
from syntx.doctor.report import Found, failed, ok, skipped
from syntx.doctor.subject import Subject
from syntx.spool.layout import FOLDERS


def look(subject: Subject) -> Iterator[Found]:
    """Give what lies elsewhere or cannot be written, with the line that changes it."""
    queue = subject.queue
    if not queue.is_dir():
        yield skipped(f"there is no queue in {queue} yet")
        return
    found = [*_elsewhere(queue), *_read_only((queue, subject.logs))]
    yield from found
    if not found:
        yield ok(f"all folders of {queue} lie on one file system that can be written")


def _elsewhere(queue: Path) -> Iterator[Found]:
    device = queue.stat().st_dev
    for name in FOLDERS:
        path = queue / name
        if path.exists() and path.stat().st_dev != device:
            text = (
                f"{path} lies on another file system than {queue}: "
                "no job can be moved there by a rename; stop the services before"
            )
            yield failed(text, _bring_home(path))


def _bring_home(path: Path) -> str:
    """Return the line that brings a folder with all in it to where its parent lies."""
    here = shlex.quote(str(path))
    if path.is_symlink():
        there = shlex.quote(str(path.resolve()))
        return as_root(f"rm -- {here} && mv -T -- {there} {here}")
    beside = shlex.quote(f"{path}.moved")
    return as_root(
        f"cp -aT -- {here} {beside} && umount -- {here} && rmdir -- {here} "
        f"&& mv -T -- {beside} {here}"
    )


def _read_only(folders: tuple[Path, ...]) -> Iterator[Found]:
    seen: set[Path] = set()
    for folder in folders:
        if not folder.exists() or not os.statvfs(folder).f_flag & os.ST_RDONLY:
            continue
        mount = _mount_of(folder)
        if mount not in seen:
            seen.add(mount)
            line = as_root(f"mount -o remount,rw -- {shlex.quote(str(mount))}")
            yield failed(f"the file system of {folder} is mounted read-only", line)


def _mount_of(path: Path) -> Path:
    found = path.resolve()
    while not os.path.ismount(found):
        found = found.parent
    return found
