from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from evolution.analyzer import judged, terms_of
from evolution.choosing import Choice, Options, choose, dice
from evolution.evidence import EvidenceStore
from evolution.recipes import Space
from evolution.rows import Row
from evolution.tallies import Evidence, Terms
from syntx.errors import SpoolError
from syntx.job import Attempt, Job, Recipe, Score, Verdict
from syntx.settings.models import EvolutionProducer
from syntx.spool.contract import Finished, Known

START = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)


@pytest.fixture
def space() -> Space:
    """Seven categories with 33 topics, four styles, ten wrappers, six patterns."""
    topics = {
        f"category {c}": [(f"topic {c}.{t}", 1.0) for t in range(5 if c < 5 else 4)]
        for c in range(7)
    }
    styles = ("technisch", "kreativ", "akademisch", "casual")
    return Space.of(topics, styles, [f"wrapper {w}" for w in range(10)])


@pytest.fixture
def recipe() -> Recipe:
    """Give a complete recipe."""
    return Recipe(
        topic="topic 0.0",
        category="category 0",
        style="casual",
        wrapper="wrapper 0",
        pattern="question",
        language="de",
    )


@pytest.fixture
def row(recipe: Recipe) -> Callable[..., Row]:
    """Make rows that differ in what is named."""

    def make(number: int = 0, **changes: object) -> Row:
        known: dict[str, object] = {
            **recipe.model_dump(exclude={"language"}),
            "score": 80,
            "operator": "fresh",
        }
        return Row(
            **{  # type: ignore[arg-type]
                "job_id": f"job-{number:06}",
                "attempt": 1,
                "kind": "prompt",
                "outcome": "low_score",
                "settled_at": f"2026-{number:06}",
                **known,
                **changes,
            }
        )

    return make


@pytest.fixture
def finished_job(recipe: Recipe) -> Callable[..., Job]:
    """Make jobs that ended; `score=None` makes one that failed without a score."""

    def make(number: int = 0, score: int | None = 80, **changes: object) -> Job:
        moment = START + timedelta(seconds=number)
        named = {"plan_id": f"g{changes.get('generation', 1)}-x"}
        job = Job(
            id=f"{moment:%Y%m%dT%H%M%S}.{number:06}Z-0000",
            created_at=moment,
            **{"recipe": recipe, "generation": 1, "arm": "control", **named, **changes},  # type: ignore[arg-type]
        )
        verdict = Verdict(
            outcome="failed" if score is None else "passed" if score >= 90 else "low_score",
            score=None if score is None else Score(total=score, fields={"drift": score > 50}),
            score_version="1",
            settled_at=moment,
        )
        return job.settled(verdict, Attempt(worker="w", started=moment, ended=moment, model="m"))

    return make


@dataclass
class HeldSpool:
    """The reading half of a spool: what finished, what is no job, and what is archived."""

    jobs: dict[str, Job] = field(default_factory=dict)
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    archived: set[str] = field(default_factory=set)
    read: list[str] = field(default_factory=list)
    breaks_after: int | None = None

    def hold(self, jobs: Sequence[Job]) -> None:
        """Let jobs have finished."""
        self.jobs.update({job.id: job for job in jobs})

    async def endings(
        self, cursor: Mapping[str, int], known: Known, *, archived: bool = False
    ) -> AsyncIterator[Finished]:
        """Read what the caller does not know, seven jobs at a time."""
        offered = [job for job in self.jobs.values() if archived or job.id not in self.archived]
        versions = {job.id: 7 + len(job.attempts) for job in offered}
        recorded = known([*versions])
        fresh = [job for job in offered if versions[job.id] not in recorded.get(job.id, ())]
        self.read = []
        for start in range(0, len(fresh), 7):
            if self.breaks_after is not None and len(self.read) >= self.breaks_after:
                raise SpoolError("the disk is gone")
            some = tuple(fresh[start : start + 7])
            self.read += [job.id for job in some]
            yield Finished(some, versions={job.id: versions[job.id] for job in some})
        yield Finished((), tuple(self.unreadable), {"processed": len(self.jobs)})


@pytest.fixture
def spool() -> HeldSpool:
    """Give a spool in which nothing finished yet."""
    return HeldSpool()


@pytest.fixture
def evidence_of() -> Callable[..., Evidence]:
    """Add up rows, as the producer's database does."""

    def gather(rows: Iterable[Row], **terms: float) -> Evidence:
        with EvidenceStore(Path(":memory:")) as store:
            store.keep_rows(rows)
            return store.evidence(Terms(**terms))  # type: ignore[arg-type]

    return gather


MeanOf = Callable[[Recipe, int], float]


@pytest.fixture
def live(space: Space) -> Callable[..., list[Row]]:
    """Run generations in a simulated world: `mean_of(recipe, generation)` is its true score."""

    def run(
        mean_of: MeanOf, generations: int = 10, seed: int = 0, strength: float = 0.8
    ) -> list[Row]:
        world = np.random.default_rng([7, seed])
        rows: list[Row] = []
        producer = EvolutionProducer()
        options, terms = Options(strength, producer.steering), terms_of(producer)
        with EvidenceStore(Path(":memory:")) as store:
            for number in range(1, generations + 1):
                evidence, start = judged(store, terms), len(rows)
                for choice in choose(space, evidence, 20, options, dice(seed, number)):
                    noisy = world.normal(mean_of(choice.recipe, number), 10)
                    rows.append(_answered(len(rows), number, choice, int(np.clip(noisy, 0, 100))))
                store.keep_rows(rows[start:])
        return rows

    return run


def _answered(place: int, number: int, choice: Choice, score: int) -> Row:
    job_id = f"job-{place:06}"
    return Row(
        job_id=job_id,
        attempt=1,
        kind="prompt",
        outcome="passed" if score >= 90 else "low_score",
        settled_at=f"2026-{place:06}",
        arm=choice.arm,
        operator=choice.operator,
        parents=choice.parents,
        family=choice.family or job_id,
        generation=number,
        score=score,
        **choice.recipe.model_dump(exclude={"language"}),
    )
