"""From finished jobs to evidence: each is read once, and what it teaches is kept."""

from __future__ import annotations

from dataclasses import dataclass

from evolution.evidence import EvidenceStore
from evolution.reporting import Report, report
from evolution.rows import Row
from syntx.spool.contract import Spool

__all__ = ["Learned", "Report", "learn", "report"]


@dataclass(frozen=True, slots=True)
class Learned:
    """What is known after a look: all rows, and what was no job."""

    rows: tuple[Row, ...]
    unreadable: tuple[tuple[str, str], ...]


async def learn(spool: Spool, store: EvidenceStore) -> Learned:
    """Read what finished since the last look, and return all that is known."""
    unreadable = await absorb(spool, store)
    return Learned(store.rows(), unreadable)


async def absorb(spool: Spool, store: EvidenceStore) -> tuple[tuple[str, str], ...]:
    """Read what finished since the last look into the store; an empty store reads all.

    Returns what was no job, with the reason. Raises SpoolError when spool or store fail;
    nothing is lost then, the next look reads it.
    """
    cursor = store.cursor()
    versions: dict[str, int] = {}

    def known(job_id: str, version: int) -> bool:
        versions[job_id] = version
        return store.knows(job_id, version)

    finished = await spool.finished(cursor or {}, known, archived=cursor is None)
    store.record(finished.jobs, versions, finished.cursor)
    return finished.unreadable
