"""`syntx retry` and `syntx discard`: what is meant, what is asked, what is told and recorded."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from syntx.cli import cli
from syntx.commands.mending import operating
from syntx.commands.mending.picking import is_meant
from syntx.errors import ConfigError
from syntx.home import Home
from syntx.ids import new_ids
from syntx.job import Attempt, Job, Verdict
from syntx.observing.failures_reading import Place

NOW = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
Call = Callable[..., Result]


def lay(home: Home, count: int = 1, reason: str = "timeout", at: datetime = NOW) -> list[str]:
    """Let jobs lie in `error/`; returns their IDs."""
    attempt = Attempt(worker="w", started=at, ended=at)
    ids = new_ids([("topic", None)] * count, at=at)
    for job_id in ids:
        job = Job(id=job_id, created_at=at, prompt="Frage")
        job = job.settled(Verdict(outcome="failed", reason=reason), attempt)
        path = home.root / "queue" / "error" / job.day / f"{job_id}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(job.to_bytes())
    return ids


def refuse(home: Home) -> str:
    """Let a refused file lie in `error/`; returns its name."""
    name = f"{new_ids([(None, None)], at=NOW)[0]}.refused"
    folder = home.root / "queue" / "error" / "2026-11-21" / name
    folder.mkdir(parents=True)
    (folder / "refusal.json").write_text("{}")
    return name


def waiting(home: Home) -> list[str]:
    """Return the names in `incoming/`."""
    return sorted(os.listdir(home.root / "queue" / "incoming"))


def audit(home: Home) -> list[dict[str, Any]]:
    """Return the records of the audit log."""
    path = home.root / "logs" / "audit.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_one_job_named_in_full_is_retried_without_a_question(call: Call, home: Home) -> None:
    """Its ID is printed, and it waits under its name."""
    first, _ = lay(home, 2)

    shown = call("retry", first)

    assert (shown.exit_code, shown.stdout) == (0, f"{first}\n")
    assert waiting(home) == [f"{first}.json"]


def test_many_are_retried_only_when_somebody_agrees(call: Call, home: Home) -> None:
    """Without a terminal and without --yes nothing happens, with the exit code of wrong usage."""
    ids = lay(home, 3)

    asked = call("retry", "all")
    agreed = call("retry", "all", "--yes", "--json")

    assert asked.exit_code == 2
    assert "nobody is there to agree: retry 3: 3 timeout" in asked.stderr
    assert "add --yes" in asked.stderr
    assert agreed.exit_code == 0
    assert json.loads(agreed.stdout) == {
        "moved": ids,
        "stayed": {},
        "unmatched": [],
        "passed_over": 0,
        "action_id": audit(home)[0]["action_id"],
    }
    assert waiting(home) == [f"{job_id}.json" for job_id in ids]


def test_a_no_changes_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal the question can be answered, and a no is heeded."""
    lay(home, 2)
    monkeypatch.setattr(operating, "is_attended", lambda: True)
    arguments = ["--home", str(home.root), "discard", "all"]

    refused = CliRunner().invoke(cli, arguments, input="n\n")
    recorded = audit(home)
    agreed = CliRunner().invoke(cli, arguments, input="y\n")

    assert (refused.exit_code, refused.stdout, recorded) == (1, "", [])
    assert "discard 2: 2 timeout?" in refused.stderr
    assert (agreed.exit_code, len(agreed.stdout.split())) == (0, 2)


def test_a_dry_run_only_tells(call: Call, home: Home) -> None:
    """It prints what is meant, and changes and records nothing."""
    ids = lay(home, 2)

    shown = call("retry", "2026*", "--dry-run")

    assert (shown.exit_code, shown.stdout.split()) == (0, ids)
    assert "would retry 2: 2 timeout" in shown.stderr
    assert len(list((home.root / "queue" / "error").glob("*/*.json"))) == 2
    assert audit(home) == []


def test_nothing_that_matches_is_told_with_what_there_is(call: Call, home: Home) -> None:
    """Exit code 1, and the reasons with their numbers."""
    lay(home, 2)
    lay(home, 1, "bug", NOW + timedelta(seconds=1))
    refuse(home)

    shown = call("retry", "2031")

    assert shown.exit_code == 1
    assert "there is: 2 timeout, 1 bug, 1 refused files" in shown.stderr


def test_a_job_that_is_elsewhere_is_told_where(call: Call, home: Home) -> None:
    """One that was learned from may lie in the archive, out of reach."""
    (job_id,) = lay(home)
    archive = home.root / "queue" / "archive" / "2026-11-20"
    archive.mkdir(parents=True)
    (home.root / "queue" / "error" / "2026-11-20" / f"{job_id}.json").rename(
        archive / f"{job_id}.json"
    )

    shown = call("retry", job_id)

    assert shown.exit_code == 1
    assert f"{job_id} is in archive/2026-11-20/" in shown.stderr


