from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

from evolution.evidence import EvidenceStore
from syntx.home import Home
from syntx.ids import new_id
from syntx.job import Job, Recipe

Make = Callable[..., Job]
Call = Callable[..., Result]


def _put(home: Home, state: str, *jobs: Job) -> None:
    for job in jobs:
        folder = home.root / "queue" / state / job.day
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{job.id}.json").write_bytes(job.to_bytes())


def _told(call: Call, *arguments: str) -> dict[str, Any]:
    shown = call("analyze", "--json", *arguments)
    assert shown.exit_code == 0, shown.output
    found: dict[str, Any] = json.loads(shown.stdout)
    return found


@pytest.fixture
def planted(finished_job: Make, recipe: Recipe) -> list[Job]:
    """Give 100 prompts of a style that succeeds in 95 %, and 100 of one that does in 40 %."""
    jobs = []
    for number in range(200):
        style, succeeds = ("A", number % 40) if number % 2 else ("B", number % 10 * 5)
        jobs.append(
            finished_job(
                number,
                score=92 if succeeds >= (2 if style == "A" else 30) else 60,
                recipe=recipe.model_copy(update={"style": style}),
            )
        )
    return jobs


def test_the_better_style_is_claimed_in_words(call: Call, home: Home, planted: list[Job]) -> None:
    """The effect stands with its interval and n, and the summary counts what is there."""
    _put(home, "processed", *planted)

    shown = call("analyze").stdout

    assert "200 scored jobs" in shown
    assert "learned from 200 of them" in shown
    line = next(line for line in shown.splitlines() if "style A is best" in line)
    assert "n = 100" in line
    assert "[+" in line
    claim = next(c for c in _told(call)["claims"] if (c["factor"], c["level"]) == ("style", "A"))
    assert 0 < claim["low"] < claim["effect"] < claim["high"]


def test_one_lucky_answer_is_not_decided(
    call: Call, home: Home, planted: list[Job], finished_job: Make, recipe: Recipe
) -> None:
    """A single 98 of a new style is told with its n, and nothing is claimed from it."""
    lucky = finished_job(999, score=98, recipe=recipe.model_copy(update={"style": "casual"}))
    _put(home, "processed", *planted, lucky)

    shown = call("analyze").stdout

    assert "casual (n = 1)" in shown
    assert "casual is" not in shown


def test_imported_prompts_are_counted_as_scored(
    call: Call, home: Home, finished_job: Make, recipe: Recipe
) -> None:
    """A home of prompts without a full recipe has scores to tell of, and nothing learned."""
    partly = recipe.model_copy(update={"pattern": None})
    _put(home, "archive", *(finished_job(n, score=95, recipe=partly) for n in range(3)))

    told = _told(call, "--archived")
    shown = call("analyze", "--archived").stdout

    assert told["scored"]["sample_count"] == told["top"]["sample_count"] == 3
    assert told["learned"]["sample_count"] == 0
    assert "3 scored jobs by score version 1, mean 95.0" in shown
    assert "learned from 0 of them" in shown
    assert "set aside: 3 incomplete" in shown


def test_what_was_learned_by_an_older_measure_is_told_so(
    call: Call, home: Home, planted: list[Job], finished_job: Make, recipe: Recipe
) -> None:
    """A newer score of a prompt by hand is no part of what was learned, and both say by what."""
    by_hand = finished_job(999, score=98, recipe=recipe.model_copy(update={"pattern": None}))
    verdict = by_hand.verdict
    assert verdict is not None
    newer = verdict.model_copy(update={"score_version": "legacy-1", "simulated": True})
    _put(home, "processed", *planted, by_hand.model_copy(update={"verdict": newer}))

    shown = call("analyze").stdout

    assert "1 scored job by score version legacy-1 (simulated), mean 98.0" in shown
    assert "learned from 200 scored jobs by score version 1: none of a full recipe" in shown


def test_a_document_jobs_verdict_is_evidence_of_its_own_kind(
    call: Call, home: Home, planted: list[Job], finished_job: Make
) -> None:
    """It is read from its folder, kept when that is gone, told apart, and no part of a fit."""
    prompt = finished_job(999, score=12)
    assert prompt.verdict is not None
    verdict = prompt.verdict.model_copy(update={"score_version": "document/1"})
    job = prompt.model_copy(update={"kind": "document", "verdict": verdict})
    _put(home, "processed", *planted)
    before = _told(call)
    folder = home.root / "queue" / "processed" / job.day / job.id
    folder.mkdir()
    (folder / "job.json").write_bytes(job.to_bytes())
    assert call("evolution", "rebuild").exit_code == 0
    shutil.rmtree(folder)

    told = _told(call)

    assert before["set_aside"] == {}
    assert told["set_aside"] == {"document": 1}
    assert told["learned"] == before["learned"]
    assert told["claims"] == before["claims"]
    assert told["documents"] == {"jobs": 1, "sample_count": 1, "avg_score": 12.0}
    shown = call("analyze").stdout
    assert "1 document job, 1 scored, mean 12.0" in shown
    assert "set aside: 1 document" in shown


