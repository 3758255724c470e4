from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import Result

from evolution.choosing import Choice
from evolution.evidence import EvidenceStore
from evolution.generations import new_plan
from syntx.home import Home
from syntx.job import Job, Recipe

Make = Callable[..., Job]
Call = Callable[..., Result]


@pytest.fixture
def grown(home: Home, finished_job: Make, recipe: Recipe) -> list[Job]:
    """Let three generations of ten lie in the archive; steered prompts score 20 more."""
    jobs = []
    for number in range(30):
        steered = number % 10 >= 4
        jobs.append(
            finished_job(
                number,
                score=(85 if steered else 65) + number % 3,
                generation=number // 10 + 1,
                arm="steered" if steered else "control",
                operator="mutate" if steered else "fresh",
                recipe=recipe.model_copy(update={"style": "casual" if number % 2 else "kreativ"}),
            )
        )
    for job in jobs:
        _put(home, "archive", job)
    return jobs


def _put(home: Home, state: str, job: Job) -> None:
    folder = home.root / "queue" / state / job.day
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{job.id}.json").write_bytes(job.to_bytes())


def _told(call: Call, *arguments: str) -> dict[str, Any]:
    shown = call("generations", "--json", *arguments)
    assert shown.exit_code == 0, shown.output
    found: dict[str, Any] = json.loads(shown.stdout)
    return found


def test_every_generation_is_told(call: Call, grown: list[Job]) -> None:
    """Scores by arm, operators, styles and their evenness, in the order of generations."""
    found = _told(call)["generations"]

    assert [each["generation"] for each in found] == [1, 2, 3]
    first = found[0]
    assert (first["n"], first["control"], first["steered"]) == (10, 65.75, 86.0)
    assert first["operators"] == {"fresh": 4, "mutate": 6}
    assert first["styles"] == {"casual": 5, "kreativ": 5}
    assert first["style_entropy"] == 1.0


def test_lift_is_told_as_it_stood_after_each_generation(call: Call, grown: list[Job]) -> None:
    """Four control scores are no ground for an interval, eight are; the last one is the whole."""
    found = _told(call)

    assert found["generations"][0]["lift"]["difference"] is None
    assert found["generations"][1]["lift"]["n_control"] == 8
    assert found["generations"][2]["lift"] == found["lift"]
    assert found["lift"]["low"] > 0
    shown = call("generations").stdout
    assert "lift: +2" in shown
    assert "score points, n = 18 steered, 12 control" in shown
    assert max(map(len, shown.splitlines())) <= 105


def test_only_the_newest_are_told_when_asked(call: Call, grown: list[Job]) -> None:
    """--last narrows the list, not the lift."""
    assert [each["generation"] for each in _told(call, "--last", "1")["generations"]] == [3]
    assert _told(call, "--last", "1")["lift"] == _told(call)["lift"]


def test_the_store_and_the_jobs_tell_the_same(call: Call, grown: list[Job]) -> None:
    """What the producer learned is told as what is read anew from the jobs."""
    anew = _told(call)
    assert call("evolution", "rebuild").exit_code == 0
    assert _told(call) == anew


def test_what_ended_since_the_last_look_is_told_too(
    call: Call, home: Home, grown: list[Job], finished_job: Make
) -> None:
    """A job that the producer has not learned from yet counts at once."""
    call("evolution", "rebuild")
    _put(home, "processed", finished_job(31, generation=4))

    assert [each["generation"] for each in _told(call)["generations"]] == [1, 2, 3, 4]


def test_redrawn_drafts_are_told_where_a_plan_knows_them(
    call: Call, home: Home, finished_job: Make, recipe: Recipe
) -> None:
    """Near repeats come from the producer's plans; generations without a plan have none to tell."""
    store_path = home.root / "queue" / ".state" / "evolution.sqlite"
    with EvidenceStore(store_path) as store:
        plan = new_plan(7, [Choice(recipe, "control")], datetime.now(UTC))
        store.save_plan(plan)
        store.mark_redrawn(plan.items[0].job_id)
        store.mark_redrawn(plan.items[0].job_id)
    own = {"id": plan.items[0].job_id}
    _put(home, "processed", finished_job(6, generation=6))
    _put(home, "processed", finished_job(7, generation=7).model_copy(update=own))

    found = {each["generation"]: each["redrawn"] for each in _told(call)["generations"]}

    assert found == {6: None, 7: 2}
