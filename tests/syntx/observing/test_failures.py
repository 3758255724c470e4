"""Failures by cause: what is read, what falls together, what is told of each group."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from syntx.ids import new_id
from syntx.job import AnswerRecord, Attempt, Job, Outcome, Recipe, Score, Verdict
from syntx.observing import failures as observing
from syntx.observing.failures import failures, is_named
from syntx.observing.failures_reading import Place, failure_at
from syntx.observing.failures_spread import Spread, spread
from syntx.spool.layout import due_name

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def lay(
    root: Path,
    reason: str = "timeout",
    message: str | None = None,
    *,
    outcome: Outcome = "failed",
    ago: timedelta = timedelta(hours=1),
    **more: Any,
) -> str:
    """Let one job lie in `error/`; returns its ID."""
    at = NOW - ago
    attempt = Attempt(worker="w", started=at, ended=at, model="small")
    job = Job(id=new_id(at=at), created_at=at, prompt="Frage", recipe=Recipe(wrapper="human"))
    verdict = Verdict(outcome=outcome, reason=reason, message=message, settled_at=at, **more)
    path = root / "error" / job.day / f"{job.id}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(job.settled(verdict, attempt).to_bytes())
    return job.id


def test_jobs_with_one_cause_are_one_group(tmp_path: Path) -> None:
    """Numbers and names in the message do not part them; the newest is the sample."""
    lay(tmp_path, "unavailable", "local answered 503: wait 3 s", ago=timedelta(hours=5))
    newest = lay(tmp_path, "unavailable", "local answered 503: wait 11 s")
    lay(tmp_path, "unavailable", "local answered 500: wait 3 s", ago=timedelta(days=2))

    many, one = failures(tmp_path, now=NOW).groups

    assert (many.count, many.sample, many.message) == (2, newest, "local answered 503: wait 11 s")
    assert (many.first, many.last) == ("2026-11-21T07:00:00Z", "2026-11-21T11:00:00Z")
    assert many.trend == (0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1)
    assert (one.count, sum(one.trend)) == (1, 0)
    assert many.command == f"syntx retry --group {many.key}"
    assert many.key.startswith("unavailable-")


def test_a_clock_that_was_ahead_counts_as_now(tmp_path: Path) -> None:
    """A failure of the next minute is no reason to look at none."""
    lay(tmp_path, ago=timedelta(minutes=-1))
    (one,) = failures(tmp_path, now=NOW).groups

    assert one.trend[-1] == 1


def test_everything_that_did_not_pass_has_its_kind(tmp_path: Path) -> None:
    """Jobs by outcome, refused files, second outcomes, and what is tried again."""
    day = tmp_path / "error" / "2026-11-21"
    score = Score(total=41)
    lay(tmp_path, "timeout", "too slow")
    lay(tmp_path, "low_score", outcome="low_score", score=score)
    lay(tmp_path, "refused", outcome="refused", answers=(AnswerRecord(model="m", text="Nein."),))
    lay(tmp_path, "refused", "m declined to answer")
    (day / f"{new_id(at=NOW)}.refused").mkdir()
    refusal = {"reason": "not_utf8", "message": "byte 3", "refused_at": NOW.isoformat()}
    (next(day.glob("*.refused")) / "refusal.json").write_text(json.dumps(refusal))
    conflict = lay(tmp_path, "timeout", "too slow")
    (day / f"{conflict}.json").rename(day / f"{conflict}.conflict-0a1b.json")
    waiting = Job(id=new_id(at=NOW), created_at=NOW, prompt="x").with_attempt(
        Attempt(worker="w", started=NOW, ended=NOW, reason="rate_limited", message="wait")
    )
    (tmp_path / "retry").mkdir()
    (tmp_path / "retry" / due_name(NOW, f"{waiting.id}.json")).write_bytes(waiting.to_bytes())

    found = failures(tmp_path, now=NOW)

    counted = sorted((one.kind, one.reason, one.count) for one in found.groups)
    assert counted == [
        ("failed", "timeout", 1),
        ("low_score", "low_score", 1),
        ("refused_by_model", "refused", 1),
        ("refused_by_model", "refused", 1),
        ("refused_file", "not_utf8", 1),
        ("retrying", "rate_limited", 1),
        ("second_outcome", "timeout", 1),
    ]
    assert len({one.key for one in found.groups}) == 7
    assert (found.looked_at, found.left) == (7, 0)


def test_no_more_are_read_than_asked_for_and_the_rest_is_told(tmp_path: Path) -> None:
    """The newest are read; a group may be larger than what is told of it."""
    for hours in range(6):
        lay(tmp_path, ago=timedelta(hours=30 - hours))
    newest = lay(tmp_path)

    found = failures(tmp_path, most=2, now=NOW)

    assert (found.looked_at, found.left) == (2, 5)
    assert (found.groups[0].count, found.groups[0].sample) == (2, newest)


def test_only_what_failed_since_then_counts(tmp_path: Path) -> None:
    """By when it ended."""
    lay(tmp_path, ago=timedelta(hours=9))
    lay(tmp_path, ago=timedelta(hours=1))

    (group,) = failures(tmp_path, now=NOW, since=NOW - timedelta(hours=2)).groups

    assert group.count == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[1]",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"verdict": 3, "attempts": {"a": 1}, "recipe": "x"}',
        b'{"verdict": {"reason": ["a"], "score": [], "settled_at": "never", "answers": 7}}',
        b'{"verdict": {"reason": "\\ud800", "message": "\\udfff\\u001b[2J", "settled_at": '
        b'"9999-12-31T23:59:59-14:00"}}',
    ],
)
def test_a_damaged_file_is_a_failure_too(tmp_path: Path, content: bytes) -> None:
    """Nothing in it stops the look; it can be printed as JSON."""
    lay(tmp_path)
    broken = tmp_path / "error" / "2026-11-21" / f"{new_id(at=NOW)}.json"
    broken.write_bytes(content)

    found = failures(tmp_path, now=NOW)

    assert sum(group.count for group in found.groups) == 2
    assert json.dumps([group.message for group in found.groups], ensure_ascii=False).encode()


def test_what_is_no_plain_file_is_not_opened(tmp_path: Path) -> None:
    """A pipe would make the look wait for ever; a link could lead anywhere."""
    day = tmp_path / "error" / "2026-11-21"
    day.mkdir(parents=True)
    os.mkfifo(day / f"{new_id(at=NOW)}.json")
    real = tmp_path / "real.json"
    real.write_text('{"verdict": {"outcome": "failed", "reason": "timeout"}}')
    (day / f"{new_id(at=NOW)}.json").symlink_to(real)

    found = failures(tmp_path, now=NOW)

    assert [group.reason for group in found.groups] == ["unreadable", "unreadable"]


def test_jobs_that_move_away_meanwhile_are_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service archives what it learned from, between the listing and the reading."""
    gone, kept = lay(tmp_path), lay(tmp_path)

    def read(place: Place) -> Any:
        if place.id == gone:
            os.rename(place.path, tmp_path / "moved")
        return failure_at(place)

    monkeypatch.setattr(observing, "failure_at", read)
    found = failures(tmp_path, now=NOW)

    assert [group.sample for group in found.groups] == [kept]


