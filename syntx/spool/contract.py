"""What every spool keeps, whatever carries it (files, memory, later a broker)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from syntx.job import Attempt, Job, Verdict
from syntx.spool.counting import Counts as Counts


@dataclass(frozen=True, slots=True)
class Claim:
    """Exclusive hold on one job, from `claim` until settle, retry or release."""

    job: Job
    entry: str
    """The entry's name inside the holder's `processing/` folder."""
    rescues: int = 0
    """How often a worker died holding this job."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What came to an end since the last look.

    `cursor` is to be kept and handed in at the next look. `unreadable` names files that are
    no job, with the reason.
    """

    jobs: tuple[Job, ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()
    cursor: Mapping[str, int] = field(default_factory=dict)


class Spool(Protocol):
    """A queue of jobs. A call that returned has happened and survives a crash.

    Every verb raises SpoolError when the store fails; the job is then where it was.
    """

    async def submit(self, jobs: Sequence[Job]) -> None:
        """Make jobs claimable, whole or not at all each; raises JobExists for a known ID."""

    async def claim(self) -> Claim | None:
        """Take the oldest waiting job for this worker alone; None when nothing waits."""

    async def settle(self, claim: Claim, verdict: Verdict, attempt: Attempt) -> None:
        """End a job: `passed` to processed, any other outcome to error. Exactly one outcome."""

    async def retry(self, claim: Claim, attempt: Attempt, delay: float) -> None:
        """Give a job back with one more attempt on record; claimable again in `delay` seconds."""

    async def release(self, claim: Claim) -> None:
        """Give a job back untouched, to its old place in the order."""

    async def rescue(self) -> int:
        """Give back the jobs of dead workers; returns how many. Never takes a living one's."""

    async def wait(self, timeout: float) -> None:
        """Return when there may be new work, at the latest after `timeout` seconds."""

    async def counts(self) -> Counts:
        """Count the jobs in every state."""

    async def locate(self, job_id: str) -> str | None:
        """Name the state a job is in (`incoming` … `archive`), or None if there is no such job."""

    async def finished(
        self,
        cursor: Mapping[str, int],
        known: Callable[[str, int], bool],
        *,
        archived: bool = False,
    ) -> Finished:
        """Read jobs that ended since `cursor`, leaving out those `known(id, version)` knows.

        `version` changes when a job ends anew after an operator's retry. With `archived` the
        archive is read too, as a rebuild needs.
        """

    async def archive(self, job_ids: Sequence[str]) -> int:
        """Move finished jobs to the archive, with all that belongs to each; returns how many."""

    async def close(self) -> None:
        """Release what is still held and end this worker's presence."""
