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


def test_lineage_is_kept_as_far_as_it_can_be_true(finished_job: Callable[..., Job]) -> None:
    """Parents and family are job IDs; anything else, and endless lists, are left out."""
    ids = [finished_job(number).id for number in range(20)]
    job = finished_job(30, parents=(ids[0], "no ID", ids[0], *ids[1:]), family=ids[5])

    row = row_of(job)

    assert row is not None
    assert row.parents == tuple(ids[:8])
    assert row.family == ids[5]
    for family in (None, "", "../../x"):
        other = row_of(finished_job(31, family=family))
        assert other is not None
        assert other.family == other.job_id


def test_what_no_generation_planned_has_no_arm(finished_job: Callable[..., Job]) -> None:
    """A dropped job that calls itself steered is compared with nothing."""
    other = finished_job(2).id
    forged = {"arm": "steered", "generation": 7, "parents": (other,), "family": other}
    row = row_of(finished_job(1, **forged, plan_id=None))

    assert row is not None
    assert (row.arm, row.generation) == (None, None)
    assert (row.parents, row.family) == ((), row.job_id)