def test_a_queue_without_folders_has_no_failures(tmp_path: Path) -> None:
    """Neither a missing folder nor a file in its place is an error."""
    (tmp_path / "retry").write_text("x")

    assert failures(tmp_path, now=NOW) == observing.Failures((), 0, 0)


def test_keys_are_long_enough_to_tell_groups_apart() -> None:
    """Where four digits are the same, more are told, and any longer beginning names the group."""
    first, second = "timeout-abcd12ef00000000", "timeout-abcd34ef00000000"

    short = observing.short_keys([first, second])

    assert short == {first: "timeout-abcd12", second: "timeout-abcd34"}
    named = [is_named(one, "timeout-abcd12") for one in (first, second)]
    too_short = [is_named(first, key) for key in ("timeout-abc", "timeout-", "timeout", "")]
    assert (named, any(too_short)) == ([True, False], False)


def test_one_group_is_told_whole(tmp_path: Path) -> None:
    """Its newest IDs, and what it spreads over."""
    ids = [lay(tmp_path, ago=timedelta(hours=12 - hour)) for hour in range(12)]
    lay(tmp_path, "bug", "KeyError: 'a'")
    (key,) = [one.key for one in failures(tmp_path, now=NOW).groups if one.reason == "timeout"]

    found = spread(tmp_path, key, most=100, now=NOW)

    assert isinstance(found, Spread)
    assert found.group.count == 12
    assert list(found.ids) == ids[:1:-1]
    assert (found.models, found.wrappers, found.topics) == ({"small": 12}, {"human": 12}, {"-": 12})
    assert (next(iter(found.hours)), len(found.hours)) == ("2026-11-21T11", 10)
