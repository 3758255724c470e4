"""The newest prompts are told singly, and those that hold no more weigh less."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from evolution.rows import Row
from evolution.tallies import Evidence

EvidenceOf = Callable[..., Evidence]


def test_the_newest_prompts_are_kept_singly(
    row: Callable[..., Row], evidence_of: EvidenceOf
) -> None:
    """Those a fit may use, oldest first; what is left of the sums is told by recipe."""
    rows = [row(n, score=60 + n, style=f"s{n % 2}", generation=n) for n in range(10)]
    rows += [row(20, pattern=None), row(21, kind="document"), row(22, score=None)]

    evidence = evidence_of(random.Random(0).sample(rows, len(rows)), singly=7)

    assert [trial.job_id for trial in evidence.trials] == [f"job-{n:06}" for n in range(3, 10)]
    assert [(trial.score, trial.generation) for trial in evidence.trials[:2]] == [(63, 3), (64, 4)]
    assert [(each.style, each.weight, each.floored) for each in evidence.rest] == [
        ("s0", 2, 122),
        ("s1", 1, 61),
    ]


def test_another_model_or_wrapper_text_counts_at_once(
    row: Callable[..., Row], evidence_of: EvidenceOf
) -> None:
    """What a wrapper's answers were made with before weighs less; other wrappers keep theirs."""
    rows = [row(n, wrapper=f"w{n % 2}", wrapper_hash="old", model="m") for n in range(20)]
    rows += [row(20, wrapper="w0", wrapper_hash="new", model="m")]

    trials = evidence_of(rows).trials

    assert {trial.weight for trial in trials if trial.wrapper == "w1"} == {1.0}
    assert [t.weight for t in trials if t.wrapper == "w0"] == [pytest.approx(0.1)] * 10 + [1.0]


def test_a_model_that_stands_in_makes_no_other_outdated(
    row: Callable[..., Row], evidence_of: EvidenceOf
) -> None:
    """Two models that answer by turns both count in full."""
    rows = [row(n, model="a" if n % 3 else "b") for n in range(30)]

    assert {trial.weight for trial in evidence_of(rows).trials} == {1.0}


@pytest.mark.parametrize("singly", [20, 100, 5_000])
def test_a_long_history_fades_to_a_few_scores(
    row: Callable[..., Row], evidence_of: EvidenceOf, singly: int
) -> None:
    """Outdated evidence weighs as much as twenty fresh scores at most, however much there is."""
    rows = [row(n, model="old") for n in range(2_000)]
    evidence = evidence_of(
        [*rows, *(row(n, model="new") for n in range(2_000, 2_020))], singly=singly
    )

    weight = sum(each.weight for each in evidence.rest)
    weight += sum(trial.weight for trial in evidence.trials)

    assert weight == pytest.approx(20 + 20)
