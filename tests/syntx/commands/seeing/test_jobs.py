from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from syntx.commands.newest import Span, newest_first
from syntx.commands.times import moment_of
from syntx.home import Home
from syntx.ids import new_id
from syntx.job import Attempt, Job, Recipe, Score, Verdict
from syntx.spool.layout import due_name, stamp

Call = Callable[..., Result]
NOW = datetime.now(UTC)


@pytest.fixture
def put(home: Home) -> Callable[..., Job]:
    """Give a way to lay a job into a folder of the queue."""

    def lay(folder: str, *, ago: float = 0.0, verdict: Verdict | None = None, **recipe: str) -> Job:
        made = NOW - timedelta(hours=ago)
        name = new_id(recipe.get("topic"), at=made)
        job = Job(id=name, created_at=made, prompt="Warum?", recipe=Recipe(**recipe))
        attempt = Attempt(worker="w", started=made, ended=made, error="E", reason="rate_limited")
        if verdict is not None:
            job = job.settled(verdict, attempt)
        elif folder == "retry":
            job = job.with_attempt(attempt)
        in_days = folder in ("processed", "error", "archive", "archive/discarded")
        place = home.root / "queue" / folder / (job.day if in_days else "")
        place.mkdir(parents=True, exist_ok=True)
        entry = f"{job.id}.json"
        name = due_name(NOW, entry) if folder == "retry" else entry
        (place / name).write_bytes(job.to_bytes())
        return job

    return lay


@pytest.fixture
def listed(call: Call) -> Callable[..., dict[str, Any]]:
    """Give a way to list jobs as data."""

    def run(*arguments: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(call("jobs", "--json", *arguments).stdout)
        return found

    return run


def _passed(total: int) -> Verdict:
    return Verdict(outcome="passed", score=Score(total=total))


def _failed(reason: str) -> Verdict:
    return Verdict(outcome="failed", reason=reason, message="weil")


def test_jobs_of_all_states_are_listed_the_newest_first(put: Any, listed: Any) -> None:
    """Whatever folder they lie in, jobs come in the order of their making."""
    laid = [
        put("processing/host-1-2-3-4", ago=0),
        put("retry", ago=1),
        put("incoming", ago=2),
        put("error", ago=3, verdict=_failed("timeout")),
        put("archive", ago=40, verdict=_passed(90)),
        put("processed", ago=70, verdict=_passed(93)),
    ]
    put("archive/discarded", ago=4, verdict=_failed("timeout"))
    found = listed()

    assert [line["id"] for line in found["jobs"]] == [job.id for job in laid]
    states = ["processing", "retry", "incoming", "error", "archive", "processed"]
    assert [line["state"] for line in found["jobs"]] == states
    told = [(line["outcome"], line["score"], line["reason"]) for line in found["jobs"]]
    assert told[1] == (None, None, "rate_limited")
    assert told[3:5] == [("failed", None, "timeout"), ("passed", 90, None)]
    assert (found["matched"], found["looked_at"], found["more"]) == (6, 6, False)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--state", "error"), "bc"),
        (("--state", "error", "--state", "processed"), "abc"),
        (("--state", "discarded"), "d"),
        (("--reason", "timeout"), "b"),
        (("--reason", "LOW_score"), "c"),
        (("--topic", "Quanten*"), "ab"),
        (("--topic", "Quanten*", "--wrapper", "sigma"), "b"),
        (("--style", "kreativ", "--style", "casual"), "ab"),
        (("--since", "150m"), "ab"),
        (("--until", "90m"), "bc"),
        (("--since", "150m", "--until", "90m"), "b"),
        (("--kind", "document"), ""),
        (("--last", "1"), "a"),
        (("-n", "1"), "a"),
    ],
)
def test_filters_pick_jobs(put: Any, listed: Any, options: tuple[str, ...], expected: str) -> None:
    """Alternatives of one option add up; different options are all met."""
    low = Verdict(outcome="low_score", score=Score(total=20))
    by_id = {
        put("processed", ago=1, verdict=_passed(93), topic="Quanten", style="casual").id: "a",
        put(
            "error",
            ago=2,
            verdict=_failed("timeout"),
            topic="quantencomputer",
            style="kreativ",
            wrapper="sigma",
        ).id: "b",
        put("error", ago=3, verdict=low, topic="Brettspiele", wrapper="sigma").id: "c",
        put("archive/discarded", ago=2, verdict=_failed("other")).id: "d",
    }
    assert "".join(by_id[line["id"]] for line in listed(*options)["jobs"]) == expected


def test_only_as_many_jobs_are_opened_as_are_wanted(put: Any, listed: Any) -> None:
    """Of many finished jobs the newest are read, and older days are not looked at."""
    for ago in range(1, 60):
        put("processed", ago=ago, verdict=_passed(93))
    found = listed("--last", "5")
    assert (found["looked_at"], found["more"]) == (5, True)


