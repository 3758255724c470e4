"""Adding up the evidence in SQL: the cost is a few narrow index scans, the result is small."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from sys import intern
from typing import Any

from evolution.rows import PLAUSIBLE
from evolution.running import Bounds, sums_of
from evolution.tallies import (
    NONE,
    ArmScores,
    Evidence,
    Likeness,
    Rest,
    Sample,
    Stratum,
    Sums,
    Terms,
    Trial,
    Weighed,
    kept,
)

Read = Callable[..., list[Any]]
"""Runs a query with its values and returns all rows."""

_LIKENESS = ", ".join(f"s.{name}" for name in Likeness._fields)
# A name that is no table's stands for the sums, wherever they are.
_STRATA = f"""
SELECT {_LIKENESS}, a.* FROM (
    SELECT stratum, SUM(rows), SUM(scored), SUM(total), SUM(squares), SUM(below), SUM(below_total),
        SUM(good), SUM(told), SUM(told_total), SUM(told_squares),
        SUM(past_scored), SUM(past_total), SUM(past_below), SUM(past_below_total),
        SUM(old * (scored - past_scored)), SUM(old * (total - past_total)),
        SUM(old * (below - past_below)), SUM(old * (below_total - past_below_total))
    FROM (SELECT *, make IN (SELECT value FROM json_each(?)) AS old FROM SUMS)
    GROUP BY stratum HAVING SUM(rows) > 0
) AS a JOIN strata AS s ON s.id = a.stratum ORDER BY {_LIKENESS}
"""  # noqa: S608
_ARMS = """
SELECT generation, arm, n, total, squares FROM arm_sums WHERE measure = ? AND n > 0
ORDER BY generation, arm
"""
_SHAPES = """
SELECT s.fields, a.n FROM shape_sums AS a JOIN shapes AS s ON s.id = a.shape
WHERE a.measure = ? AND a.n > 0
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
_TRIALS = """
SELECT e.job_id, COALESCE(e.generation, 0), s.topic, s.category, s.style, s.wrapper, s.pattern,
    s.arm, s.operator, COALESCE(e.family, e.job_id), e.score, e.make
FROM evidence AS e INDEXED BY evidence_trials JOIN strata AS s ON s.id = e.stratum
WHERE e.latest = 1 AND e.complete = 1 AND e.measure IS NOT NULL AND e.measure = ?
ORDER BY e.settled_at DESC, e.job_id DESC, e.attempt DESC LIMIT ?
"""
_CUT = "SELECT MAX(generation) FROM cuts WHERE measure = ?"
_MAKES = "SELECT id, wrapper FROM makes"
_JUDGED = "SELECT value FROM state WHERE key = 'judged'"
_TURN = """
SELECT generation FROM evidence INDEXED BY evidence_turns
WHERE latest = 1 AND generation > ? ORDER BY generation LIMIT 1 OFFSET ?
"""
_PLANNED = """
SELECT e.job_id, e.generation, s.topic, s.category, s.style, s.wrapper, s.pattern, s.arm,
    s.operator, COALESCE(e.family, e.job_id), e.score
FROM evidence AS e INDEXED BY evidence_turns JOIN strata AS s ON s.id = e.stratum
WHERE e.latest = 1 AND e.generation > ? AND e.generation <= ? AND e.measure = ? AND e.complete = 1
    AND e.arm IN ('control', 'steered')
ORDER BY e.generation, e.settled_at, e.job_id
"""
_WINDOW, _SLICE = 20, 5_000
_FIRST = len(Likeness._fields) + 7


def add_up(read: Read, terms: Terms) -> Evidence:
    """Return all evidence added up; every figure equals the one worked out row by row."""
    complete, other = read(_NEWEST, 1), read(_NEWEST, 0)
    learned_by = complete[0][-1] if complete else None
    scored_by = max(complete + other)[-1] if complete or other else None
    bounds = bounds_for(read, terms, learned_by)
    sums = _STRATA.replace("SUMS", sums_of(bounds, Bounds(*read("SELECT * FROM bounds")[0])))
    tried = read(_TRIALS, learned_by, max(0, terms.singly))
    outdated = _outdated(read, [(row[5], row[-1]) for row in tried])
    strata = read(sums, json.dumps(sorted(outdated)))
    summed = Evidence(
        terms=terms,
        strata=tuple(_stratum(values, terms.floor) for values in strata),
        arms=arms(read, learned_by),
        fields=_fields(read(_SHAPES, scored_by)),
        top=tuple(Sample(*row) for row in read(_TOP, scored_by, terms.min_score, _most(terms))),
        scored_by=scored_by,
        learned_by=learned_by,
        cut=bounds.cut,
        z=judgements(read).get(learned_by or "", (0, None))[1],
    )
    return _told_singly(summed, tried[::-1], outdated)


