"""A row of evidence: what one ended job teaches."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from syntx.ids import is_job_id
from syntx.job import Job

PLAUSIBLE = 100_000_000
"""No generation above this is believed when numbers are recovered."""
MOST_PARENTS = 8
"""No more parents of a job are believed; anybody may write a list."""


@dataclass(frozen=True, slots=True)
class Row:
    """One verdict on one job; `score` is None when nothing was scored."""

    job_id: str
    attempt: int
    kind: str
    outcome: str
    settled_at: str
    topic: str | None = None
    category: str | None = None
    style: str | None = None
    wrapper: str | None = None
    pattern: str | None = None
    arm: str | None = None
    operator: str | None = None
    generation: int | None = None
    score: int | None = None
    completeness: int | None = None
    fields: tuple[tuple[str, bool], ...] = ()
    model: str | None = None
    score_version: str | None = None
    wrapper_hash: str | None = None
    simulated: bool = False
    parents: tuple[str, ...] = ()
    family: str | None = None
    """The lineage of phrasing; None is a family of the job's own."""

    @property
    def key(self) -> tuple[str, int]:
        """What identifies the row, and orders rows."""
        return self.job_id, self.attempt

    @property
    def complete(self) -> bool:
        """Whether the recipe is known in full."""
        return all((self.topic, self.category, self.style, self.wrapper, self.pattern))

    @property
    def measure(self) -> str | None:
        """What the score was measured with; None unless this is a scored prompt."""
        if self.kind != "prompt" or self.score is None:
            return None
        return measure_of(self.score_version, self.simulated)


def row_of(job: Job) -> Row | None:
    """Return the evidence in a job, or None when it has no verdict yet."""
    verdict = job.verdict
    if verdict is None:
        return None
    score, recipe, generation = verdict.score, job.recipe, _own_generation(job)
    return Row(
        job_id=job.id,
        attempt=len(job.attempts),
        kind=job.kind,
        outcome=verdict.outcome,
        settled_at=_settled_at(job),
        topic=recipe.topic,
        category=recipe.category,
        style=recipe.style,
        wrapper=recipe.wrapper,
        pattern=recipe.pattern,
        # Arms are compared within generations; outside of one there are none.
        arm=None if generation is None else job.arm,
        operator=job.operator,
        generation=generation,
        score=None if score is None else score.total,
        completeness=None if score is None else score.completeness,
        fields=() if score is None else tuple(score.fields.items()),
        model=_target_model(job),
        score_version=verdict.score_version,
        wrapper_hash=verdict.wrapper_hash,
        simulated=verdict.simulated,
        # So are families: who is of no generation speaks for nobody else.
        parents=() if generation is None else _believable(job.parents),
        family=job.id if generation is None else _family(job),
    )


def disowned(row: Row) -> Row:
    """Return a row without what only a plan may say of it."""
    return replace(row, generation=None, arm=None, operator=None, parents=(), family=row.job_id)


def measure_of(score_version: str | None, simulated: bool) -> str:
    """Name what a score was measured with; scores of two measures are never mixed in a fit."""
    return f"{score_version or ''}{' simulated' if simulated else ''}"


def _believable(job_ids: tuple[str, ...]) -> tuple[str, ...]:
    """Return those that can name jobs, each once."""
    return tuple(filter(is_job_id, dict.fromkeys(job_ids)))[:MOST_PARENTS]


def _family(job: Job) -> str:
    return job.family if job.family and is_job_id(job.family) else job.id


def _own_generation(job: Job) -> int | None:
    """Return a job's generation if its plan bears it out; anybody may write a number."""
    number = job.generation
    borne_out = number is not None and (job.plan_id or "").startswith(f"g{number}-")
    return number if borne_out and number is not None and number <= PLAUSIBLE else None


def _target_model(job: Job) -> str | None:
    if job.verdict is not None and job.verdict.answers:
        return job.verdict.answers[0].model
    return job.attempts[-1].model if job.attempts else None


def _settled_at(job: Job) -> str:
    assert job.verdict is not None
    moment: datetime = job.verdict.settled_at or (
        job.attempts[-1].ended if job.attempts else job.created_at
    )
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
