"""Bringing older jobs into the queue, in batches, and counting what became of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice

from syntx.errors import JobExists
from syntx.job import Job
from syntx.older.folder import Found, Skipped
from syntx.older.reading import NOTES, compose
from syntx.older.verdicts import Terms
from syntx.spool.contract import Spool
from syntx.spool.dropped.foreign import Refused

BATCH = 256
"""How many jobs are held in memory, and share their flushes as far as they ended alike."""

_WAITING = "waiting"


@dataclass
class Tally:
    """What an import came to: new jobs by outcome (or `waiting`) and by layout, and the rest."""

    new: Counter[str] = field(default_factory=Counter)
    layouts: Counter[str] = field(default_factory=Counter)
    already_there: int = 0
    skipped: list[Skipped] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        """How many of the new jobs wait to be run."""
        return self.new[_WAITING]

    @property
    def finished(self) -> dict[str, int]:
        """How many of the new jobs had ended, by outcome."""
        return {outcome: n for outcome, n in sorted(self.new.items()) if outcome != _WAITING and n}

    def count(self, kind: tuple[str, str], new: int, of: int) -> None:
        """Count jobs of one outcome and layout, of which so many were new."""
        self.new[kind[0]] += new
        self.layouts[kind[1]] += new
        self.already_there += of - new


def composed(found: Iterable[Found | Skipped], terms: Terms, tally: Tally) -> Iterator[Job]:
    """Yield the jobs that can be imported, each ID once; the rest is put on the tally."""
    seen: dict[str, int] = {}
    for item in found:
        if isinstance(item, Skipped):
            tally.skipped.append(item)
            continue
        try:
            job = compose(item, terms)
        except Refused as refused:
            tally.skipped.append(Skipped(item.place, refused.reason, refused.message))
            continue
        if job.id not in seen:
            seen[job.id] = _content(job)
            yield job
        elif seen[job.id] == _content(job):
            tally.already_there += 1
        else:
            message = f"another job of this folder has the same ID, {job.id}"
            tally.skipped.append(Skipped(item.place, "same_id", message))


async def store(spool: Spool, jobs: Iterator[Job], tally: Tally) -> None:
    """Deposit what has ended and submit what waits; raises SpoolError when the queue fails."""
    while batch := sorted(islice(jobs, BATCH), key=kind_of):
        for kind, group in groupby(batch, key=kind_of):
            alike = list(group)
            put = _submit if kind[0] == _WAITING else _deposit
            tally.count(kind, await put(spool, alike), len(alike))


async def _deposit(spool: Spool, jobs: Sequence[Job]) -> int:
    return await spool.deposit(jobs)


async def _submit(spool: Spool, jobs: Sequence[Job]) -> int:
    # One call each, so that each tells for itself whether it was new; they share their flushes.
    results = await asyncio.gather(*(_submit_one(spool, job) for job in jobs))
    return sum(results)


async def _submit_one(spool: Spool, job: Job) -> bool:
    # Asked first, since a submit takes an ID of the future for a fresh one.
    if await spool.locate(job.id) is not None:
        return False
    try:
        await spool.submit([job])
    except JobExists:
        return False
    return True


def rehearse(known: Callable[[str], bool], jobs: Iterable[Job], tally: Tally) -> None:
    """Count what `store` would do, without doing it."""
    for job in jobs:
        tally.count(kind_of(job), int(not known(job.id)), 1)


def kind_of(job: Job) -> tuple[str, str]:
    """Return a job's outcome, or `waiting`, and the layout it was found in."""
    outcome = _WAITING if job.verdict is None else job.verdict.outcome
    return outcome, job.metadata[NOTES]["layout"]


def _content(job: Job) -> int:
    """Return what tells two jobs of one ID apart: their names and texts."""
    answers = job.verdict.answers if job.verdict is not None else ()
    notes = job.metadata[NOTES]
    texts = (job.prompt, answers[0].text if answers else "", notes.get("text"))
    return hash((notes["name"], next(filter(None, texts), "")))