def bounds_for(read: Read, terms: Terms, measure: str | None) -> Bounds:
    """Return what the sums are told apart by for these terms."""
    return Bounds(terms.floor, terms.min_score, read(_CUT, measure)[0][0] or 0)


def _outdated(read: Read, newest: Iterable[tuple[str, int]]) -> frozenset[int]:
    """Return the makes that are no more, by wrapper and make of the newest trials first.

    What was seen since a wrapper's newest make came up is current: a model that stands in for
    another now and then makes neither of them outdated.
    """
    seen: dict[str, list[int]] = defaultdict(list)
    for wrapper, make in newest:
        if len(seen[wrapper]) < _WINDOW:
            seen[wrapper].append(make)
    current: set[int] = set()
    for makes in seen.values():
        since = max(place for place, make in enumerate(makes) if make == makes[0])
        current.update(makes[: since + 1])
    return frozenset(make for make, wrapper in read(_MAKES) if wrapper in seen) - current


def _told_singly(
    summed: Evidence, tried: Sequence[tuple[Any, ...]], outdated: Container[int]
) -> Evidence:
    """Add the trials, oldest first, and by recipe all that is left of the sums without them."""
    floor, learnable = summed.terms.floor, tuple(summed.learnable)
    keep = kept(summed.terms.keep, sum(each.faded.n for each in learnable))
    fresh: dict[tuple[str, ...], list[float]] = defaultdict(lambda: [0, 0.0])
    faded: dict[tuple[str, ...], list[float]] = defaultdict(lambda: [0, 0.0])
    for each in learnable:
        old, recipe = each.faded, each.like.recipe
        _count(fresh[recipe], each.scores.n - old.n, each.floored - old.floored)
        if old.n:
            _count(faded[recipe], old.n, old.floored)
    trials = []
    for *values, make in tried:
        trial = Trial(*values)
        is_old = trial.generation < summed.cut or make in outdated
        _count((faded if is_old else fresh)[trial.recipe], -1, -max(trial.score, floor))
        trials.append(trial._replace(weight=keep) if is_old else trial)
    rest = []
    for recipe in sorted({*fresh, *faded}):
        (n, total), (less, few) = fresh[recipe], faded[recipe]
        if n or less:
            rest.append(Rest._make((*recipe, n + keep * less, total + keep * few)))
    return replace(summed, trials=tuple(trials), rest=tuple(rest))


def _count(sums: list[float], n: int, total: float) -> None:
    sums[0] += n
    sums[1] += total


def judgements(read: Read) -> Mapping[str, tuple[int, float | None]]:
    """Return by measure how far generations were judged for drift, and the last one's z."""
    found = read(_JUDGED)
    return (
        {name: (told[0], told[1]) for name, told in json.loads(found[0][0]).items()}
        if found
        else {}
    )


def planned_trials(read: Read, measure: str, since: int) -> Iterator[list[Trial]]:
    """Return the trials of all generations from `since` on, a slice of whole ones at a time."""
    before = since - 1
    while True:
        ahead = read(_TURN, before, _SLICE)
        last = ahead[0][0] if ahead else PLAUSIBLE
        yield [Trial(*row) for row in read(_PLANNED, before, last, measure)]
        if not ahead:
            return
        before = last


def arms(read: Read, measure: str | None) -> tuple[ArmScores, ...]:
    """Return what each arm of each generation scored by a measure, in order."""
    rows = read(_ARMS, measure)
    if not rows:
        return ()
    numbers, names, *sums = zip(*rows, strict=True)
    return tuple(map(ArmScores, numbers, names, map(Sums, *sums)))


def newest_measure(read: Read) -> str | None:
    """Return the measure of the newest scored prompt of a complete recipe."""
    found = read(_NEWEST, 1)
    return found[0][-1] if found else None


def _most(terms: Terms) -> int:
    # A negative limit would be none in SQL.
    return max(0, terms.max_samples)


def _stratum(values: tuple[Any, ...], floor: float) -> Stratum:
    *names, simulated, _, rows, n, total, squares, below, below_total = values[:_FIRST]
    good, told, told_total, told_squares, *faded = values[_FIRST:]
    past, past_total, past_below, past_less, old, old_total, old_below, old_less = faded
    return Stratum(
        Likeness._make((*map(intern, names), bool(simulated))),
        rows,
        Sums(n, total, squares),
        total - below_total + floor * below,
        good,
        Sums(told, told_total, told_squares),
        Weighed(past, past_total - past_less + floor * past_below) if past else NONE,
        Weighed(old, old_total - old_less + floor * old_below) if old else NONE,
    )


def _fields(shapes: list[tuple[str, int]]) -> dict[str, tuple[int, int]]:
    asked: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for fields, n in shapes:
        for key, present in json.loads(fields).items():
            asked[key] += n
            found[key] += n * present
    return {key: (found[key], asked[key]) for key in sorted(asked)}
