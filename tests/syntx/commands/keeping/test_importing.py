from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from syntx.home import Home

Call = Callable[..., Result]
NAME = "20251126_030512_000123__topic_quantencomputer__style_technisch"
LATER = "20251126_040512_000123__topic_brettspiele__style_casual"
SCORE = {"total_score": 98, "detail_breakdown": {"drift": True}}
DONE = {"topic": "Quantencomputer", "syntex_result": {"quality_score": SCORE}}


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """Give an older folder: one job processed, one failed, one waiting."""
    root = tmp_path / "older"
    _put(root / "processed", NAME, DONE, answer="1. DRIFT\nAlles kippt.")
    failed = {"last_error": {"error": "HTTPError: Server Error 504"}, "status": "error"}
    _put(root / "error", f"{NAME}__retry1", failed)
    _put(root / "incoming", LATER, {"topic": "Brettspiele", "style": "casual"})
    return root


def _put(folder: Path, name: str, data: dict[str, Any], answer: str | None = None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.txt").write_text("Warum?")
    (folder / f"{name}.json").write_text(json.dumps(data))
    if answer is not None:
        (folder / f"{name}_response.txt").write_text(answer)


def _tree(root: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path): (path.read_bytes(), path.lstat().st_mtime_ns)
        for path in root.rglob("*")
        if path.is_file()
    }


def _counts(call: Call) -> dict[str, int]:
    counts = json.loads(call("status", "--json").stdout)["counts"]
    return {state: counts[state] for state in ("incoming", "processed", "error")}


def test_an_import_brings_every_job_where_it_belongs(call: Call, older: Path) -> None:
    """What ended lies with the finished jobs, what waited waits, and DIR is untouched."""
    before = _tree(older)
    shown = call("import", str(older), "--json")

    assert shown.exit_code == 0, shown.output
    found = json.loads(shown.stdout)
    assert (found["imported"], found["waiting"], found["already_there"]) == (2, 1, 0)
    assert found["outcomes"] == {"failed": 1, "passed": 1}
    assert _counts(call) == {"incoming": 1, "processed": 1, "error": 1}
    assert _tree(older) == before


def test_a_second_import_imports_nothing_twice(call: Call, older: Path) -> None:
    """Everything is there already, which is no error."""
    call("import", str(older))
    counts = _counts(call)
    shown = call("import", str(older), "--json")

    found = json.loads(shown.stdout)
    assert shown.exit_code == 0
    assert (found["imported"], found["waiting"], found["already_there"]) == (0, 0, 3)
    assert _counts(call) == counts


def test_a_dry_run_says_the_same_and_does_nothing(call: Call, older: Path, home: Home) -> None:
    """Its counts are those of the import, before and after it; the queue stays as it is."""
    queue = home.root / "queue"
    before = sorted(queue.rglob("*"))
    rehearsed = json.loads(call("import", str(older), "--dry-run", "--json").stdout)
    assert sorted(queue.rglob("*")) == before

    imported = json.loads(call("import", str(older), "--json").stdout)
    assert {**rehearsed, "dry_run": False} == imported
    again = json.loads(call("import", str(older), "--dry-run", "--json").stdout)
    assert (again["imported"], again["already_there"]) == (0, 3)


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(call: Call, older: Path) -> None:
    """A link, a FIFO and broken JSON are skipped with their reasons; the exit code is 3."""
    folder = older / "processed"
    (folder / f"{LATER}.json").write_text("{ no json")
    (folder / "link.txt").symlink_to("/etc/passwd")
    os.mkfifo(folder / "fifo.json")
    shown = call("import", str(older), "--json")

    assert shown.exit_code == 3
    found = json.loads(shown.stdout)
    assert (found["imported"], found["waiting"]) == (2, 1)
    assert {item["path"]: item["reason"] for item in found["skipped"]} == {
        f"processed/{LATER}": "not_json",
        "processed/link.txt": "not_plain",
        "processed/fifo.json": "not_plain",
    }
    assert "skipped processed/link.txt" in shown.stderr


