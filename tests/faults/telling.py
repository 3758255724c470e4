"""The log of what was promised: written by the workers under test, read as a story.

Each line is one write to a file outside the queue, opened for appending, so that the lines of
all processes stand in the order they were written, whoever is killed meanwhile.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

_LINE = re.compile(r"(\d+) (\w+) (.*) ;")

KILLED = "killed"
"""Told by who is about to kill, so that nobody can be rescued before it is told."""
CUTTING, CUT = "cutting", "cut"
"""Told before the power is cut, and when nobody lives any more."""


class Log:
    """The writing end, one in each process."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC)

    def tell(self, word: str, key: str = "-", *, pid: int | None = None) -> None:
        """Say that something happened to `key`."""
        # A kill can tear a line; the newline in front keeps the next one whole.
        line = f"\n{pid or os.getpid()} {word} {key} ;\n"
        os.write(self._fd, line.encode())

    def close(self) -> None:
        """Close the file."""
        os.close(self._fd)


@dataclass(slots=True)
class Story:
    """What the log tells: the promises, and what their order shows to be wrong."""

    submitted: set[str] = field(default_factory=set)
    dropped: set[str] = field(default_factory=set)
    archived: set[str] = field(default_factory=set)
    settled: Counter[str] = field(default_factory=Counter)
    retried: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    """Jobs held by two or settled twice, and what failed though the power was there."""
    _owners: dict[str, int] = field(default_factory=dict)
    _dead: set[int] = field(default_factory=set)
    _is_cut: bool = False

    def take(self, pid: int, word: str, key: str) -> None:
        """Go on by one line."""
        self.words[word] += 1
        deed = getattr(self, f"_{word}", None)
        if deed is not None:
            deed(pid, key)

    def _born(self, pid: int, key: str) -> None:
        self._dead.discard(pid)
        self._owners = {job: owner for job, owner in self._owners.items() if owner != pid}

    def _submitted(self, pid: int, key: str) -> None:
        self.submitted.update(key.split())

    def _dropped(self, pid: int, key: str) -> None:
        self.dropped.add(key)

    def _held(self, pid: int, key: str) -> None:
        if key in self.settled:
            self.faults.append(f"{key} was held by {pid} after it was settled")
        owner = self._owners.get(key)
        if owner is not None and owner not in self._dead:
            self.faults.append(f"{key} was held by {owner} and {pid} at the same time")
        self._owners[key] = pid

    def _leaving(self, pid: int, key: str) -> None:
        self._owners.pop(key, None)

    def _settled(self, pid: int, key: str) -> None:
        self.settled[key] += 1
        if self.settled[key] > 1:
            self.faults.append(f"{key} was settled twice")

    def _retried(self, pid: int, key: str) -> None:
        self.retried[key] += 1

    def _archived(self, pid: int, key: str) -> None:
        self.archived.add(key)

    def _killed(self, pid: int, key: str) -> None:
        self._dead.add(pid)

    def _closing(self, pid: int, key: str) -> None:
        self._dead.add(pid)

    def _cutting(self, pid: int, key: str) -> None:
        self._is_cut = True

    def _cut(self, pid: int, key: str) -> None:
        self._is_cut = False
        self._owners.clear()

    def _failed(self, pid: int, key: str) -> None:
        if not self._is_cut:
            self.faults.append(f"{pid} failed: {key}")


Line = tuple[int, str, str]
"""Who told it, the word, and what it is about."""


class Reader:
    """The reading end: gives what was told since the last look, from `offset` on."""

    def __init__(self, path: Path, offset: int = 0) -> None:
        self._path = path
        self._offset = offset
        self._rest = b""

    def read(self) -> list[Line]:
        """Return the whole lines that are new."""
        with self._path.open("rb") as file:
            file.seek(self._offset)
            new = file.read()
        self._offset += len(new)
        *whole, self._rest = (self._rest + new).split(b"\n")
        found = map(_LINE.fullmatch, (line.decode() for line in whole))
        return [(int(match[1]), match[2], match[3]) for match in found if match]


def story_of(path: Path) -> Story:
    """Read the log from its beginning."""
    story = Story()
    for line in Reader(path).read():
        story.take(*line)
    return story
