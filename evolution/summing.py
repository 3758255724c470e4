"""Adding up the evidence in SQL: the cost is a few narrow index scans, the result is small."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from evolution.tallies import ArmScores, Evidence, Likeness, Sample, Stratum, Sums, Terms

Read = Callable[..., list[Any]]
"""Runs a query with its values and returns all rows."""

_LIKENESS = ", ".join(f"s.{name}" for name in Likeness._fields)
_STRATA = f"""
SELECT {_LIKENESS}, a.* FROM (
    SELECT stratum, COUNT(*), COUNT(score), SUM(score), SUM(score * score),
        SUM(MAX(score, ?)), SUM(score >= ?),
        COUNT(completeness), SUM(completeness), SUM(completeness * completeness)
    FROM evidence INDEXED BY evidence_sums WHERE latest = 1 GROUP BY stratum
) AS a JOIN strata AS s ON s.id = a.stratum ORDER BY {_LIKENESS}
"""  # noqa: S608
_ARMS = """
SELECT generation, arm, COUNT(*), SUM(score), SUM(score * score)
FROM evidence INDEXED BY evidence_arms
WHERE latest = 1 AND generation IS NOT NULL AND arm IN ('control', 'steered')
    AND measure = ? AND complete = 1
GROUP BY generation, arm
"""
_SHAPES = """
SELECT s.fields, a.n FROM (
    SELECT shape, COUNT(*) AS n FROM evidence INDEXED BY evidence_shapes
    WHERE latest = 1 AND measure IS NOT NULL AND measure = ? GROUP BY shape
) AS a JOIN shapes AS s ON s.id = a.shape
"""
_TOP = """
SELECT s.category, s.style, s.wrapper, e.score, e.completeness
FROM evidence AS e INDEXED BY evidence_best JOIN strata AS s ON s.id = e.stratum
WHERE e.latest = 1 AND e.measure IS NOT NULL AND e.measure = ? AND e.score >= ?
ORDER BY e.score DESC, e.job_id, e.attempt LIMIT ?
"""
_NEWEST = """
SELECT settled_at, job_id, attempt, measure FROM evidence INDEXED BY evidence_newest
WHERE latest = 1 AND measure IS NOT NULL AND complete = ?
ORDER BY settled_at DESC, job_id DESC, attempt DESC LIMIT 1
"""


def add_up(read: Read, terms: Terms) -> Evidence:
    """Return all evidence added up; every figure equals the one worked out row by row."""
    complete, other = read(_NEWEST, 1), read(_NEWEST, 0)
    learned_by = complete[0][-1] if complete else None
    scored_by = max(complete + other)[-1] if complete or other else None
    return Evidence(
        terms=terms,
        strata=tuple(map(_stratum, read(_STRATA, terms.floor, terms.min_score))),
        arms=arms(read, learned_by),
        fields=_fields(read(_SHAPES, scored_by)),
        top=tuple(Sample(*row) for row in read(_TOP, scored_by, terms.min_score, _most(terms))),
        scored_by=scored_by,
        learned_by=learned_by,
    )


def arms(read: Read, measure: str | None) -> tuple[ArmScores, ...]:
    """Return what each arm of each generation scored by a measure, in order."""
    rows = read(_ARMS, measure)
    return tuple(ArmScores(number, arm, Sums(*sums)) for number, arm, *sums in rows)


def newest_measure(read: Read) -> str | None:
    """Return the measure of the newest scored prompt of a complete recipe."""
    found = read(_NEWEST, 1)
    return found[0][-1] if found else None


def _most(terms: Terms) -> int:
    # A negative limit would be none in SQL.
    return max(0, terms.max_samples)


def _stratum(values: tuple[Any, ...]) -> Stratum:
    width = len(Likeness._fields)
    like = Likeness._make((*values[: width - 1], bool(values[width - 1])))
    rows, n, total, squares, floored, good, *completeness = values[width + 1 :]
    return Stratum(
        like=like,
        rows=rows,
        scores=Sums(n, total or 0, squares or 0),
        floored=floored or 0.0,
        good=good or 0,
        completeness=Sums(*(value or 0 for value in completeness)),
    )


def _fields(shapes: list[tuple[str, int]]) -> dict[str, tuple[int, int]]:
    asked: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for fields, n in shapes:
        for key, present in json.loads(fields).items():
            asked[key] += n
            found[key] += n * present
    return {key: (found[key], asked[key]) for key in sorted(asked)}
