"""From finished jobs to evidence: each is read once, and what it teaches is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace

from evolution.drift import ARMS, Judgement, judge_all, judge_newest, judge_of
from evolution.evidence import EvidenceStore
from evolution.tallies import Evidence, Terms
from syntx.settings.models import EvolutionProducer
from syntx.spool.contract import Spool


@dataclass(frozen=True, slots=True)
class Learned:
    """What is known after a look: all evidence added up, and what was no job."""

    evidence: Evidence
    unreadable: tuple[tuple[str, str], ...]


def terms_of(producer: EvolutionProducer) -> Terms:
    """Return what evidence is summed up for."""
    learning, steering = producer.learning, producer.steering
    return Terms(
        floor=steering.score_floor,
        min_score=learning.min_score,
        max_samples=learning.max_samples,
        keep=steering.drift_keep,
        drift_z=steering.drift_z,
    )


async def learn(spool: Spool, store: EvidenceStore, terms: Terms) -> Learned:
    """Read what finished since the last look, and return all that is known."""
    unreadable = await absorb(spool, store)
    return Learned(judged(store, terms), unreadable)


def judged(store: EvidenceStore, terms: Terms) -> Evidence:
    """Judge for drift the generations that ended since the last look, and return all evidence.

    The cuts follow from the evidence alone: judged one by one as they come, or all at once after
    everything was read anew, they are the same. Raises SpoolError when the store fails.
    """
    store.prepare(terms)
    evidence = store.evidence(terms)
    measure = evidence.learned_by
    newest = max((trial.generation for trial in evidence.trials), default=0)
    if measure is None or not newest:
        return evidence
    since, before = store.judged_through(measure) + 1, store.first_open(newest) or newest + 1
    if since >= before:
        return evidence
    found = _judge(store, evidence, since, before)
    store.keep_judgements(measure, found, before - 1)
    if max((cut.generation for cut in store.cuts(measure)), default=0) != evidence.cut:
        store.prepare(terms)
        return store.evidence(terms)
    return replace(evidence, z=found[-1].z if found else evidence.z)


def _judge(store: EvidenceStore, evidence: Evidence, since: int, before: int) -> list[Judgement]:
    measure = evidence.learned_by or ""
    at_hand = sum(trial.generation >= since and trial.arm in ARMS for trial in evidence.trials)
    if at_hand == store.count_planned(measure, since):
        return judge_newest(evidence, since, before)
    # What was known before is in no sum any more, so it is told from the beginning.
    store.forget_judgements(measure)
    judge = judge_of(replace(evidence, cut=0))
    found: list[Judgement] = []
    for trials in store.planned_trials(measure, 1):
        found += judge_all(judge, [trial for trial in trials if trial.generation < before])
    return found


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
