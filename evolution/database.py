"""The producer's database: one SQLite file, and how it is read and written."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from tenacity import retry, retry_if_exception, stop_after_delay, wait_random

from evolution.tables import VERSION, renew, version_of
from syntx.errors import SpoolError

PATIENCE = 30
"""Seconds to wait for another that writes."""


def _is_busy(error: BaseException) -> bool:
    return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)


# SQLite does not wait by itself here: two that both turn would wait for each other.
@retry(
    retry=retry_if_exception(_is_busy),
    stop=stop_after_delay(PATIENCE),
    wait=wait_random(0.005, 0.05),
    reraise=True,
)
def _turn_to_wal(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA journal_mode = WAL")


class Database:
    """SQLite in one file; a call that returned is on disk. One writer at a time.

    Every call raises SpoolError when the database fails.
    """

    def __init__(self, path: Path) -> None:
        """Open the store, making it if need be."""
        self._path = path
        self._lock = threading.RLock()
        with self._translated():
            path.parent.mkdir(parents=True, exist_ok=True)
            # The spool may ask from its own thread whether a job is known.
            self._db = sqlite3.connect(path, timeout=PATIENCE, check_same_thread=False)
            self._prepare()

    def _prepare(self) -> None:
        found = version_of(self._db)
        if found > VERSION:
            raise SpoolError(
                f"{self._path} was written by a newer syntx (tables {found}, known {VERSION})",
                fix="update syntx",
            )
        _turn_to_wal(self._db)
        self._db.execute("PRAGMA synchronous = FULL")
        if found < VERSION:
            renew(self._db)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> Self:
        """Return the store; it is closed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()

    def read(self, query: str, *values: object) -> list[Any]:
        """Return all rows a query finds."""
        with self._translated(), self._lock:
            return self._db.execute(query, values).fetchall()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Hold a transaction: all of the block is kept, or nothing."""
        with self._translated(), self._lock, self._db:
            yield self._db

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise SpoolError(
                f"the evidence store {self._path} failed: {error}",
                fix="make room and check the disk; if the file is damaged, move it away: "
                "the evidence is read anew from the jobs",
            ) from error