def test_the_summary_is_for_people(call: Call, older: Path) -> None:
    """Without --json the counts are named in words."""
    shown = call("import", str(older))
    assert "imported      2  (failed 1, passed 1)" in shown.stdout
    assert "waiting       1" in shown.stdout


def test_a_job_that_lies_in_two_places_is_not_run_again(call: Call, older: Path) -> None:
    """Of a finished job and its copy in incoming/ the finished one counts."""
    _put(older / "incoming", NAME, {})
    found = json.loads(call("import", str(older), "--json").stdout)
    assert (found["imported"], found["waiting"], found["already_there"]) == (2, 1, 1)


def test_an_imported_job_is_shown_with_its_score(call: Call, older: Path, home: Home) -> None:
    """show and analyze know outcome, score version and answer of an older job."""
    call("import", str(older))
    (entry,) = (home.root / "queue" / "processed").rglob("*.json")
    shown = call("show", entry.stem).stdout

    assert "98 (score version legacy)" in shown
    assert "Alles kippt." in shown
    assert json.loads(call("analyze", "--json").stdout)["top"]["avg_score"] == 98


def test_names_are_read_in_this_machines_zone_or_the_named_one(
    call: Call, older: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TZ decides what local time is, and --zone is stronger."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        call("import", str(older))
        again = call("import", str(older), "--zone", "Asia/Tokyo", "--json")
        other = call("import", str(older), "--zone", "Europe/Berlin", "--dry-run", "--json")
    finally:
        monkeypatch.undo()
        time.tzset()
    assert json.loads(again.stdout)["already_there"] == 3
    assert json.loads(other.stdout)["already_there"] == 0


def test_a_link_named_as_a_state_is_one(call: Call, older: Path, tmp_path: Path) -> None:
    """DIR may be a link; its name says how far the jobs had come."""
    (older / "incoming").rename(older / "somewhere")
    (tmp_path / "processed").symlink_to(older / "somewhere")
    found = json.loads(call("import", str(tmp_path / "processed"), "--json").stdout)
    assert (found["imported"], found["waiting"]) == (1, 0)


def test_a_discarded_job_does_not_come_back(call: Call, older: Path, home: Home) -> None:
    """What an operator discarded is known, and is not imported anew."""
    call("import", str(older))
    (entry,) = (home.root / "queue" / "incoming").iterdir()
    day = home.root / "queue" / "archive" / "discarded" / "2025-11-26"
    day.mkdir(parents=True)
    entry.rename(day / entry.name)
    found = json.loads(call("import", str(older), "--json").stdout)
    assert (found["waiting"], found["already_there"]) == (0, 3)


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("import", "/nowhere/at/all"), 2, "does not exist"),
        (("import", "/etc/passwd"), 2, "no folder"),
        (("import", "--zone", "Mond/Krater", "/tmp"), 2, "no time zone"),
    ],
)
def test_wrong_calls_say_so(call: Call, arguments: tuple[str, ...], code: int, text: str) -> None:
    """Wrong usage ends with its exit code and its reason."""
    shown = call(*arguments)
    assert shown.exit_code == code
    assert text in shown.stderr


@pytest.mark.parametrize("inside", ["queue", "queue/processed", "."])
def test_the_queue_is_not_imported_into_itself(call: Call, home: Home, inside: str) -> None:
    """Queue and DIR must lie apart; the remedy is named."""
    (home.root / "queue" / "processed").mkdir(parents=True, exist_ok=True)
    shown = call("import", str(home.root / inside))
    assert shown.exit_code == 1
    assert "fix: move the older folders aside" in shown.stderr


def test_all_real_jobs_are_imported(call: Call, real_records: Path) -> None:
    """Every recorded job comes in, once, and the records stay as they are."""
    before = _tree(real_records / "jobs")
    shown = call("import", str(real_records / "jobs"), "--json")

    found = json.loads(shown.stdout)
    everything = len(list((real_records / "jobs").rglob("*.json")))
    assert shown.exit_code == 0, shown.output
    assert (found["imported"], found["waiting"], found["skipped"]) == (everything, 0, [])
    assert _counts(call)["processed"] + _counts(call)["error"] == everything
    assert _tree(real_records / "jobs") == before
