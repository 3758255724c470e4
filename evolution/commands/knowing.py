"""What is known now, for commands that only look: the producer's store, and what ended since."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import connect

from evolution.analyzer import absorb, judged, terms_of
from evolution.evidence import EvidenceStore
from evolution.tables import VERSION, version_of
from syntx.errors import SpoolError
from syntx.ground import Ground
from syntx.spool.contract import Spool

STORE = Path(".state", "evolution.sqlite")
"""Where the producer's store lies in a queue."""


@dataclass(frozen=True, slots=True)
class Known:
    """A store to read from, the spool it tells of, and what was no job in this look."""

    store: EvidenceStore
    spool: Spool
    unreadable: tuple[tuple[str, str], ...] = ()


class Looked(EvidenceStore):
    """The producer's store as it is, also while a producer works; it is never written."""

    def _prepare(self) -> None:
        self._db.execute("PRAGMA query_only = ON")
        # All that is read is of one moment, whatever a producer does meanwhile.
        self._db.execute("BEGIN")
        if version_of(self._db) > VERSION:
            raise SpoolError(f"{self._path} was written by a newer syntx", fix="update syntx")

    def is_current(self) -> bool:
        """Whether its tables are those of this version."""
        return version_of(self._db) == VERSION

    def copy_to(self, path: Path) -> None:
        """Write all that is here into a new file, as it stood at one moment."""
        with self._translated():
            copy = connect(path)
            try:
                self._db.backup(copy)
            finally:
                copy.close()


@asynccontextmanager
async def known(
    ground: Ground, *, anew: bool = False, archived: bool = True
) -> AsyncIterator[Known]:
    """Give what the producer learned and what ended since; nothing of it is kept.

    Where no producer ever worked, or if it is wanted `anew`, the finished jobs are read, those in
    the archive only if `archived`. Raises SpoolError when store or spool fail.
    """
    path = ground.queue / STORE
    with tempfile.TemporaryDirectory(prefix="syntx-") as folder:
        scratch = Path(folder) / STORE.name
        async with ground.open_spool() as spool:
            learned = path.exists() and not anew
            if learned:
                with Looked(path) as store:
                    if store.is_current() and not await _is_behind(spool, store):
                        yield Known(store, spool)
                        return
                    store.copy_to(scratch)
            with EvidenceStore(scratch) as store:
                unreadable = await absorb(spool, store, archived=None if learned else archived)
                judged(store, terms_of(ground.settings().evolution.producer))
                yield Known(store, spool, unreadable)


async def _is_behind(spool: Spool, store: EvidenceStore) -> bool:
    """Whether anything ended since the store was filled last."""
    cursor = store.cursor()
    if cursor is None:
        return True
    async with aclosing(spool.endings(cursor, store.known)) as parts:  # type: ignore[type-var]
        async for part in parts:
            if part.jobs or part.unreadable:
                return True
    return False
