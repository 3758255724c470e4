from __future__ import annotations

import random
from collections.abc import Callable

from evolution.rows import Row, learnable, row_of, set_aside
from syntx.job import Job, Recipe


def test_a_job_becomes_a_row(finished_job: Callable[..., Job], recipe: Recipe) -> None:
    """Recipe, origin and verdict of a job are all in its row."""
    job = finished_job(3, score=91, arm="steered", generation=4)

    row = row_of(job)

    assert row is not None
    assert row.key == (job.id, 1)
    assert (row.topic, row.style, row.pattern) == (recipe.topic, recipe.style, recipe.pattern)
    assert (row.arm, row.generation, row.score, row.outcome) == ("steered", 4, 91, "passed")
    assert (row.fields, row.model, row.score_version) == ((("drift", True),), "m", "1")
    assert row.complete


def test_a_job_without_verdict_is_no_evidence(finished_job: Callable[..., Job]) -> None:
    """What has not ended teaches nothing."""
    assert row_of(finished_job().model_copy(update={"verdict": None})) is None


def test_only_the_newest_score_version_is_learned_from(row: Callable[..., Row]) -> None:
    """Two score versions are never mixed; the one that settled last wins."""
    older = [row(number, score_version="1") for number in range(5)]
    newer = [row(number, score_version="2") for number in range(5, 8)]

    assert learnable(random.Random(0).sample(older + newer, 8)) == tuple(newer)


def test_rows_no_fit_uses_are_counted_by_why(row: Callable[..., Row]) -> None:
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

    assert set_aside(rows) == {
        "document": 1, "incomplete": 1, "failed": 2, "refused": 1, "other_version": 1
    }  # fmt: skip
