"""What the evidence says, as a report people can read."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any, Literal

from evolution.lift import curve
from evolution.rows import Row, learnable, scored, set_aside

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
class Report:
    """What the evidence says: `learned` over all a fit uses, `top` over the best samples.

    `levels` are ranked by the lower end of their interval; `latest` is the last scored generation.
    """

    learned: Summary
    top: Summary
    fields: Mapping[str, float]
    levels: Mapping[Factor, tuple[Level, ...]]
    set_aside: Mapping[str, int]
    latest: Mapping[str, Any] | None
    unreadable: tuple[tuple[str, str], ...] = ()

    def leaders(self, factor: Factor) -> list[str]:
        """Name the best levels of a factor by evidence, at most three."""
        return [level.name for level in self.levels[factor][:_LEADERS]]


def report(
    rows: Sequence[Row],
    max_samples: int,
    min_score: int,
    unreadable: tuple[tuple[str, str], ...] = (),
) -> Report:
    """Summarise the evidence; `top` holds at most `max_samples` rows of at least `min_score`."""
    ranked = sorted(scored(rows), key=lambda row: (-(row.score or 0), row.key))
    successes = [row for row in ranked if (row.score or 0) >= min_score]
    generations = curve(rows)
    return Report(
        learned=_summary(learnable(rows)),
        top=_summary(successes[:max_samples]),
        fields=_field_rates(ranked),
        levels={factor: _levels(ranked, factor, min_score) for factor in FACTORS},
        set_aside=set_aside(rows),
        latest=asdict(generations[-1]) if generations else None,
        unreadable=unreadable,
    )


def _summary(rows: Sequence[Row]) -> Summary:
    return Summary(
        sample_count=len(rows),
        avg_score=_mean([row.score for row in rows]),
        avg_field_completeness=_mean([row.completeness for row in rows]),
        categories=_counts(row.category for row in rows),
        styles=_counts(row.style for row in rows),
        wrappers=_counts(row.wrapper for row in rows),
    )


def _counts(names: Iterable[str | None]) -> dict[str, int]:
    counts = Counter(name for name in names if name)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _mean(values: Sequence[int | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(fmean(known), 2) if known else None


def _field_rates(rows: Sequence[Row]) -> dict[str, float]:
    found: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        for key, present in row.fields:
            found[key].append(present)
    return {key: round(fmean(hits), 4) for key, hits in sorted(found.items())}


def _levels(rows: Sequence[Row], factor: Factor, min_score: int) -> tuple[Level, ...]:
    scores: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        name = getattr(row, factor)
        if name and row.score is not None:
            scores[name].append(row.score)
    levels = [_level(name, values, min_score) for name, values in scores.items()]
    return tuple(sorted(levels, key=lambda level: (-level.low, level.name)))


def _level(name: str, scores: Sequence[int], min_score: int) -> Level:
    n, mean = len(scores), fmean(scores)
    # A few equal scores would claim certainty; two degrees of the usual spread stand against it.
    spread = sum((score - mean) ** 2 for score in scores) + _USUAL_WEIGHT * _USUAL_SD**2
    margin = _Z90 * math.sqrt(spread / (n - 1 + _USUAL_WEIGHT) / n)
    success = sum(score >= min_score for score in scores) / n
    return Level(
        name,
        n,
        round(mean, 2),
        round(max(0.0, mean - margin), 2),
        round(min(100.0, mean + margin), 2),
        round(success, 4),
    )
