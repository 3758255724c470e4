"""Whether the clock can be believed: what is dated in the future, and whether it is kept right."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from syntx.doctor.calling import as_root
from syntx.doctor.report import Found, ok, warning
from syntx.doctor.subject import Subject, systemd_runs
from syntx.spool.layout import INCOMING

AHEAD_SECONDS = 60
"""What is dated so far in the future was dated by a clock that was wrong."""

_BEHIND_SECONDS = 86_400
_MOST = 10_000
_SET_CLOCK = "timedatectl set-ntp true"


def look(subject: Subject) -> Iterator[Found]:
    """Give what is dated in the future, and a clock that nothing keeps right."""
    found = [*_future_files(subject), *_behind(), *_unkept()]
    yield from found
    if not found:
        yield ok("nothing is dated in the future")


def _future_files(subject: Subject) -> Iterator[Found]:
    home = subject.home
    folders = (home.config, home.models, subject.wrappers, subject.logs, subject.queue / INCOMING)
    limit = time.time() + AHEAD_SECONDS
    hit = [(folder, count) for folder in folders if (count := _dated_after(folder, limit))]
    if hit:
        number = sum(count for _, count in hit)
        what = "1 file is" if number == 1 else f"{number} files are"
        where = ", ".join(str(folder) for folder, _ in hit)
        paths = shlex.join(str(folder) for folder, _ in hit)
        line = f"find {paths} -maxdepth 1 -type f -newermt now -exec touch -c -- {{}} +"
        text = f"{what} dated in the future in {where}: the clock was ahead"
        yield warning(text, subject.calling.as_owner(line))


def _dated_after(folder: Path, limit: float) -> int:
    with suppress(OSError), os.scandir(folder) as entries:
        return sum(_is_after(entry, limit) for entry in islice(entries, _MOST))
    return 0


def _is_after(entry: os.DirEntry[str], limit: float) -> bool:
    with suppress(OSError):
        return (
            entry.is_file(follow_symlinks=False)
            and entry.stat(follow_symlinks=False).st_mtime > limit
        )
    return False


def _behind() -> Iterator[Found]:
    """Give a clock that shows a time before this program was put here."""
    installed = Path(__file__).stat().st_mtime
    if time.time() < installed - _BEHIND_SECONDS:
        now = time.strftime("%Y-%m-%d %H:%M", time.gmtime())
        yield warning(f"the clock says {now} UTC, before syntx was installed", as_root(_SET_CLOCK))


def _unkept() -> Iterator[Found]:
    program = shutil.which("timedatectl")
    if program is None or not systemd_runs():
        return
    asked = [program, "show", "--property=NTP", "--property=NTPSynchronized"]
    with suppress(OSError, subprocess.TimeoutExpired):
        told = subprocess.run(asked, capture_output=True, text=True, timeout=5, check=False).stdout
        if "NTP=no" in told.splitlines() and "NTPSynchronized=no" in told.splitlines():
            yield warning("nothing keeps the clock right", as_root(_SET_CLOCK))
