"""What every spool keeps, whatever carries it (files, memory, later a broker)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
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
    no job, with the reason. `versions` tell the endings of one job apart.
    """

    jobs: tuple[Job, ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()
    cursor: Mapping[str, int] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)


Known = Callable[[Sequence[str]], Mapping[str, Collection[int]]]
"""Tells which endings (versions) of these jobs are known; jobs without any are left out."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of the entries that an operator named."""

    moved: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """Names that nothing was found under."""
    stayed: tuple[tuple[str, str], ...] = ()
    """Names of what is where it was, each with the reason."""


class Spool(Protocol):
    """A queue of jobs. A call that returned has happened and survives a crash.

    Every verb raises SpoolError when the store fails; the job is then where it was.
    """

    async def submit(self, jobs: Sequence[Job]) -> None:
        """Make prompt jobs claimable, whole or not at all each; raises JobExists for a known ID."""

    async def submit_folder(self, job: Job, source: Path) -> None:
        """Make a document job claimable, with a copy of the folder that holds its request.

        Whole or not at all; `source` stays as it is. Raises JobExists for a known ID, BadRequest
        for a folder that cannot be taken: no request, a link, too large, changing meanwhile.
        """

    def folder_of(self, claim: Claim) -> Path:
        """Return the folder a held document job is worked in; raises SpoolError for any other.

        It has `attachments/` and `outputs/`; what the work writes there and in `workflow/` stays
        with the job through retry, release and rescue, and ends with it.
        """

    def check_room(self) -> None:
        """Raise SpoolError when a submit would be refused now, as with too little free space."""

    async def deposit(self, jobs: Sequence[Job]) -> int:
        """Store jobs that ended elsewhere; returns how many were new, those known are passed over.

        Raises SpoolError for a job without a verdict; what was stored before it stays.
        """

    async def claim(self) -> Claim | None:
        """Take the oldest waiting job for this worker alone; None when nothing waits.

        None too while the store is so full that nothing new may begin.
        """

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
        """Name the state a job is in (`incoming` … `archive`, `discarded`), or None."""

    async def read(self, job_id: str) -> Job | None:
        """Read a job from where it ended, the archive too; None unless it lies there readable."""

    def endings(
        self, cursor: Mapping[str, int], known: Known, *, archived: bool = False
    ) -> AsyncIterator[Finished]:
        """Read jobs that ended since `cursor`, a slice at a time, so that memory stays flat.

        Only the last slice carries the cursor to keep, and it holds once all slices are kept.
        A version changes when a job ends anew after an operator's retry. With `archived` the
        archive is read too, as a rebuild needs.
        """

    async def archive(self, job_ids: Sequence[str]) -> int:
        """Move finished jobs to the archive, with all that belongs to each; returns how many."""

    async def reopen(self, job_ids: Sequence[str]) -> Moved:
        """Let jobs that ended in error wait again, as an operator's retry does.

        Each has its full number of tries; what was before becomes its history. A document job
        whose answers were judged begins anew: `workflow/` and `outputs/` are set aside as
        `workflow.N/` and `outputs.N/`, N being how many verdicts it had; one that failed for
        other reasons goes on where it stood. What the store refuses is told as `stayed`.
        """

    async def discard(self, names: Sequence[str]) -> Moved:
        """Put aside what ended in error: job IDs, or the names of refusals and conflicts."""

    async def restore(self, names: Sequence[str]) -> Moved:
        """Bring back to error what was discarded."""

    async def close(self) -> None:
        """Release what is still held and end this worker's presence."""
