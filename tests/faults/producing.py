"""A producer that tells each promise after the call that made it returned."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import random
from datetime import UTC, datetime
from pathlib import Path

from loading import Load, attachment_of, is_left_alone, prompt_of
from telling import Log

from syntx.ids import new_ids
from syntx.job import Job
from syntx.spool.files import FileSpool


class Producer:
    """Submits alone and in groups, and drops pairs and folders."""

    def __init__(self, load: Load, spool: FileSpool, log: Log) -> None:
        self._load, self._spool, self._log = load, spool, log
        self._random = random.Random(load.seed)
        self._numbers = itertools.count()

    async def run(self) -> None:
        """Produce until there are enough, or for ever."""
        made = 0
        while not self._load.count or made < self._load.count:
            if is_left_alone():
                return
            kind = self._random.random()
            if kind < 0.1:
                self._drop_pair() if kind < 0.06 else self._drop_folder()
                made += 1
            else:
                made += await self._submit(1 if kind < 0.7 else self._random.randint(2, 12))
            await asyncio.sleep(0 if self._load.count else self._random.random() * 0.02)

    async def _submit(self, count: int) -> int:
        now = datetime.now(UTC)
        ids = new_ids([(None, None)] * count, at=now)
        jobs = [Job(id=one, created_at=now, prompt=prompt_of(one)) for one in ids]
        await self._spool.submit(jobs)
        self._log.tell("submitted", " ".join(ids))
        return count

    def _drop_pair(self) -> None:
        """Drop a prompt with its metadata, the .json first, both renamed in."""
        name = self._new_name("pair")
        beside = _beside(self._load.root)
        _write_flushed(beside / f"{name}.json", json.dumps({"topic": name, "style": "sachlich"}))
        _write_flushed(beside / f"{name}.txt", prompt_of(name))
        self._move_in(f"{name}.json", f"{name}.txt")
        self._log.tell("dropped", name)

    def _drop_folder(self) -> None:
        """Drop a request with an attachment, as one folder."""
        name = self._new_name("folder")
        folder = _beside(self._load.root) / name
        folder.mkdir()
        _write_flushed(folder / "request.md", prompt_of(name))
        _write_flushed(folder / "data.csv", attachment_of(name))
        _flush(folder)
        self._move_in(name)
        self._log.tell("dropped", name)

    def _new_name(self, kind: str) -> str:
        return f"{kind}-{os.getpid()}-{self._load.seed}-{next(self._numbers)}"

    def _move_in(self, *names: str) -> None:
        incoming = self._load.root / "incoming"
        for name in names:
            os.rename(_beside(self._load.root) / name, incoming / name)
        _flush(incoming)


def _beside(root: Path) -> Path:
    """Return a folder on the same file system, to finish files in before they are moved in."""
    folder = root.with_name("beside")
    folder.mkdir(exist_ok=True)
    return folder


async def produce(load: Load, spool: FileSpool, log: Log) -> None:
    """Be a producer."""
    await Producer(load, spool, log).run()


def _write_flushed(path: Path, content: str) -> None:
    with path.open("w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
        # Once XFS has shut down it flushes a folder without effect and without an error.
        os.fstat(fd)
    finally:
        os.close(fd)
