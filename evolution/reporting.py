"""What the evidence says, as a report people can read."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from evolution.lift import GenerationMean, latest
from evolution.tallies import Evidence, Sample, Stratum, Sums, total_of

Factor = Literal["category", "style", "wrapper", "pattern", "topic"]
FACTORS: tuple[Factor, ...] = ("category", "style", "wrapper", "pattern", "topic")

_Z90 = 1.645
_USUAL_SD = 10.0
_USUAL_WEIGHT = 2
_LEADERS = 3


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts and means over some rows; means are None when there are none."""

    sample_count: int
    avg_score: float | None
    avg_field_completeness: float | None
    categories: Mapping[str, int]
    styles: Mapping[str, int]
    wrappers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Level:
    """How one style (category, …) scored: mean with its 90 % interval, and the success share."""

    name: str
    n: int
    mean: float
    low: float
    high: float
    success: float


@dataclass(frozen=True, slots=True)
class Documents:
    """The document jobs that ended, how many of them were scored, and their mean score."""

    jobs: int = 0
    sample_count: int = 0
    avg_score: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What the evidence says: `learned` over all a fit uses, `top` over the best samples.

    `scored` is over all scored prompts of the newest measure, those without a full recipe too, as
    imported ones are; `levels` and `fields` tell of the same, levels ranked by the lower end of
    their interval. `fields` are the shares of answers that held each, of the `fields_asked` for it.
    `scored_by` and `learned_by` name the measures; `latest` is the last scored generation.
    `documents` are told, and no fit uses them.
    """

    learned: Summary
    scored: Summary
    top: Summary
    fields: Mapping[str, float]
    fields_asked: Mapping[str, int]
    levels: Mapping[Factor, tuple[Level, ...]]
    set_aside: Mapping[str, int]
    latest: GenerationMean | None
    scored_by: str | None = None
    learned_by: str | None = None
    documents: Documents = Documents()
    unreadable: tuple[tuple[str, str], ...] = ()

    def leaders(self, factor: Factor) -> list[str]:
        """Name the best levels of a factor by evidence, at most three."""
        return [level.name for level in self.levels[factor][:_LEADERS]]


def report(evidence: Evidence, unreadable: tuple[tuple[str, str], ...] = ()) -> Report:
    """Summarise the evidence; `top` holds the best samples its terms let in."""
    scored = tuple(evidence.scored)
    return Report(
        learned=_summary_of_strata(tuple(evidence.learnable)),
        scored=_summary_of_strata(scored),
        top=_summary_of_samples(evidence.top),
        fields={key: round(n / asked, 4) for key, (n, asked) in sorted(evidence.fields.items())},
        fields_asked={key: asked for key, (_, asked) in sorted(evidence.fields.items())},
        levels={factor: _levels(scored, factor) for factor in FACTORS},
        set_aside=evidence.set_aside(),
        latest=latest(evidence.arms),
        scored_by=evidence.scored_by,
        learned_by=evidence.learned_by,
        documents=_documents(evidence.strata),
        unreadable=unreadable,
    )


def _documents(strata: Iterable[Stratum]) -> Documents:
    found = [each for each in strata if each.like.kind == "document"]
    scores = total_of(each.scores for each in found)
    return Documents(sum(each.rows for each in found), scores.n, scores.told)


def _summary_of_strata(strata: Sequence[Stratum]) -> Summary:
    scores = total_of(each.scores for each in strata)
    completeness = total_of(each.completeness for each in strata)
    return Summary(
        sample_count=scores.n,
        avg_score=scores.told,
        avg_field_completeness=completeness.told,
        categories=_counts((each.like.category, each.scores.n) for each in strata),
        styles=_counts((each.like.style, each.scores.n) for each in strata),
        wrappers=_counts((each.like.wrapper, each.scores.n) for each in strata),
    )


def _summary_of_samples(samples: Sequence[Sample]) -> Summary:
    completeness = [each.completeness for each in samples if each.completeness is not None]
    return Summary(
        sample_count=len(samples),
        avg_score=Sums(len(samples), sum(each.score for each in samples)).told,
        avg_field_completeness=Sums(len(completeness), sum(completeness)).told,
        categories=_counts((each.category, 1) for each in samples),
        styles=_counts((each.style, 1) for each in samples),
        wrappers=_counts((each.wrapper, 1) for each in samples),
    )


def _counts(named: Iterable[tuple[str, int]]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for name, n in named:
        counts[name] += n
    known = ((name, n) for name, n in counts.items() if name)
    return dict(sorted(known, key=lambda item: (-item[1], item[0])))


def _levels(strata: Sequence[Stratum], factor: Factor) -> tuple[Level, ...]:
    scores: dict[str, list[Sums]] = defaultdict(list)
    good: Counter[str] = Counter()
    for each in strata:
        if name := getattr(each.like, factor):
            scores[name].append(each.scores)
            good[name] += each.good
    levels = [_level(name, total_of(sums), good[name]) for name, sums in scores.items()]
    return tuple(sorted(levels, key=lambda level: (-level.low, level.name)))


def _level(name: str, scores: Sums, good: int) -> Level:
    n, mean = scores.n, scores.mean
    # A few equal scores would claim certainty; two degrees of the usual spread stand against it.
    spread = scores.deviations + _USUAL_WEIGHT * _USUAL_SD**2
    margin = _Z90 * math.sqrt(spread / (n - 1 + _USUAL_WEIGHT) / n)
    return Level(
        name,
        n,
        round(mean, 2),
        round(max(0.0, mean - margin), 2),
        round(min(100.0, mean + margin), 2),
        round(good / n, 4),
    )
