"""The product's engine as a policy: its own store, belief and choice, with its own defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from evolution_runs import Outcome, Proposal
from evolution_worlds import CATEGORY_OF, KINDS

from evolution.analyzer import judged, terms_of
from evolution.choosing import Choice, Options, choose, dice
from evolution.evidence import EvidenceStore
from evolution.recipes import DEFAULT_PATTERNS, Space
from evolution.rows import Row
from evolution.tallies import Evidence
from syntx.settings.models import EvolutionProducer

START = datetime(2026, 1, 1, tzinfo=UTC)
STYLES = ("technisch", "kreativ", "akademisch", "casual")
WRAPPERS = tuple(f"wrapper {number}" for number in range(KINDS[2]))
PATTERNS = tuple(DEFAULT_PATTERNS)
TOPICS = tuple(
    (f"category {category}", f"topic {topic}") for topic, category in enumerate(CATEGORY_OF)
)


def make_space() -> Space:
    """Return the space all worlds share."""
    topics: dict[str, list[tuple[str, float]]] = {}
    for category, topic in TOPICS:
        topics.setdefault(category, []).append((topic, 1.0))
    return Space.of(topics, STYLES, WRAPPERS)


class Engine:
    """Ours: rows in an evidence store in memory, and `choose` with the shipped settings.

    `changed` is for ablations: settings of the steering section.
    """

    def __init__(self, seed: int, changed: Mapping[str, Any] | None = None) -> None:
        producer = EvolutionProducer()
        values = {**producer.steering.model_dump(), **(changed or {})}
        strength = values.pop("feedback_strength", producer.generation.feedback_strength)
        steering = type(producer.steering).model_validate(values)
        self.space = make_space()
        self.min_support = steering.min_support
        self._seed = seed
        self._options = Options(strength, steering)
        self._terms = terms_of(producer.model_copy(update={"steering": steering}))
        self._store = EvidenceStore(Path(":memory:"))

    def propose(self, generation: int, count: int) -> Sequence[Proposal]:
        """Choose as the producer does."""
        rng = dice(self._seed, generation)
        choices = choose(self.space, self.evidence(), count, self._options, rng)
        return [self._proposal(choice) for choice in choices]

    def learn(self, outcomes: Sequence[Outcome]) -> None:
        """Keep what ended as rows of evidence."""
        self._store.keep_rows([_row(each) for each in outcomes])

    def evidence(self) -> Evidence:
        """Return what is known, judged for drift and added up."""
        return judged(self._store, self._terms)

    def close(self) -> None:
        """Close the store."""
        self._store.close()

    def _proposal(self, choice: Choice) -> Proposal:
        recipe = choice.recipe
        levels = (
            TOPICS.index((str(recipe.category), str(recipe.topic))),
            STYLES.index(str(recipe.style)),
            WRAPPERS.index(str(recipe.wrapper)),
            PATTERNS.index(str(recipe.pattern)),
        )
        parent = _number(choice.parents[0]) if choice.parents else None
        return Proposal(levels, parent, choice.arm, choice)


def _number(job_id: str) -> int:
    return int(job_id.removeprefix("job-"))


def _row(outcome: Outcome) -> Row:
    choice = outcome.proposal.note
    assert isinstance(choice, Choice)
    job_id = f"job-{outcome.number:06}"
    settled = START + timedelta(seconds=outcome.number)
    good = outcome.score is not None and outcome.score >= 90
    return Row(
        job_id=job_id,
        attempt=1,
        kind="prompt",
        outcome="failed" if outcome.score is None else "passed" if good else "low_score",
        settled_at=settled.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        arm=choice.arm,
        operator=choice.operator,
        parents=choice.parents,
        family=choice.family or job_id,
        generation=outcome.generation,
        score=outcome.score,
        **choice.recipe.model_dump(exclude={"language"}),
    )
