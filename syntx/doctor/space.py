"""Whether there are bytes and inodes enough for work to begin."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path

from syntx.doctor.calling import as_root
from syntx.doctor.logs import unpacked
from syntx.doctor.report import Found, failed, ok, skipped, warning
from syntx.doctor.subject import Subject
from syntx.spool.space import DiskState, Watermarks, disk_state


def look(subject: Subject) -> Iterator[Found]:
    """Give what there is too little of, or nearly so."""
    queue = subject.queue
    if not queue.is_dir():
        yield skipped(f"there is no queue in {queue} yet")
        return
    settings = subject.settings.queue
    marks = Watermarks(settings.min_free_bytes, settings.min_free_inodes)
    state = disk_state(queue)
    too_high = _too_high(queue, marks)
    shortage = state.shortage(marks)
    if shortage is not None and too_high is not None:
        yield failed(f"{queue}: {too_high}", subject.calling.line("config", "edit", "queue.yaml"))
    elif shortage is not None:
        text, line = _make_room(subject, state.free_bytes >= marks.bytes)
        yield failed(f"nothing new begins: {queue} has {shortage}; {text}", line)
    elif (scarce := _nearly(state, marks)) is not None:
        text, line = _make_room(subject, state.free_bytes >= 2 * marks.bytes)
        yield warning(f"{queue} has {scarce}; {text}", line)
    else:
        yield ok(f"{_told(state)} free for {queue}")


def _too_high(queue: Path, marks: Watermarks) -> str | None:
    """Say that a watermark can never be met, the disk being smaller."""
    found = os.statvfs(queue)
    size = found.f_blocks * found.f_frsize
    if size < marks.bytes:
        return f"min_free_bytes is {marks.bytes:,}, more than the disk's {size:,} in all"
    if 0 < found.f_files < marks.inodes:
        return f"min_free_inodes is {marks.inodes:,}, more than the disk's {found.f_files:,} in all"
    return None


def _nearly(state: DiskState, marks: Watermarks) -> str | None:
    return state.shortage(Watermarks(2 * marks.bytes, 2 * marks.inodes))


def _make_room(subject: Subject, for_inodes: bool) -> tuple[str, str]:
    """Return the line that frees space, or else the one that shows what takes it."""
    if subject.settings.system.logging.compress and unpacked(subject):
        return "logs of past months can be packed", subject.calling.line("logs", "pack")
    root = shlex.quote(str(subject.home.root))
    what = "--inodes" if for_inodes else "-ah"
    unit = "files" if for_inodes else "bytes"
    line = f"du -x {what} --max-depth=3 -- {root} | sort {'-n' if for_inodes else '-h'} | tail"
    return f"what takes the most {unit} is only shown by", as_root(line)


def _told(state: DiskState) -> str:
    size = f"{state.free_bytes / 1e9:,.1f} GB"
    return size if state.free_inodes is None else f"{size} and {state.free_inodes:,} inodes"
