"""What is added up in the database equals what one works out row by row."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from statistics import fmean

import numpy as np
import pytest
import student
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evolution.learner import FAMILY_SD, PRIOR_SD, believe, levels_of
from evolution.lift import lift
from evolution.recipes import Space
from evolution.reporting import FACTORS, report
from evolution.rows import Row
from evolution.tallies import Evidence

EvidenceOf = Callable[..., Evidence]


def scored(rows: Iterable[Row]) -> list[Row]:
    """Return the scored prompts of the newest measure."""
    found = [row for row in rows if row.measure is not None]
    newest = max(found, key=lambda row: (row.settled_at, row.key), default=None)
    return [row for row in found if newest and row.measure == newest.measure]


def learnable(rows: Iterable[Row]) -> list[Row]:
    """Return the rows a fit may use."""
    return scored(row for row in rows if row.complete)


def plain_belief(
    space: Space, rows: Sequence[Row], floor: float, singly: int
) -> dict[tuple[str, str], float]:
    """Fit each row by itself: an intercept, and an effect for each level and each family.

    All but the newest `singly` count as families of their own.
    """
    newest = sorted(rows, key=lambda row: (row.settled_at, row.key))[-singly:] if singly else []
    levels = [
        {
            **dict(zip(PRIOR_SD, levels_of(row), strict=True)),
            "family": (row.family if row in newest else None) or row.job_id,
        }
        for row in rows
    ]
    columns = list(believe(space, Evidence()).columns)
    columns += sorted({pair for each in levels for pair in each.items()} - set(columns))
    design = np.array([[1.0, *(each.get(f) == v for f, v in columns[1:])] for each in levels])
    design = design.reshape(len(levels), len(columns))
    sds = {**PRIOR_SD, "family": FAMILY_SD}
    prior = np.array([sds.get(factor, 25.0) ** -2 for factor, _ in columns])
    scores = np.array([max(float(row.score or 0), floor) for row in rows])
    start = np.where(np.arange(len(columns)) == 0, (floor + 100) / 2, 0)
    mean = np.linalg.solve(
        design.T @ design / 100 + np.diag(prior), design.T @ scores / 100 + start * prior
    )
    return dict(zip(columns, mean.tolist(), strict=True))


def some_rows(seed: int, count: int) -> list[Row]:
    """Make rows of all sorts, in any order."""
    dice = random.Random(seed)
    return dice.sample([a_row(dice, number) for number in range(count)], count)


def a_row(dice: random.Random, number: int) -> Row:
    """Make a row: mostly a scored prompt, sometimes anything else."""
    failed = dice.random() < 0.2
    return Row(
        job_id=f"job-{number:05}",
        attempt=dice.randint(1, 3),
        kind=dice.choice(["prompt"] * 9 + ["document"]),
        outcome=dice.choice(["failed", "refused", "low_score"]) if failed else "passed",
        settled_at=f"2026-{dice.randint(0, 50):04}",
        topic=dice.choice(["a", "b", "c"]),
        category=dice.choice(["one", "two"]),
        style=dice.choice(["plain", "wild"]),
        wrapper=dice.choice(["human", "sigma"]),
        pattern=dice.choice(["question"] * 6 + [None, ""]),
        arm=dice.choice(["control", "steered", None]),
        operator=dice.choice(["fresh", "manual", None]),
        generation=dice.choice([None, 1, 2, 3, 4]),
        score=None if failed else dice.randint(0, 100),
        completeness=dice.choice([None, dice.randint(0, 100)]),
        fields=dice.choice([(), (("drift", True),), (("drift", False), ("depth", True))]),
        model="m",
        family=dice.choice([None, "family 1", "family 2", "family 3"]),
        score_version=dice.choice(["1", "1", "1", "2", None]),
        simulated=dice.random() < 0.2,
    )


MANY = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ROWS = st.builds(some_rows, st.integers(0, 10**6), st.integers(0, 120))


@MANY
@given(rows=ROWS, floor=st.sampled_from([0.0, 50.0, 62.5]), singly=st.sampled_from([0, 9, 5_000]))
def test_the_belief_is_that_of_single_rows(
    rows: list[Row], floor: float, singly: int, space: Space, evidence_of: EvidenceOf
) -> None:
    """Every effect, those of families too, is the same to a billionth as with explicit columns."""
    evidence = evidence_of(rows, floor=floor, singly=singly)
    belief = believe(space, evidence)
    plain = plain_belief(space, learnable(rows), floor, singly)

    assert belief.rows == len(learnable(rows))
    for column, mean in zip(belief.columns, belief.mean, strict=True):
        assert mean == pytest.approx(plain[column], abs=1e-9)
    families = belief.families.draw(belief.mean, 0, np.random.default_rng(0))
    for name, effect in zip(belief.families.names, families, strict=True):
        assert effect == pytest.approx(plain["family", name], abs=1e-9)
    for row in learnable(rows)[:3]:
        levels = zip(PRIOR_SD, levels_of(row), strict=True)
        expected = plain["intercept", ""] + sum(plain[pair] for pair in levels)
        assert belief.expected(row) == pytest.approx(expected, abs=1e-9)


@MANY
@given(rows=ROWS, min_score=st.sampled_from([0, 60, 90]), most=st.sampled_from([0, 1, 5, 50]))
def test_the_report_is_that_of_single_rows(
    rows: list[Row], min_score: int, most: int, evidence_of: EvidenceOf
) -> None:
    """Summaries, ranks, field shares and what was set aside are counted alike."""
    told = report(evidence_of(rows, min_score=min_score, max_samples=most))
    used, all_scored = learnable(rows), scored(rows)

    assert told.learned.sample_count == len(used)
    assert told.learned.styles == dict(Counter(row.style for row in used))
    known = [row.completeness for row in used if row.completeness is not None]
    assert told.learned.avg_field_completeness == (round(fmean(known), 2) if known else None)
    best = sorted(all_scored, key=lambda row: (-(row.score or 0), row.key))
    best = [row for row in best if (row.score or 0) >= min_score][:most]
    assert told.top.sample_count == len(best)
    assert told.top.categories == dict(Counter(row.category for row in best))
    assert told.top.avg_score == (round(fmean(row.score or 0 for row in best), 2) if best else None)
    for factor in FACTORS:
        scores = by_level(all_scored, factor)
        assert {level.name: level.n for level in told.levels[factor]} == {
            name: len(values) for name, values in scores.items()
        }
        for level in told.levels[factor]:
            values = scores[level.name]
            assert level.mean == pytest.approx(fmean(values), abs=0.0051)
            good = sum(value >= min_score for value in values) / len(values)
            assert level.success == pytest.approx(good, abs=0.000051)
    assert told.fields == field_shares(all_scored)
    assert told.set_aside == set_aside(rows)


def by_level(rows: Iterable[Row], factor: str) -> dict[str, list[int]]:
    """Return the scores of each level."""
    found: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if getattr(row, factor) and row.score is not None:
            found[getattr(row, factor)].append(row.score)
    return found


def field_shares(rows: Iterable[Row]) -> dict[str, float]:
    """Return how often each field was found where it was asked for."""
    found: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        for key, present in row.fields:
            found[key].append(present)
    return {key: round(fmean(hits), 4) for key, hits in found.items()}


def set_aside(rows: Sequence[Row]) -> dict[str, int]:
    """Count what no fit uses, by why."""
    used = {row.key for row in learnable(rows)}

    def why(row: Row) -> str:
        if row.kind != "prompt":
            return row.kind
        if row.score is None:
            return row.outcome if row.outcome in ("failed", "refused") else "unscored"
        return "other_version" if row.complete else "incomplete"

    return dict(Counter(why(row) for row in rows if row.key not in used))


@MANY
@given(rows=ROWS)
def test_the_lift_is_that_of_single_rows(rows: list[Row], evidence_of: EvidenceOf) -> None:
    """Sizes, means and the interval come from the scores of the generations with both arms."""
    arms: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row in learnable(rows):
        if row.generation is not None and row.arm:
            arms[row.generation][row.arm].append(row.score or 0)
    both = [each for each in arms.values() if each["steered"] and each["control"]]
    steered = [score for each in both for score in each["steered"]]
    control = [score for each in both for score in each["control"]]

    measured = lift(evidence_of(rows).arms)

    assert (measured.n_steered, measured.n_control) == (len(steered), len(control))
    if min(len(steered), len(control)) >= 8:
        assert measured.difference is not None
        assert measured.low is not None
        margin = student.margin(steered, control, 2.67)
        difference = fmean(steered) - fmean(control)
        assert measured.difference == pytest.approx(difference, abs=0.0051)
        assert measured.low == pytest.approx(difference - margin, rel=0.005, abs=0.1)


def test_only_the_newest_score_version_is_learned_from(
    row: Callable[..., Row], evidence_of: EvidenceOf
) -> None:
    """Two score versions are never mixed; the one that settled last wins."""
    older = [row(number, score_version="1") for number in range(5)]
    newer = [row(number, score_version="2") for number in range(5, 8)]

    evidence = evidence_of(random.Random(0).sample(older + newer, 8))

    assert evidence.learned_by == evidence.scored_by == "2"
    assert evidence.learned == 3
    assert evidence.set_aside() == {"other_version": 5}
    assert [arm.scores.n for arm in evidence.arms] == []


def test_rows_no_fit_uses_are_counted_by_why(
    row: Callable[..., Row], evidence_of: EvidenceOf
) -> None:
    """Documents, unknown recipes, failures, refusals and older versions are told apart."""
    rows = [
        row(1, kind="document"),
        row(2, wrapper=None),
        row(3, score=None, outcome="failed"),
        row(4, score=None, outcome="failed"),
        row(5, score=None, outcome="refused"),
        row(6, score_version="old"),
        row(7, score_version="new"),
    ]

    assert evidence_of(rows).set_aside() == {
        "document": 1, "incomplete": 1, "failed": 2, "refused": 1, "other_version": 1
    }  # fmt: skip


def test_a_job_counts_once_by_its_latest_verdict(
    row: Callable[..., Row], evidence_of: EvidenceOf
) -> None:
    """Rows of one job replace each other in the order they were learned."""
    rows = [row(1, score=30, attempt=1), row(1, score=95, attempt=2), row(2, score=50)]

    (stratum,) = evidence_of(rows).strata
    assert (stratum.rows, stratum.scores.total, stratum.good) == (2, 145, 1)


def test_sums_stay_as_few_as_there_are_recipes(
    row: Callable[..., Row], evidence_of: EvidenceOf
) -> None:
    """Five thousand rows of four recipes are four strata; of the best fifty are kept."""
    rows = [row(n, style=f"s{n % 4}", score=90 + n % 10, generation=1) for n in range(5_000)]

    evidence = evidence_of(rows)

    assert len(evidence.strata) == 4
    assert len(evidence.top) == 50
    assert sum(stratum.rows for stratum in evidence.strata) == 5_000
