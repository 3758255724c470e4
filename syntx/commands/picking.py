"""Which of the jobs that ended an operator means: beginnings of IDs, shell globs, or all."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from syntx.commands.reasons import reason_of, told
from syntx.spool.layout import ARCHIVE, DISCARDED, ERROR, REFUSED_SUFFIX, parse_entry

ALL = "all"
MOST_READ = 2_000
"""So many jobs are opened at most to tell what they failed for."""

_CONFLICT = re.compile(r"(.+)\.conflict-[0-9a-f]+(?:\.json)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Ended:
    """Something that lies in a day folder; `name` is what the spool's verbs take."""

    name: str
    id: str
    path: Path

    @property
    def is_job(self) -> bool:
        """Whether it is a job, and no refused file or second outcome."""
        return self.name == self.id


def ended(root: Path) -> list[Ended]:
    """Return what lies in a queue's `error/`, oldest day first."""
    return list(_below(root / ERROR))


def discarded(root: Path) -> list[Ended]:
    """Return what was discarded from a queue."""
    return list(_below(root / ARCHIVE / DISCARDED))


def pick(found: Iterable[Ended], patterns: Sequence[str]) -> list[Ended]:
    """Return what at least one pattern means."""
    return [one for one in found if any(is_meant(one, pattern) for pattern in patterns)]


def is_meant(one: Ended, pattern: str) -> bool:
    """Whether a pattern means this: `all`, a shell glob, or the beginning of its ID or name."""
    if pattern == ALL:
        return True
    names = (one.id, one.name, one.path.name)
    if any(sign in pattern for sign in "*?["):
        return any(fnmatchcase(name, pattern) for name in names)
    return bool(pattern) and any(name.startswith(pattern) for name in names)


def is_exact(picked: Sequence[Ended], patterns: Sequence[str]) -> bool:
    """Whether one single thing was named in full, so that nobody need be asked."""
    return len(picked) == len(patterns) == 1 and patterns[0] in (
        picked[0].name,
        picked[0].path.name,
    )


def contents(found: Sequence[Ended]) -> str:
    """Say in words what is there, jobs by the reason they failed for."""
    jobs = [one for one in found if one.is_job]
    parts = [told(Counter(reason_of(one.path) for one in jobs[:MOST_READ]))] * bool(jobs)
    if len(jobs) > MOST_READ:
        parts.append(f"{len(jobs) - MOST_READ} more")
    refused = sum(one.name.endswith(REFUSED_SUFFIX) for one in found)
    others = len(found) - len(jobs) - refused
    parts += [f"{refused} refused files"] * bool(refused)
    parts += [f"{others} second outcomes"] * bool(others)
    return ", ".join(parts) or "nothing"


def _below(folder: Path) -> Iterator[Ended]:
    for day in _listed(folder):
        for name in _listed(folder / day):
            path = folder / day / name
            entry = parse_entry(name)
            conflict = _CONFLICT.fullmatch(name)
            if entry is not None:
                yield Ended(entry.id, entry.id, path)
            elif name.endswith(REFUSED_SUFFIX):
                yield Ended(name, name.removesuffix(REFUSED_SUFFIX), path)
            elif conflict is not None:
                yield Ended(name, conflict[1], path)


def _listed(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return []
