"""What the evidence adds up to: sums over rows that are alike, never the rows themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from evolution.rows import measure_of

MOST_KEPT = 20
"""Faded evidence weighs as much as so many fresh scores at most."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the sums are made for.

    Scores below `floor` count as the floor in a fit, those of at least `min_score` as a success;
    `max_samples` of the best are kept singly, and so are the newest `singly` a fit may use.
    A generation whose z lies below -`drift_z` cuts: what is older fades to a weight of `keep`.
    """

    floor: float = 50.0
    min_score: int = 90
    max_samples: int = 50
    keep: float = 0.1
    drift_z: float = 2.5
    singly: int = 5_000


def kept(keep: float, faded: int) -> float:
    """Return what each of so many faded scores weighs: `keep`, and `MOST_KEPT` of them all.

    However long a history is, a few generations of what holds now outweigh it.
    """
    return min(keep, MOST_KEPT / faded) if faded else keep


class Sums(NamedTuple):
    """How many scores, their sum and the sum of their squares, exact."""

    n: int = 0
    total: int = 0
    squares: int = 0

    def __add__(self, other: Sums) -> Sums:  # type: ignore[override]
        return Sums(self.n + other.n, self.total + other.total, self.squares + other.squares)

    @property
    def mean(self) -> float:
        """The mean in score points; raises ZeroDivisionError without scores."""
        return self.total / self.n

    @property
    def told(self) -> float | None:
        """The mean as people are told it, to the hundredth of a point; None without scores."""
        return round(self.mean, 2) if self.n else None

    @property
    def deviations(self) -> float:
        """The sum of squared deviations from the mean; 0 without scores."""
        return (self.n * self.squares - self.total**2) / self.n if self.n else 0.0

    @property
    def variance(self) -> float:
        """The sample variance; raises ZeroDivisionError for fewer than two scores."""
        return self.deviations / (self.n - 1)


def total_of(sums: Iterable[Sums]) -> Sums:
    """Add up very many sums."""
    return Sums(*map(sum, zip(*sums, strict=True)))


class Likeness(NamedTuple):
    """What the rows of a stratum have in common; an empty text is unknown.

    `outcome` is told of what was not scored.
    """

    kind: str
    outcome: str
    topic: str
    category: str
    style: str
    wrapper: str
    pattern: str
    arm: str
    operator: str
    score_version: str
    simulated: bool

    @property
    def recipe(self) -> tuple[str, ...]:
        """Topic, category, style, wrapper and pattern."""
        return self[2:7]

    @property
    def complete(self) -> bool:
        """Whether the recipe is known in full."""
        return all((self.topic, self.category, self.style, self.wrapper, self.pattern))

    @property
    def measure(self) -> str:
        """What scores were measured with; scores of two measures are never mixed in a fit."""
        return measure_of(self.score_version, self.simulated)


class Weighed(NamedTuple):
    """How many scores there are, and their sum, those below the floor counted as the floor."""

    n: int = 0
    floored: float = 0.0

    def __add__(self, other: Weighed) -> Weighed:  # type: ignore[override]
        return Weighed(self.n + other.n, self.floored + other.floored)


NONE = Weighed()


class Stratum(NamedTuple):
    """The rows that are alike: how many, and sums over those that are scored."""

    like: Likeness
    rows: int
    scores: Sums = Sums()
    floored: float = 0.0
    """The sum of scores, those below the floor counted as the floor."""
    good: int = 0
    """How many reached `min_score`."""
    completeness: Sums = Sums()
    past: Weighed = NONE
    """Those of the scores that are older than the cut, or of no generation while there is one."""
    outdated: Weighed = NONE
    """Those of the others whose wrapper is answered by another model now, or has another text."""

    @property
    def faded(self) -> Weighed:
        """Those of the scores that weigh less."""
        return self.past + self.outdated if self.past.n or self.outdated.n else NONE


class Trial(NamedTuple):
    """One scored prompt a fit may use; `family` is its lineage of phrasing.

    `generation` is 0 for what was made by hand; `weight` is 1, or less for what is no longer
    measured under the same conditions.
    """

    job_id: str
    generation: int
    topic: str
    category: str
    style: str
    wrapper: str
    pattern: str
    arm: str
    operator: str
    family: str
    score: int
    weight: float = 1.0

    @property
    def recipe(self) -> tuple[str, ...]:
        """Topic, category, style, wrapper and pattern."""
        return self[2:7]


class Rest(NamedTuple):
    """The prompts of one recipe that are no trials: what they weigh, and their weighted scores.

    Scores below the floor count as the floor.
    """

    topic: str
    category: str
    style: str
    wrapper: str
    pattern: str
    weight: float
    floored: float

    @property
    def recipe(self) -> tuple[str, ...]:
        """Topic, category, style, wrapper and pattern."""
        return self[:5]


class Make(NamedTuple):
    """What a wrapper's answers were made with: the model, and the wrapper's text by its hash."""

    wrapper: str
    model: str
    wrapper_hash: str


class ArmScores(NamedTuple):
    """What one arm of one generation scored."""

    generation: int
    arm: str
    scores: Sums


class Sample(NamedTuple):
    """One of the best rows."""

    category: str
    style: str
    wrapper: str
    score: int
    completeness: int | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known, added up: each job counts once, by its latest verdict.

    `arms` are ordered by generation and hold what a fit may use; `fields` tell per key how many
    answers held it, of how many that were asked for it.
    """

    terms: Terms = Terms()
    strata: tuple[Stratum, ...] = ()
    arms: tuple[ArmScores, ...] = ()
    fields: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    top: tuple[Sample, ...] = ()
    scored_by: str | None = None
    """The measure of the newest scored prompt."""
    learned_by: str | None = None
    """The measure of the newest scored prompt of a complete recipe."""
    trials: tuple[Trial, ...] = ()
    """The newest prompts a fit may use, oldest first."""
    cut: int = 0
    """Evidence older than this generation weighs less, because scores fell there; 0 is no cut."""
    z: float | None = None
    """How the newest judged generation did against what was known before, in spreads."""
    rest: tuple[Rest, ...] = ()
    """All that a fit may use beside the trials, in order."""

    @property
    def scored(self) -> Iterator[Stratum]:
        """The scored prompts of the newest measure."""
        return _of(self.strata, self.scored_by)

    @property
    def learnable(self) -> Iterator[Stratum]:
        """The scored prompts a fit may use: complete recipe, newest measure."""
        return (each for each in _of(self.strata, self.learned_by) if each.like.complete)

    @property
    def learned(self) -> int:
        """How many rows a fit may use."""
        return sum(each.scores.n for each in self.learnable)

    def set_aside(self) -> Mapping[str, int]:
        """Count the rows no fit uses, by why: document, incomplete, failed, other_version …"""
        counts: Counter[str] = Counter()
        for each in self.strata:
            for why, rows in _aside(each, self.learned_by):
                counts[why] += rows
        return dict(+counts)


def _of(strata: Iterable[Stratum], measure: str | None) -> Iterator[Stratum]:
    return (
        each
        for each in strata
        if each.scores.n and each.like.kind == "prompt" and each.like.measure == measure
    )


def _aside(each: Stratum, measure: str | None) -> Iterator[tuple[str, int]]:
    like, unscored = each.like, each.rows - each.scores.n
    if like.kind != "prompt":
        yield like.kind, each.rows
        return
    yield like.outcome if like.outcome in ("failed", "refused") else "unscored", unscored
    if not like.complete:
        yield "incomplete", each.scores.n
    elif like.measure != measure:
        yield "other_version", each.scores.n
