"""From finished jobs to evidence: each is read once, and what it teaches is kept."""

from __future__ import annotations

from dataclasses import dataclass

from evolution.evidence import EvidenceStore
from evolution.tallies import Evidence, Terms
from syntx.spool.contract import Spool


@dataclass(frozen=True, slots=True)
class Learned:
    """What is known after a look: all evidence added up, and what was no job."""

    evidence: Evidence
    unreadable: tuple[tuple[str, str], ...]


async def learn(spool: Spool, store: EvidenceStore, terms: Terms) -> Learned:
    """Read what finished since the last look, and return all that is known."""
    unreadable = await absorb(spool, store)
    return Learned(store.evidence(terms), unreadable)


async def absorb(
    spool: Spool, store: EvidenceStore, *, archived: bool | None = None
) -> tuple[tuple[str, str], ...]:
    """Read what finished since the last look into the store.

    `archived` says whether the archive is read too; unless told, a store that was never filled
    reads it.

    Returns what was no job, with the reason. Each slice is kept as soon as it is read, so that a
    look that was killed goes on where it was. Raises SpoolError when spool or store fail;
    nothing is lost then, the next look reads it.
    """
    before = store.cursor()
    after = before
    unreadable: list[tuple[str, str]] = []
    everything = before is None if archived is None else archived
    async for part in spool.endings(before or {}, store.known, archived=everything):
        unreadable += part.unreadable
        after = part.cursor
        if part.jobs:
            store.record(part.jobs, part.versions)
    # Only a whole look may say how far it came.
    if after != before:
        store.record((), cursor=after)
    return tuple(unreadable)
