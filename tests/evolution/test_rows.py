from __future__ import annotations

from collections.abc import Callable

from evolution.rows import row_of
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
