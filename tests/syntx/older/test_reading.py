from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from syntx.job import Job
from syntx.older.verdicts import LEGACY
from syntx.spool.dropped.foreign import Refused


def test_the_third_layout_gives_prompt_answer_and_score(older: Any) -> None:
    """Prompt, answer and score come from their three files, under their own score version."""
    older.put("processed", older.prompt, older.metadata(syntex_result=older.result()), older.answer)
    job = older.one()

    assert job.prompt == older.prompt
    assert job.verdict.answers[0].text == older.answer
    assert job.verdict.answers[0].duration == pytest.approx(39.455)
    assert job.verdict.score.older() == older.result()["quality_score"]
    assert (job.verdict.outcome, job.verdict.score_version) == ("passed", LEGACY)
    assert (job.recipe.topic, job.recipe.category, job.recipe.style) == (
        "Quantencomputer",
        "technologie",
        "technisch",
    )
    assert job.drafted_by is not None
    assert (job.drafted_by.cost, job.drafted_by.tokens.output) == (0.00136, 130)


def test_the_answer_may_stand_in_the_metadata_alone(older: Any) -> None:
    """Without a _response.txt the recorded response_text is the answer."""
    data = older.metadata(syntex_result=older.result(response_text=older.answer))
    older.put("processed", older.prompt, data)
    job = older.one()
    assert (job.prompt, job.verdict.answers[0].text) == (older.prompt, older.answer)


def test_the_first_layout_keeps_the_score_without_an_answer(older: Any) -> None:
    """A prompt whose answer was never stored stays a prompt; no empty answer is made up."""
    quality = {"total_score": 7, "stats": {"length": len(older.prompt)}}
    data = older.metadata(gpt_quality=quality, syntex_result=older.result())
    older.put("processed", older.prompt, data)
    job = older.one()

    assert job.prompt == older.prompt
    assert job.verdict.answers == ()
    assert job.verdict.score.total == 98
    assert job.gpt_quality == quality
    assert job.metadata["imported"]["layout"] == "prompt_only"


def test_the_second_layout_keeps_the_answer_without_a_prompt(older: Any) -> None:
    """A prompt the answer was written over is lost, and nothing else takes its place."""
    older.put("processed", older.answer, older.metadata(syntex_result=older.result()))
    job = older.one()

    assert job.prompt == ""
    assert job.verdict.answers[0].text == older.answer
    assert job.metadata["imported"]["layout"] == "answer_only"


def test_a_text_nothing_tells_the_nature_of_is_claimed_as_neither(older: Any) -> None:
    """Neither prompt nor answer is made up; the text itself is kept."""
    result = {"quality_score": None, "duration_ms": 10}
    older.put("processed", "Ein Satz.", older.metadata(syntex_result=result))
    job = older.one()

    assert (job.prompt, job.verdict.answers) == ("", ())
    assert job.metadata["imported"]["layout"] == "unknown"
    assert job.metadata["imported"]["text"] == "Ein Satz."


def test_every_original_key_survives(older: Any) -> None:
    """Metadata are kept word for word, even a key we use ourselves."""
    odd = {"imported": {"x": 1}, "Schlüssel ü": [1, 2.5, None, {"tief": True}], "groß": 10**30}
    data = older.metadata(syntex_result=older.result(), **odd)
    older.put("processed", older.prompt, data, older.answer)
    kept = Job.from_bytes(older.one().to_bytes()).metadata

    notes = kept.pop("imported")
    assert {**kept, "imported": notes["original"]} == data


def test_a_failure_keeps_its_cause(older: Any) -> None:
    """A failed job has no score, but the error's class, reason and text."""
    data = older.metadata(
        retry_count=1,
        last_error={"error": "HTTPError: Server Error 504", "duration_ms": 60000, "worker_id": 7},
        failed_at="2025-11-26T03:06:12",
        status="error",
    )
    older.put("error", older.prompt, data, name=f"{older.name}__retry1")
    job = older.one()

    assert (job.verdict.outcome, job.verdict.reason) == ("failed", "unavailable")
    assert job.verdict.score is None
    (attempt,) = job.attempts
    assert (attempt.error, attempt.worker) == ("HTTPError", "7")
    assert attempt.message == "HTTPError: Server Error 504"
    assert attempt.ended - attempt.started == timedelta(seconds=60)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("HTTPError: Server Error 503", "unavailable"),
        ("ReadTimeout: timed out", "timeout"),
        ("HTTPError: 429 Too Many Requests", "rate_limited"),
        ("AuthenticationError: 401", "not_authorised"),
        ("KeyError: 'response'", "error"),
    ],
)
def test_causes_are_grouped_as_ours_are(older: Any, message: str, reason: str) -> None:
    """An older error text gets the reason our own failures of that kind have."""
    older.put("error", older.prompt, older.metadata(last_error={"error": message}))
    assert older.one().verdict.reason == reason


@pytest.mark.parametrize(
    ("state", "total", "accept", "outcome"),
    [
        ("processed", 98, 90, "passed"),
        ("processed", 35, 90, "low_score"),
        ("processed", 35, None, "passed"),
        ("error", 35, None, "low_score"),
        ("error", 98, 90, "passed"),
        ("processed", None, 90, "passed"),
        ("error", None, 90, "failed"),
        ("archive", 98, 90, "passed"),
    ],
)
def test_the_outcome_follows_score_and_folder(
    older: Any, state: str, total: int | None, accept: int | None, outcome: str
) -> None:
    """A score is held against accept_score; without one of them the folder decides."""
    data = older.metadata(syntex_result=older.result(total))
    older.put(state, older.prompt, data, older.answer)
    assert older.one(accept_score=accept).verdict.outcome == outcome


