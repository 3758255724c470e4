"""What large folders held when they were last counted, kept beside the queue.

Best effort: a file that cannot be read or written costs only time. A folder is known again by
its inode and by both its times of change; the kernel sets the second, so that nobody can put it
back.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from syntx.replacing import replace_file
from syntx.spool.layout import FRESH_NS

LARGE = 1_000
"""A folder with fewer names is counted anew each time."""

_FILE = Path(".state", "counts.json")


class Tally(NamedTuple):
    """What a folder held: jobs, refused things, and the smallest name of a job (if it matters)."""

    jobs: int = 0
    refused: int = 0
    oldest: str = ""


class CountsCache:
    """The tallies of one queue's folders; `keep` writes down what was counted anew."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known = _read(root / _FILE)
        self._seen: dict[str, Any] = {}

    def tally(self, folder: str, count: Callable[[Iterator[str]], Tally]) -> Tally:
        """Return what a folder below the root holds, counting it only if it may have changed."""
        try:
            found = os.stat(self._root / folder)
            marks = [found.st_ino, found.st_mtime_ns, found.st_ctime_ns]
            known = self._known.get(folder)
            if known is not None and known[0] == marks:
                self._seen[folder] = known
                return Tally(*known[1])
            settled = time.time_ns() - max(marks[1:]) > FRESH_NS
            with os.scandir(self._root / folder) as entries:
                tally = count(entry.name for entry in entries)
        except (FileNotFoundError, NotADirectoryError):
            return Tally()
        if settled and tally.jobs + tally.refused >= LARGE:
            self._seen[folder] = [marks, list(tally)]
        return tally

    def keep(self) -> None:
        """Write down what was counted, unless nothing is new or nothing may be written."""
        if self._seen == self._known:
            return
        file = self._root / _FILE
        with suppress(OSError):
            # A folder of another user than the service's would be in its way.
            if os.stat(self._root).st_uid == os.geteuid():
                file.parent.mkdir(mode=0o750, exist_ok=True)
            replace_file(file, json.dumps(self._seen).encode(), flush=False)


def _read(file: Path) -> dict[str, Any]:
    damaged = (ValueError, TypeError, AttributeError, OverflowError, RecursionError)
    with suppress(OSError, *damaged):
        text = json.loads(file.read_text(encoding="utf-8"))
        return {folder: [[*marks], _checked(*tally)] for folder, (marks, tally) in text.items()}
    return {}


def _checked(jobs: Any, refused: Any, oldest: Any) -> list[Any]:
    return [int(jobs), int(refused), str(oldest)]
