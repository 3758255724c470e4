"""How the calls went lately, as the ends of the logs tell."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from syntx.observing.calls import NEWEST, TAIL_BYTES, recent_calls

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def _write(folder: Path, *records: dict[str, Any], log: str = "llama_responses") -> None:
    with (folder / f"{log}.jsonl").open("a") as file:
        file.writelines(json.dumps(record) + "\n" for record in records)


def _call(reason: str | None = None, ago: float = 1.0) -> dict[str, Any]:
    """Give a call so many minutes ago: a good one, or one that failed for a reason."""
    ended = (NOW - timedelta(minutes=ago)).isoformat().replace("+00:00", "Z")
    found: dict[str, Any] = {"timestamp": ended, "success": reason is None}
    return found if reason is None else {**found, "reason": reason, "error": f"it was {reason}"}


def test_failed_calls_of_the_last_hour_are_counted_by_reason(tmp_path: Path) -> None:
    """Both logs count, older calls do not."""
    _write(tmp_path, _call("timeout", 90), _call("timeout", 30), _call(), _call("unavailable"))
    _write(tmp_path, _call("timeout"), log="gpt_prompts")

    found = recent_calls(tmp_path, now=NOW)

    assert (found.ended, found.failed, found.failed_share) == (4, 3, 0.75)
    assert found.reasons == (("timeout", 2), ("unavailable", 1))


def test_an_answer_that_is_no_good_is_no_failed_call(tmp_path: Path) -> None:
    """A refusal of the model has no reason: the endpoint is well."""
    _write(tmp_path, {**_call(), "success": False, "error": "refused"})
    assert recent_calls(tmp_path, now=NOW).failed == 0


def test_what_is_mended_is_soon_seen_to_be(tmp_path: Path) -> None:
    """Only the newest calls count, also where the last hour had many more."""
    _write(tmp_path, *[_call("timeout", 30)] * 200, *[_call()] * NEWEST)
    found = recent_calls(tmp_path, now=NOW)

    assert (found.ended, found.failed) == (NEWEST, 0)


def test_refused_keys_count_while_they_are_the_newest(tmp_path: Path) -> None:
    """They count in a row, however long ago; a call that went well ends the row."""
    refused = [_call("not_authorised", 300), _call("not_authorised", 299)]
    _write(tmp_path, _call(ago=301), *refused)
    found = recent_calls(tmp_path, now=NOW)
    assert (found.key_refusals, found.key_error) == (2, "it was not_authorised")

    _write(tmp_path, _call())
    assert recent_calls(tmp_path, now=NOW).key_refusals == 0


def test_another_model_that_answers_hides_no_refused_key(tmp_path: Path) -> None:
    """Keys belong to endpoints: each model has a row of its own."""
    refused = {**_call("not_authorised"), "model": "paid"}
    _write(tmp_path, refused, {**_call(), "model": "local"}, refused, {**_call(), "model": "local"})
    assert recent_calls(tmp_path, now=NOW).key_refusals == 2


def test_torn_foreign_and_long_lines_are_passed_over(tmp_path: Path) -> None:
    """Only the end of a log is read, and what is no record of a call counts for nothing."""
    long = {**_call("timeout"), "response": "x" * TAIL_BYTES}
    _write(tmp_path, long, _call("timeout"), {"success": 1})
    with (tmp_path / "llama_responses.jsonl").open("a") as file:
        file.write('[1]\nnull\n"x"\n{"success": fal')

    found = recent_calls(tmp_path, now=NOW)

    assert (found.ended, found.failed) == (1, 1)


def test_without_logs_there_were_no_calls(tmp_path: Path) -> None:
    """A home that is new is well."""
    assert recent_calls(tmp_path / "none", now=NOW).ended == 0
