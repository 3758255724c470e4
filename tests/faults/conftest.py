"""A disk whose call k fails, or whose process dies there, and what must hold afterwards."""

from __future__ import annotations

import errno
import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from crowd import Crowd
from loading import Load

from syntx.errors import ConfigError, SpoolError
from syntx.job import Job
from syntx.spool.files import FileSpool
from syntx.spool.layout import INTAKE_SUFFIX, envelope_of, parse_entry
from syntx.spool.opening import SpoolOptions
from syntx.spool.syscalls import Disk

CALLS = [name for name, call in vars(Disk).items() if callable(call) and name[0] != "_"]
ERRORS = {"EIO": errno.EIO, "ENOSPC": errno.ENOSPC, "EACCES": errno.EACCES}
SHORT = ("short write", "full midway")
"""Faults that only a write can have."""


class Killed(BaseException):
    """The process is gone: nothing it would do afterwards happens."""


class FaultyDisk(Disk):
    """Counts the calls while armed, and fails or dies at the one it was told to."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.fault: str | None = None
        self.at = -1
        self.armed = False
        self.dead = False
        self.descriptors: set[int] = set()

    def arm(self, at: int = -1, fault: str | None = None) -> None:
        """Start counting; let call `at` go wrong."""
        self.at, self.fault, self.armed = at, fault, True

    def die(self) -> None:
        """Close what the dead process had open, as the kernel would."""
        self.armed = False
        self.dead = True
        for fd in self.descriptors:
            os.close(fd)
        self.descriptors.clear()

    def through(self, name: str, call: Callable[..., Any], *args: Any) -> Any:
        """Make one call, or let it go wrong."""
        if self.dead:
            raise Killed
        if not self.armed:
            return call(*args)
        self.calls.append(name)
        if len(self.calls) - 1 != self.at:
            return call(*args)
        if self.fault in SHORT:
            return self._cut_short(call, *args)
        if self.fault in ERRORS:
            if name == "close":
                call(*args)
            raise OSError(ERRORS[self.fault], os.strerror(ERRORS[self.fault]), str(args[0]))
        self.armed, self.dead = False, True
        if self.fault == "killed after":
            call(*args)
        raise Killed

    def _cut_short(self, call: Callable[..., Any], fd: int, data: memoryview) -> Any:
        """Write half; the next write goes on, or meets a full disk."""
        if self.fault == "full midway":
            self.at, self.fault = len(self.calls), "ENOSPC"
        return call(fd, data[: len(data) // 2])


def _faulty(name: str) -> Callable[..., Any]:
    def call(self: FaultyDisk, *args: Any, **kwargs: Any) -> Any:
        real = _nothing if name in ("fsync", "syncfs") else getattr(Disk, name)

        def through(*given: Any) -> Any:
            if name == "close":
                self.descriptors.discard(given[0])
            result = real(self, *given, **kwargs)
            if name == "open":
                self.descriptors.add(result)
            return result

        return self.through(name, through, *args)

    return call


def _nothing(*_: Any) -> None:
    """Stand in for a flush, which costs time and proves nothing here."""


for _name in CALLS:
    setattr(FaultyDisk, _name, _faulty(_name))


@dataclass
class Bench:
    """One spool on a faulty disk, and the look at what is left of it."""

    root: Path
    disk: FaultyDisk = field(default_factory=FaultyDisk)
    seconds: float = 1_000.0
    done: bool = False

    def options(self) -> SpoolOptions:
        """Return options that need neither events nor waiting."""
        return SpoolOptions(
            watch=False, settle_seconds=0, max_rescues=1, monotonic=lambda: self.seconds
        )

    def open(self) -> FileSpool:
        """Open a spool on the disk that will fail."""
        return FileSpool.open(self.root, self.options(), disk=self.disk)

    @contextmanager
    def going_wrong(self, at: int, fault: str | None) -> Iterator[None]:
        """Let call `at` inside the block go wrong, and the process end there if it is killed."""
        self.disk.arm(at, fault)
        try:
            yield
        except (SpoolError, ConfigError, Killed):
            self.done = False
        else:
            self.done = True
        self.disk.armed = False
        if fault is not None and fault.startswith("killed"):
            self.disk.die()

    def fresh(self) -> FileSpool:
        """Open a spool as another process would after the fault."""
        return FileSpool.open(self.root, self.options(), disk=FaultyDisk())

    async def recovered(self) -> dict[str, list[tuple[str, Job]]]:
        """Let a fresh process rescue; returns the jobs by ID, with the places they are in."""
        async with self.fresh() as spool:
            await spool.rescue()
            await spool.rescue()
            others = [name for name in os.listdir(self.root / ".tmp") if name != spool.worker]
            assert others == [], "scratch folders are left"
            assert os.listdir(self.root / ".tmp" / spool.worker) == []
            assert os.listdir(self.root / "processing") == [spool.worker]
            assert os.listdir(self.root / "processing" / spool.worker) == []
        return self.jobs()

    def jobs(self) -> dict[str, list[tuple[str, Job]]]:
        """Return every job on disk with the places it is in; each must be whole."""
        found: dict[str, list[tuple[str, Job]]] = {}
        for folder, inside, names in os.walk(self.root):
            assert not folder.endswith(INTAKE_SUFFIX)
            for name in (*names, *inside):
                entry = parse_entry(name.partition("~")[2] or name)
                if entry is not None and ".refused" not in folder:
                    place = Path(folder).relative_to(self.root).parts[0]
                    job = Job.from_bytes(Path(envelope_of(f"{folder}/{name}")).read_bytes())
                    found.setdefault(entry.id, []).append((place, job))
        return found


@pytest.fixture
def bench(tmp_path: Path) -> Callable[[], Bench]:
    """Make as many independent spools as a test needs."""
    numbers = iter(range(10_000))
    return lambda: Bench(tmp_path / str(next(numbers)) / "queue")


@pytest.fixture
def crowd(tmp_path: Path) -> Iterator[Crowd]:
    """Nobody yet on an empty queue, with a log beside it."""
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    crowd = Crowd(Load(tmp_path / "queue", tmp_path / "log", seed=seed))
    yield crowd
    crowd.close()