def test_status_and_show_tell_why_jobs_failed(call: Call, home: Home) -> None:
    """status counts the reasons; show says where a job lies and what it failed for before."""
    first, _ = lay(home, 2)
    lay(home, 1, "bug", NOW + timedelta(seconds=1))
    before = json.loads(call("status", "--json").stdout)
    call("retry", first)

    after, text = json.loads(call("status", "--json").stdout), call("status").stdout
    shown = call("show", first).stdout

    assert before["failed_for"] == {"retry": {}, "error": {"timeout": 2, "bug": 1}}
    assert (before["health"], after["findings"][0]["cause"]) == ("OK", "no_consumer")
    assert "(1 bug, 1 timeout)" in text
    assert f"no consumer is running\n      fix: syntx --home {home.root} consumer" in text
    assert f"lies in   {home.root / 'queue' / 'incoming' / first}.json" in shown
    assert "earlier   failed: timeout" in shown


def test_a_low_disk_is_told_by_status_and_in_the_audit_log(call: Call, home: Home) -> None:
    """status says where and that nothing would be written; a retry that failed is recorded."""
    lay(home)
    (home.config / "queue.yaml").write_text(f"min_free_bytes: {10**18}\n")

    found = json.loads(call("status", "--json").stdout)
    shown = call("retry", "all", "--yes")

    why = found["findings"][0]
    assert (found["decision"], found["health"], why["cause"]) == (0, "CRITICAL", "disk_full")
    assert f"the disk of {home.root / 'queue'} has" in why["text"]
    assert shown.exit_code == 75
    assert [record["state"] for record in audit(home)] == ["begun", "failed"]


def test_who_why_and_what_stand_in_the_audit_log(
    call: Call, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line before anything is done, one with what became of it."""
    monkeypatch.setenv("SUDO_USER", "anna")
    (job_id,) = lay(home)

    call("discard", job_id, "--why", "a test")

    begun, done = audit(home)
    assert (begun["state"], done["state"]) == ("begun", "done")
    assert begun["who"] == {"user": "anna", "uid": os.getuid()}
    assert (begun["action"], begun["why"], begun["ids"]) == ("discard", "a test", [job_id])
    assert (done["count"], done["moved"], done["stayed"]) == (1, 1, 0)


def test_without_an_audit_log_nothing_is_done(call: Call, home: Home) -> None:
    """What cannot be recorded is not carried out."""
    (job_id,) = lay(home)
    (home.root / "logs" / "audit.jsonl").mkdir(parents=True)

    shown = call("retry", job_id)

    assert shown.exit_code == 75
    assert len(list((home.root / "queue" / "error").glob("*/*.json"))) == 1


def test_a_part_that_was_done_has_its_own_exit_code(call: Call, home: Home) -> None:
    """What stayed is named with its reason, on stderr."""
    first, second = lay(home, 2)
    incoming = home.root / "queue" / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    (incoming / f"{first}.json").write_bytes(Job(id=first, created_at=NOW, prompt="neu").to_bytes())

    shown = call("retry", "all", "--yes")
    unmet = call("discard", first, "2031", "--yes")

    assert (shown.exit_code, shown.stdout) == (3, f"{second}\n")
    assert f"{first} stays: a job of that ID waits already" in shown.stderr
    assert unmet.exit_code == 3
    assert "nothing matches '2031'" in unmet.stderr


def test_a_discard_can_be_undone(call: Call, home: Home) -> None:
    """Jobs and refused files go and come back."""
    ids, name = lay(home, 2), refuse(home)

    there = call("discard", "all", "--yes")
    nothing = call("retry", "all", "--yes")
    back = call("discard", "all", "--undo", "--yes")

    assert sorted(there.stdout.split()) == sorted(back.stdout.split()) == sorted([*ids, name])
    assert (nothing.exit_code, "nothing lies in error/" in nothing.stderr) == (1, True)
    assert (home.root / "queue" / "error" / "2026-11-21" / name / "refusal.json").is_file()


def test_a_refused_file_is_not_retried(call: Call, home: Home) -> None:
    """Alone it is an error that says what to do; among jobs it is passed over."""
    name = refuse(home)
    alone = call("retry", name)
    (job_id,) = lay(home)

    together = call("retry", "all", "--yes")

    assert alone.exit_code == 1
    assert "correct the file and drop it into incoming/ again" in alone.stderr
    assert (together.exit_code, together.stdout) == (0, f"{job_id}\n")
    assert "1 refused files or second outcomes are passed over" in together.stderr


@pytest.mark.parametrize(
    ("pattern", "meant"),
    [
        ("all", True),
        ("20261120T19", True),
        ("20261120T193000.000000Z-7f3a", True),
        ("20261120T193000.000000Z-7f3a.json", True),
        ("*-7f3a", True),
        ("2026112?T*", True),
        ("7f3a", False),
        ("20261121", False),
        ("", False),
    ],
)
def test_what_a_pattern_means(pattern: str, meant: bool) -> None:
    """The beginning of an ID, a glob over the whole of it, a file's name, or all."""
    job_id = "20261120T193000.000000Z-7f3a"

    assert is_meant(Place(job_id, job_id, f"/{job_id}.json", "job"), pattern) == meant


def test_root_does_not_leave_files_the_service_cannot_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In another user's queue it is told to work as that user."""
    owner = tmp_path.stat().st_uid
    monkeypatch.setattr("syntx.commands.mending.operating.os.geteuid", lambda: 0)
    if owner == 0:
        os.chown(tmp_path, 12345, -1)

    with pytest.raises(ConfigError) as told:
        operating.check_user(tmp_path)

    assert "sudo -u" in str(told.value.fix)