def test_a_day_is_listed_only_when_all_newer_ones_were_taken(
    put: Any, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest job is given before any folder of an older day is read."""
    for ago in (1, 30, 60, 90):
        put("processed", ago=ago, verdict=_passed(93))
    read: list[str] = []
    listdir = os.listdir
    monkeypatch.setattr(os, "listdir", lambda path: read.append(str(path)) or listdir(path))
    next(newest_first(home.root / "queue", ["processed"]))
    assert len([path for path in read if "processed/" in path]) == 1


def test_what_is_no_job_stops_no_list(put: Any, home: Home, call: Call) -> None:
    """Damaged, strange and vanished files are told as unreadable or passed over."""
    queue = home.root / "queue"
    put("incoming", topic="heil")
    for content in (b"{ no json", b"[1]", b'{"recipe": 5, "verdict": {"score": {"total": "x"}}}'):
        (queue / "incoming" / f"{new_id()}.json").write_bytes(content)
    os.mkfifo(queue / "incoming" / f"{new_id()}.json")
    (queue / "incoming" / f"{new_id()}.json").symlink_to("/etc/passwd")
    (queue / "incoming" / "notes.txt").write_text("Eine Frage?")
    (queue / "error").mkdir(exist_ok=True)
    (queue / "error" / "no-day").write_text("")
    refused = queue / "error" / f"{NOW:%Y-%m-%d}" / f"{new_id()}.refused"
    refused.mkdir(parents=True)
    (refused / "refusal.json").write_text(json.dumps({"reason": "binary", "found": []}))
    shown = call("jobs")

    assert shown.exit_code == 0
    assert "heil" in shown.stdout
    assert shown.stdout.count("unreadable") == 4
    assert "root:" not in shown.stdout
    assert "binary" in next(x for x in shown.stdout.splitlines() if x.startswith("refused"))


def test_a_hostile_topic_stays_in_its_cell(put: Any, call: Call) -> None:
    """A topic with escapes and line ends takes one line, shortened."""
    put("incoming", topic="x\x1b[31m\nroot " + "y" * 100)
    shown = call("jobs").stdout
    assert len(shown.splitlines()) == 2
    assert "\x1b" not in shown
    assert "…" in shown


def test_an_empty_list_is_told_on_stderr(call: Call) -> None:
    """Without jobs there is no data; talk says so."""
    shown = call("jobs", "--reason", "timeout")
    assert (shown.exit_code, shown.stdout, shown.stderr) == (0, "", "no such job\n")


def test_a_wrong_time_is_wrong_usage(call: Call) -> None:
    """What is no time is refused with examples of times."""
    shown = call("jobs", "--since", "neulich")
    assert shown.exit_code == 2
    assert "2h, 3d, 2026-11-20" in shown.stderr


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90s", datetime(2026, 11, 20, 11, 58, 30, tzinfo=UTC)),
        ("2h", datetime(2026, 11, 20, 10, tzinfo=UTC)),
        ("3d", datetime(2026, 11, 17, 12, tzinfo=UTC)),
        ("2026-11-19", datetime(2026, 11, 19, tzinfo=UTC)),
        ("2026-11-19T08:30", datetime(2026, 11, 19, 8, 30, tzinfo=UTC)),
        ("2026-11-19T08:30+02:00", datetime(2026, 11, 19, 6, 30, tzinfo=UTC)),
        ("2026-11-19T08:30:00.5Z", datetime(2026, 11, 19, 8, 30, 0, 500_000, tzinfo=UTC)),
    ],
)
def test_times_are_read_as_people_write_them(text: str, expected: datetime) -> None:
    """How long ago, a day, or a time; without a zone it is UTC."""
    assert moment_of(text, datetime(2026, 11, 20, 12, tzinfo=UTC)) == expected


@pytest.mark.parametrize("text", ["", "h", "-2h", "999999w", "2026-13-01", "gestern"])
def test_other_words_are_no_times(text: str) -> None:
    """What is no time, or too far away, is an error and no crash."""
    with pytest.raises(ValueError):
        moment_of(text, datetime(2026, 11, 20, tzinfo=UTC))


def test_urgent_jobs_stand_among_the_others_by_their_time(put: Any, home: Home) -> None:
    """A priority before an ID changes the order of work, not that of the list."""
    middle = new_id(at=NOW - timedelta(hours=2))
    put("incoming", ago=1)
    put("incoming", ago=3)
    (home.root / "queue" / "incoming" / f"0-{middle}.json").write_text("{}")
    ids = [place.id for place in newest_first(home.root / "queue")]
    assert ids[1] == f"0-{middle}"
    span = Span(stamp(NOW - timedelta(hours=2.5)), stamp(NOW - timedelta(hours=1.5)))
    assert [place.id for place in newest_first(home.root / "queue", span=span)] == ids[1:2]


def test_a_missing_queue_is_an_empty_list(tmp_path: Path) -> None:
    """Before the first job there are no folders, and none are made."""
    assert list(newest_first(tmp_path / "queue")) == []
    assert not (tmp_path / "queue").exists()
