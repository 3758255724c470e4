from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from syntx.job import AnswerRecord, Attempt, DraftedBy, Job, Recipe, Score, Tokens, Verdict
from syntx.older.writing import write_older

START = datetime(2026, 7, 20, 22, 30, 0, 123456, tzinfo=UTC)
NAME = "20260721_003000_123456__topic_kuenstliche_intelligenz_fuer_k__style_casual"


def _job(outcome: str = "passed", error: str | None = None, **changes: Any) -> Job:
    job = Job(
        id="20260720T223000.123456Z-7f3a-ki-casual",
        created_at=START,
        source="producer",
        prompt="Was weiß „KI“?",
        recipe=Recipe(
            topic="Künstliche Intelligenz für Köche", category="technologie", style="casual",
            wrapper="sigma", pattern="question", language="de",
        ),
        drafted_by=DraftedBy(model="w", tokens=Tokens(input=3, output=4), cost=0.25),
        gpt_quality={"total_score": 7},
        metadata={"dropped_name": "frage.txt", "topic": "veraltet"},
    ).model_copy(update=changes)  # fmt: skip
    score = Score(total=93, completeness=100, structure=96, fields={"sigma_drift": True})
    scored = outcome in ("passed", "low_score")
    verdict = Verdict(
        outcome=outcome,
        reason=None if outcome == "passed" else "timeout",
        score=score if scored else None,
        score_version="1" if scored else None,
        wrapper_hash="abc",
        simulated=True,
        answers=(AnswerRecord(model="m", text="1. Σ", duration=2.5),) if scored else (),
        settled_at=START + timedelta(seconds=3),
    )
    ended = START + timedelta(seconds=3)
    return job.settled(verdict, Attempt(worker="w1", started=START, ended=ended, error=error))


def test_a_job_becomes_the_three_files_of_the_third_layout() -> None:
    """Prompt, metadata and answer lie under the older name, in local time."""
    older = write_older(_job(), ZoneInfo("Europe/Berlin"))
    assert older.name == NAME
    assert set(older.files) == {f"{NAME}.txt", f"{NAME}.json", f"{NAME}_response.txt"}
    assert older.files[f"{NAME}.txt"].decode() == "Was weiß „KI“?"
    assert older.files[f"{NAME}_response.txt"].decode() == "1. Σ"


def test_the_metadata_have_the_older_keys() -> None:
    """Score, recipe, cost and times stand where older tools look for them."""
    older = write_older(_job(), ZoneInfo("Europe/Berlin"))
    data = json.loads(older.files[f"{NAME}.json"])
    result = data["syntex_result"]

    assert result["quality_score"]["total_score"] == 93
    assert result["quality_score"]["detail_breakdown"] == {"sigma_drift": True}
    assert (result["response_text"], result["success"], result["duration_ms"]) == (
        "1. Σ",
        True,
        2500,
    )
    assert (data["topic"], data["style"]) == ("Künstliche Intelligenz für Köche", "casual")
    assert (data["category"], data["pattern"]) == ("technologie", "question")
    assert data["gpt_quality"] == {"total_score": 7}
    assert data["gpt_cost"]["total_cost"] == 0.25
    assert data["created_at"] == "2026-07-21T00:30:00.123456"
    assert data["processed_at"] == "2026-07-21T00:30:03.123456"
    assert (data["status"], data["filename"]) == ("success", f"{NAME}.txt")
    assert data["dropped_name"] == "frage.txt"


def test_a_failure_is_named_and_recorded_as_one() -> None:
    """Its name counts the tries, its metadata tell the last error."""
    older = write_older(_job("failed", error="DeadlineExceeded"), UTC)
    assert older.name.endswith("__style_casual__retry1")
    assert not [name for name in older.files if name.endswith("_response.txt")]
    data = json.loads(older.files[f"{older.name}.json"])

    assert data["syntex_result"] is None
    assert (data["retry_count"], data["status"]) == (1, "error")
    assert data["last_error"] == {
        "error": "DeadlineExceeded: timeout",
        "duration_ms": 3000,
        "worker_id": "w1",
        "wrapper": "sigma",
    }
    assert data["failed_at"] == "2026-07-20T22:30:03.123456"
    assert not data["filename"].endswith("__retry1.txt")


@pytest.mark.parametrize("outcome", ["passed", "low_score", "failed", "refused"])
def test_our_own_export_comes_back_as_the_same_job(older: Any, outcome: str) -> None:
    """ID, outcome, score, its version and the label of the simulator survive, in any zone."""
    job = _job(outcome)
    files = write_older(job, ZoneInfo("Asia/Tokyo"))
    older.write("processed", dict(files.files))
    back = older.one(accept_score=90)

    assert (back.id, back.created_at, back.prompt) == (job.id, job.created_at, job.prompt)
    assert back.recipe == job.recipe
    assert back.verdict.outcome == outcome
    assert back.verdict.score == job.verdict.score
    assert back.verdict.score_version == job.verdict.score_version
    assert back.verdict.simulated is True
    assert [a.text for a in back.verdict.answers] == [a.text for a in job.verdict.answers]


def test_texts_that_begin_with_a_mark_keep_it(older: Any) -> None:
    """A byte order mark that belongs to the text is not taken for the file's."""
    job = _job(prompt="\ufeffWarum?")
    older.write("processed", dict(write_older(job, UTC).files))
    assert older.one().prompt == "\ufeffWarum?"


def test_a_job_without_topic_and_style_is_named_so() -> None:
    """The older name says unknown where nothing is known."""
    older = write_older(_job(recipe=Recipe()), UTC)
    assert older.name == "20260720_223000_123456__topic_unknown__style_unknown"


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/tmp/x", "a\0b", "20251126_030512_000123__/../../x", 7, "x" * 300]
)
def test_a_name_in_the_metadata_never_leads_elsewhere(name: Any) -> None:
    """What anybody may write becomes a file name only if it is a name of the older layout."""
    job = _job(metadata={"imported": {"layout": "both", "name": name}})
    assert write_older(job, UTC).name.startswith("20260720_223000_123456__topic_")


def test_a_job_tried_again_after_its_import_shows_the_new_end(older: Any) -> None:
    """What we found out since replaces the older record, under the older name."""
    failed = older.metadata(last_error={"error": "504"}, status="error")
    older.put("error", older.prompt, failed, name=f"{older.name}__retry1")
    imported = older.one()
    verdict = _job().verdict
    again = imported.settled(verdict, imported.attempts[0])

    kept = write_older(imported, UTC)
    assert json.loads(kept.files[f"{older.name}__retry1.json"]) == failed
    new = write_older(again, UTC)
    data = json.loads(new.files[f"{older.name}.json"])
    assert data["syntex_result"]["quality_score"]["total_score"] == 93
    assert data["status"] == "success"
