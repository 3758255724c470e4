"""The verbs of a spool on files that look at jobs, or move those that ended."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from syntx.job import Job
from syntx.spool import finding
from syntx.spool.admitting import Admitting
from syntx.spool.contract import Counts, Finished, Known, Moved
from syntx.spool.counting import count
from syntx.spool.discarding import discard, restore
from syntx.spool.endings import endings
from syntx.spool.failures import translating
from syntx.spool.opening import SpoolOptions
from syntx.spool.storage import Storage

T = TypeVar("T")


class Looking:
    """What a spool does without holding a job; all of it runs in a thread, the spool's eye."""

    options: SpoolOptions
    _storage: Storage
    _admitting: Admitting
    _eye: ThreadPoolExecutor

    @property
    def root(self) -> Path:
        """The folder this spool lives in."""
        return Path(self._storage.folders.root)

    async def counts(self) -> Counts:
        """Count the jobs in every state."""
        return await self._run(
            self._eye, "count", lambda: count(self.root, now=self.options.clock())
        )

    async def locate(self, job_id: str) -> str | None:
        """Name the state a job is in (`incoming` … `archive`, `discarded`), or None."""
        return await self._run(self._eye, "look", lambda: self._admitting.locate(job_id))

    async def read(self, job_id: str) -> Job | None:
        """Read a job from where it ended; None unless it lies there readable."""
        return await self._run(self._eye, "read", lambda: finding.read(self._storage, job_id))

    async def endings(
        self, cursor: Mapping[str, int], known: Known, *, archived: bool = False
    ) -> AsyncIterator[Finished]:
        """Read jobs that ended since `cursor`, a slice at a time."""
        parts = endings(self._storage, cursor, known, archived=archived)
        try:
            while part := await self._run(self._eye, "read", lambda: next(parts, None)):
                yield part
        finally:
            # In its own thread, where it may still be reading; a closed spool has none.
            with contextlib.suppress(RuntimeError):
                self._eye.submit(parts.close)

    async def archive(self, job_ids: Sequence[str]) -> int:
        """Move finished jobs to the archive; returns how many."""
        return await self._run(
            self._eye, "archive", lambda: finding.archive(self._storage, job_ids)
        )

    async def discard(self, names: Sequence[str]) -> Moved:
        """Put aside what ended in error: job IDs, or the names of refusals and conflicts."""
        return await self._run(self._eye, "discard", lambda: discard(self._storage, names))

    async def restore(self, names: Sequence[str]) -> Moved:
        """Bring back to error what was discarded."""
        return await self._run(self._eye, "restore", lambda: restore(self._storage, names))

    async def _run(self, thread: ThreadPoolExecutor, doing: str, work: Callable[[], T]) -> T:
        with translating(f"{doing} in the queue"):
            return await asyncio.get_running_loop().run_in_executor(thread, work)
