"""What the spool is measured against: the bare calls, and other durable queues.

Each peer does one job per `cycle()`: put, claim, acknowledge, at the durability it says.
"""

from __future__ import annotations

import importlib.util
import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from syntx.spool.syscalls import Disk

PACKAGES = {
    "dirq": "dirq",
    "persistqueue": "persist-queue",
    "litequeue": "litequeue",
    "huey": "huey",
}


@dataclass(frozen=True)
class Peer:
    """A queue, how to open it in a folder, and whether its promises survive a power cut."""

    name: str
    durable: bool
    open: Callable[[Path, bytes], Callable[[], None]]
    package: str | None = None

    @property
    def missing(self) -> bool:
        """Whether its package is not installed."""
        return self.package is not None and importlib.util.find_spec(self.package) is None


class Floor:
    """The system calls of one job in bare Python, and nothing else."""

    def __init__(self, folder: Path, data: bytes, *, durable: bool = True) -> None:
        self._data = data
        self._result = data + b" " * 420
        self._rename_new = Disk().rename_new
        self._durable = durable
        self._number = 0
        self._paths = [str(folder / name) for name in ("tmp", "incoming", "held", "done")]
        for path in self._paths:
            os.mkdir(path)
        self._incoming = os.open(self._paths[1], os.O_RDONLY)
        self._done = os.open(self._paths[3], os.O_RDONLY)

    def cycle(self) -> None:
        """Submit, claim and settle one job."""
        tmp, incoming, held, done = self._paths
        self._number += 1
        name = f"{self._number:012}"
        self._write(f"{tmp}/{name}", self._data)
        self._rename_new(f"{tmp}/{name}", f"{incoming}/{name}")
        self._flush(self._incoming)
        os.rename(f"{incoming}/{name}", f"{held}/{name}")
        fd = os.open(f"{held}/{name}", os.O_RDONLY)
        os.read(fd, 1 << 20)
        os.close(fd)
        self._write(f"{tmp}/{name}", self._result)
        os.rename(f"{tmp}/{name}", f"{held}/{name}")
        self._rename_new(f"{held}/{name}", f"{done}/{name}")
        self._flush(self._done)

    def _write(self, path: str, data: bytes) -> None:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
        os.write(fd, data)
        self._flush(fd)
        os.close(fd)

    def _flush(self, fd: int) -> None:
        if self._durable:
            os.fsync(fd)


def _floor(folder: Path, data: bytes) -> Callable[[], None]:
    return Floor(folder, data).cycle


def _dirq(folder: Path, data: bytes) -> Callable[[], None]:
    from dirq.QueueSimple import QueueSimple

    return _dirq_cycle(QueueSimple(str(folder / "dirq")), data)


def _dirq_flushed(folder: Path, data: bytes) -> Callable[[], None]:
    """Open python-dirq with the flushes added that its promises would need."""
    from dirq.QueueSimple import QueueSimple

    class Flushed(QueueSimple):  # type: ignore[misc]
        def _add_data(self, content: bytes) -> Any:
            day, tmp = super()._add_data(content)
            flush(tmp)
            return day, tmp

        def add(self, content: bytes) -> Any:
            name = super().add(content)
            flush(f"{self.path}/{os.path.dirname(name)}")
            return name

        def remove(self, name: str) -> None:
            super().remove(name)
            flush(f"{self.path}/{os.path.dirname(name)}")

    return _dirq_cycle(Flushed(str(folder / "dirq")), data)


def flush(path: str) -> None:
    """Flush a file or folder by its name."""
    fd = os.open(path, os.O_RDONLY)
    os.fsync(fd)
    os.close(fd)


def _dirq_cycle(queue: Any, data: bytes) -> Callable[[], None]:
    def cycle() -> None:
        queue.add(data)
        name = queue.first()
        while name and not queue.lock(name):
            name = queue.next()
        queue.get(name)
        queue.remove(name)

    return cycle


def _persist_queue(folder: Path, data: bytes) -> Callable[[], None]:
    from persistqueue import SQLiteAckQueue

    queue = SQLiteAckQueue(str(folder / "persist"), auto_commit=True)

    def cycle() -> None:
        queue.put(data)
        queue.ack(queue.get(block=False))

    return cycle


def _litequeue(folder: Path, data: bytes) -> Callable[[], None]:
    from litequeue import LiteQueue

    queue = LiteQueue(str(folder / "lite.db"))
    text = data.decode("latin-1")

    def cycle() -> None:
        queue.put(text)
        queue.done(queue.pop().message_id)

    return cycle


def _huey(fsync: bool | None) -> Callable[[Path, bytes], Callable[[], None]]:
    def opened(folder: Path, data: bytes) -> Callable[[], None]:
        from huey.storage import SqliteStorage

        # Its dequeue deletes: a job is lost with the worker that took it, so it does less.
        storage = SqliteStorage(filename=str(folder / "huey.db"), fsync=fsync)

        def cycle() -> None:
            storage.enqueue(data)
            storage.dequeue()

        return cycle

    return opened


def _sqlite(folder: Path, data: bytes) -> Callable[[], None]:
    """Open the queue one would write oneself on SQLite, at full durability."""
    database = sqlite3.connect(folder / "plain.db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE jobs (id INTEGER PRIMARY KEY, state INT, data BLOB)")
    database.execute("CREATE INDEX waiting ON jobs (state, id)")
    take = (
        "UPDATE jobs SET state = 1 WHERE id = (SELECT id FROM jobs WHERE state = 0 "
        "ORDER BY id LIMIT 1) RETURNING id, data"
    )

    def cycle() -> None:
        database.execute("INSERT INTO jobs (state, data) VALUES (0, ?)", (data,))
        ((number, content),) = database.execute(take).fetchall()
        database.execute("UPDATE jobs SET state = 2, data = ? WHERE id = ?", (content, number))

    return cycle


FLOOR = Peer("floor", True, _floor)
PEERS = (
    Peer("python-dirq", False, _dirq, "dirq"),
    Peer("python-dirq+fsync", True, _dirq_flushed, "dirq"),
    Peer("persist-queue", True, _persist_queue, "persistqueue"),
    Peer("litequeue", False, _litequeue, "litequeue"),
    Peer("huey, no flush", False, _huey(False), "huey"),
    Peer("huey", True, _huey(None), "huey"),
    Peer("sqlite-wal-full", True, _sqlite),
)
