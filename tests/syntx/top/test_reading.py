"""Reading a home again and again: all is counted once, and only what is new is read."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syntx.home import Home
from syntx.top import following
from syntx.top.following import Answers, Calls
from syntx.top.reading import Reader

NOW = datetime(2026, 11, 21, 12, 0, 30, tzinfo=UTC)


def call(at: datetime, cost: float | None = 0.5) -> str:
    """Return a line of costs.jsonl."""
    stamp = at.isoformat().replace("+00:00", "Z")
    record = {"timestamp": stamp, "total_cost": cost, "currency": "USD", "success": True}
    return json.dumps(record) + "\n"


def test_the_calls_of_today_are_counted_once(tmp_path: Path) -> None:
    """Yesterday's do not count, later lines are added, and at midnight it begins anew."""
    path = tmp_path / "costs.jsonl"
    path.write_text(call(NOW - timedelta(days=1)) + call(NOW) + call(NOW, cost=None))
    calls = Calls(path)
    first = calls.read(NOW)
    with path.open("a") as file:
        file.write(call(NOW))

    second, tomorrow = calls.read(NOW), calls.read(NOW + timedelta(days=1))

    assert (first.calls, first.cost, first.unpriced) == (2, 0.5, 1)
    assert (second.calls, second.cost, second.unpriced) == (3, 1.0, 1)
    assert (tomorrow.calls, tomorrow.cost) == (0, 0.0)


def test_a_day_too_long_to_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the sums are the least it can have been; the next day they are whole again."""
    monkeypatch.setattr(following, "_FIRST_LINES", 2)
    monkeypatch.setattr(following, "_MOST_LINES", 8)
    path = tmp_path / "costs.jsonl"
    path.write_text(call(NOW) * 20)
    calls = Calls(path)
    today, tomorrow = calls.read(NOW), calls.read(NOW + timedelta(days=1))

    assert (today.calls, today.complete, tomorrow.complete) == (8, False, True)


def test_a_log_that_does_not_exist_yet_is_read_from_its_first_line(tmp_path: Path) -> None:
    """A home without calls costs nothing, and its first call is not missed."""
    path = tmp_path / "costs.jsonl"
    calls = Calls(path)
    before = calls.read(NOW)
    path.write_text(call(NOW))

    assert (before.calls, calls.read(NOW).calls) == (0, 1)


def test_answers_are_counted_by_the_minute(tmp_path: Path) -> None:
    """Each of the last sixty minutes has its number; older answers are forgotten."""
    path = tmp_path / "wrapper_requests.jsonl"
    minutes = (61, 5, 5, 0)
    path.write_text("".join(call(NOW - timedelta(minutes=ago)) for ago in minutes))
    answers = Answers(path)

    found, later = answers.read(NOW), answers.read(NOW + timedelta(minutes=57))

    assert len(found) == 60
    assert (found[-6], found[-1], sum(found)) == (2, 1, 3)
    assert (later[2], sum(later)) == (1, 1)


def test_a_log_is_read_across_its_rotation(tmp_path: Path) -> None:
    """Answers on both sides of a rotation are counted, each once, before and after it."""
    path = tmp_path / "wrapper_requests.jsonl"
    before = "".join(call(NOW - timedelta(minutes=2)) for _ in range(3000))
    path.write_text(before)
    answers = Answers(path)
    first = answers.read(NOW)
    path.rename(tmp_path / "wrapper_requests-2026-11-21.jsonl")
    path.write_text(call(NOW))

    assert sum(first) == 3000
    assert sum(answers.read(NOW)) == 3001
    assert sum(Answers(path).read(NOW)) == 3001


def test_looks_make_a_history(lively: Home, log: Callable[..., None]) -> None:
    """Each look adds to the history of the queue; a new generation is seen."""
    reader = Reader(lively)
    reader.read()
    (lively.root / "queue" / "incoming" / "frage.txt").write_text("Warum?")
    did = {"generation": 4, "n": 20, "mean": 91.5, "control": None, "steered": 95}
    log("evolution", {"generation": 5, "previous": did, "lift": {}})

    view = reader.read()

    assert view.waiting == (0, 1)
    assert view.processing == (1, 1)
    assert (view.generations[-1].generation, view.generations[-1].steered) == (4, 95.0)
    assert view.gain is not None
    assert view.gain.difference is None


def test_causes_are_grouped_and_counted(lively: Home) -> None:
    """The failures of the home are told by cause, the most frequent first."""
    found = Reader(lively).read().failures

    assert [(group.reason, group.count) for group in found.groups[:1]] == [("unavailable", 3)]