def test_what_is_told_fits_a_terminal(
    call: Call, home: Home, finished_job: Make, recipe: Recipe
) -> None:
    """No line is wider than 100 characters, and the IDs in it are beginnings that are found."""
    job = finished_job(score=95)
    named = job.model_copy(update={"id": f"{job.id}-{'a_long_topic' * 4}-akademisch"})
    others = [
        finished_job(n, recipe=recipe.model_copy(update={"topic": f"Ein recht langes Thema {n}"}))
        for n in range(1, 9)
    ]
    _put(home, "processed", named, *others)

    shown = call("analyze").stdout

    assert max(map(len, shown.splitlines())) <= 100
    assert named.id not in shown
    assert job.id in shown
    assert named.id in call("lineage", job.id, "--json").stdout


def test_field_rates_stand_with_how_many_were_asked(
    call: Call, home: Home, planted: list[Job]
) -> None:
    """A share of found fields is told with the number of answers it is of."""
    _put(home, "processed", *planted)

    assert _told(call)["fields_asked"] == {"drift": 200}
    assert ["drift", "200", "100", "%"] in [
        line.split() for line in call("analyze").stdout.split("\n")
    ]


def test_the_terminal_is_safe_from_names(
    call: Call, home: Home, finished_job: Make, recipe: Recipe
) -> None:
    """Escape sequences in a style that somebody dropped in are shown, not obeyed."""
    hostile = recipe.model_copy(update={"style": "x\x1b]0;boo\x07"})
    job = finished_job(recipe=hostile)
    _put(home, "processed", job)

    assert "\x1b" not in call("analyze").stdout + call("lineage", job.id).stdout


def test_elites_and_surprises_name_jobs(call: Call, home: Home, planted: list[Job]) -> None:
    """The best of each category and style, and what went against expectation, can be looked up."""
    _put(home, "processed", *planted)
    names = {job.id for job in planted}

    told = _told(call)

    assert {(trial["style"], trial["score"]) for trial in told["elites"]} == {("A", 92), ("B", 92)}
    assert told["surprises"]
    assert {trial["job_id"] for trial in told["surprises"]} <= names
    assert {example["surprise"] > 0 for example in told["surprises"]} == {True, False}


def test_what_the_producer_learned_outlives_the_files(
    call: Call, home: Home, planted: list[Job]
) -> None:
    """With a store all that was ever learned is told; --archived tells what files there are."""
    _put(home, "archive", *planted)
    assert call("evolution", "rebuild").exit_code == 0
    for path in (home.root / "queue" / "archive").rglob("*.json"):
        path.unlink()

    assert _told(call)["scored"]["sample_count"] == 200
    assert _told(call, "--archived")["scored"]["sample_count"] == 0


def test_a_file_that_is_no_job_is_named_again_when_all_is_read(
    call: Call, home: Home, planted: list[Job]
) -> None:
    """Every file is looked at anew with --archived, whatever the store knows."""
    _put(home, "processed", *planted[:3])
    day = next((home.root / "queue" / "processed").iterdir())
    (day / f"{new_id()}.json").write_text("{ no job")
    call("evolution", "rebuild")

    shown = call("analyze", "--archived")
    assert shown.stderr.count("skipped") == 1
    assert "3 scored jobs" in shown.stdout


def test_a_producer_at_work_does_not_keep_anybody_from_looking(
    call: Call, home: Home, planted: list[Job]
) -> None:
    """In the middle of a transaction the last kept state is told, and the writer goes on."""
    _put(home, "processed", *planted[:3])
    call("evolution", "rebuild")
    with EvidenceStore(home.root / "queue" / ".state" / "evolution.sqlite") as store:
        with store.writing() as db:
            db.execute("DELETE FROM evidence")
            assert _told(call)["scored"]["sample_count"] == 3
        assert store.count() == 0


@pytest.mark.parametrize("content", [b"", b"no database, " * 100])
def test_a_store_that_is_none(call: Call, home: Home, planted: list[Job], content: bytes) -> None:
    """An empty file is a store without tables; a damaged one is told with its remedy."""
    _put(home, "processed", *planted[:3])
    store = home.root / "queue" / ".state" / "evolution.sqlite"
    store.parent.mkdir(parents=True, exist_ok=True)
    store.write_bytes(content)

    shown = call("analyze")

    if content:
        assert shown.exit_code != 0
        assert "fix:" in shown.stderr
    else:
        assert "3 scored jobs" in shown.stdout
    assert store.read_bytes() == content