def test_an_answer_after_a_failed_try_is_a_result(older: Any) -> None:
    """What is left of an earlier failure does not fail a job that was answered since."""
    data = older.metadata(last_error={"error": "504"}, retry_count=1, status="success")
    older.put("processed", older.prompt, {**data, "syntex_result": older.result()}, older.answer)
    assert older.one().verdict.outcome == "passed"


@pytest.mark.parametrize("state", ["incoming", "processing", "."])
def test_a_job_without_a_result_waits(older: Any, state: str) -> None:
    """A job that never ended has no verdict, whatever folder it lay in."""
    older.put(state, older.prompt, older.metadata())
    job = older.one()
    assert job.verdict is None
    assert job.prompt == older.prompt


def test_a_job_waiting_for_its_next_try_waits(older: Any) -> None:
    """An earlier failure on record does not end a job that lies in incoming/ again."""
    older.put("incoming", older.prompt, older.metadata(retry_count=1, last_error={"error": "504"}))
    assert older.one().verdict is None


def test_a_waiting_job_needs_a_prompt(older: Any) -> None:
    """Nothing empty is put up for running."""
    older.put("incoming", " \n", older.metadata())
    with pytest.raises(Refused, match="no prompt"):
        older.one()


def test_the_id_is_the_same_each_time_and_sorts_by_time(older: Any) -> None:
    """The same files give the same ID, with the time of the name in UTC."""
    older.put("processed", older.prompt, older.metadata(syntex_result=older.result()), older.answer)
    first, second = older.one(), older.one(now=older.now + timedelta(days=3))

    assert first.id == second.id
    assert first.id.startswith("20251126T030512.000123Z-")
    assert first.id.endswith("-quantencomputer-technisch")
    assert first.created_at == datetime(2025, 11, 26, 3, 5, 12, 123, UTC)


def test_names_are_read_in_the_zone_they_were_written_in(older: Any) -> None:
    """Local time becomes UTC, in winter and in summer."""
    summer = "20250726_030512_000123__topic_x__style_y"
    older.put("incoming", older.prompt, older.metadata())
    older.put("incoming", older.prompt, older.metadata(), name=summer)
    hours = {job.id[:11] for job in older.jobs(zone=ZoneInfo("Europe/Berlin"))}
    assert hours == {"20251126T02", "20250726T01"}


def test_two_jobs_of_one_microsecond_are_told_apart(older: Any) -> None:
    """Another content under the same time and topic has another ID."""
    other = "20251126_030512_000123__topic_quantencomputer__style_technisch__retry1"
    older.put("incoming", "Eins?", older.metadata())
    older.put("incoming", "Zwei?", older.metadata(), name=other)
    assert len({job.id for job in older.jobs()}) == 2


def test_a_name_without_a_time_needs_a_recorded_one(older: Any) -> None:
    """created_at will do; with neither the file is refused."""
    older.put("incoming", older.prompt, older.metadata(), name="frage")
    assert older.one().id.startswith("20251126T030512.000123Z-")

    older.put("incoming", older.prompt, {}, name="frage")
    with pytest.raises(Refused) as refused:
        older.one()
    assert refused.value.reason == "no_time"


@pytest.mark.parametrize("name", ["20251399_030512_000123__topic_x__style_y", "99999999_1_1"])
def test_an_impossible_time_is_no_time(older: Any, name: str) -> None:
    """A thirteenth month is refused, not guessed at."""
    older.put("incoming", older.prompt, {}, name=name)
    with pytest.raises(Refused, match="neither its name"):
        older.one()


def test_a_result_from_the_future_is_dated_now(older: Any) -> None:
    """A wrong clock back then must not make an old score the newest evidence for ever."""
    data = older.metadata(syntex_result=older.result(), processed_at="2199-01-01T00:00:00")
    older.put("processed", older.prompt, data, older.answer)
    assert older.one().verdict.settled_at == older.now


def test_a_topic_that_holds_the_category_is_sorted_out(older: Any) -> None:
    """The category is taken for one, and the topic is found by the name."""
    topics = {"technologie": ("Quantencomputer", "Robotik")}
    data = older.metadata(topic="technologie", category=None, syntex_result=older.result())
    older.put("processed", older.prompt, data, older.answer)
    recipe = older.one(topics=topics).recipe

    assert (recipe.topic, recipe.category) == ("Quantencomputer", "technologie")
    assert older.one(topics=topics).metadata["topic"] == "technologie"


def test_a_missing_category_follows_from_a_listed_topic(older: Any) -> None:
    """Where the older record has none, the listed topic's category is taken."""
    data = older.metadata(category=None, syntex_result=older.result())
    older.put("processed", older.prompt, data, older.answer)
    assert older.one(topics={"technologie": ("Quantencomputer",)}).recipe.category == "technologie"
    assert older.one().recipe.category is None


def test_the_wrapper_is_found_wherever_it_was_recorded(older: Any) -> None:
    """The result names it, under its file's older name."""
    data = older.metadata(syntex_result=older.result(wrapper="syntex_wrapper_sigma.txt"))
    older.put("processed", older.prompt, data, older.answer)
    job = older.one()
    assert (job.recipe.wrapper, job.verdict.wrapper) == ("sigma", "sigma")
