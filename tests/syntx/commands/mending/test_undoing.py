"""`syntx discard --undo`: exactly what a discard moved comes back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from failed_jobs import audit, lay, names

from syntx.commands.mending import auditing
from syntx.errors import SyntxError
from syntx.home import Home
from syntx.journal.appending import Journal

Call = Callable[..., Result]


def key_of(call: Call, reason: str) -> str:
    """Return the key of the group of that reason."""
    groups = json.loads(call("failures", "--json").stdout)["groups"]
    return next(str(one["key"]) for one in groups if one["reason"] == reason)


def test_the_last_discard_is_undone_exactly(
    call: Call, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many lines its IDs take; what was discarded before stays discarded."""
    monkeypatch.setattr(auditing, "MOST_LISTED", 2)
    monkeypatch.setattr(auditing, "AT_ONCE", 3)
    earlier = lay(home, "bug")
    call("discard", earlier)
    meant = {lay(home) for _ in range(10)}
    there = json.loads(call("discard", "all", "--yes", "--why", "a test", "--json").stdout)

    back = call("discard", "--undo", "--last", "--yes")
    again = call("discard", "--undo", "--last", "--yes")
    first = call("discard", "--undo", "--action", audit(home)[0]["action_id"], "--yes")

    assert [line["state"] for line in audit(home)][2:7] == ["begun", *["named"] * 3, "done"]
    assert (back.exit_code, set(back.stdout.split()), set(there["moved"])) == (0, meant, meant)
    assert "'a test'" in back.stderr
    assert (again.exit_code, "any more" in again.stderr) == (1, True)
    assert first.stdout.split() == [earlier]
    assert names(home, "error") == {*meant, earlier}
    assert audit(home)[7]["undoes"] == there["action_id"]


def test_a_discard_that_was_broken_off_can_be_undone(call: Call, home: Home) -> None:
    """The command that was told does it: names stand in the log before anything moves."""
    ids = {lay(home) for _ in range(3)}
    shown = call("discard", "all", "--yes")
    assert f"syntx --home {home.root} discard --undo --last" in shown.stderr
    log = home.root / "logs" / "audit.jsonl"
    log.write_text(log.read_text().splitlines()[0] + "\n{torn")

    back = call("discard", "--undo", "--last", "--yes")

    assert set(back.stdout.split()) == ids == names(home, "error")


def test_a_discard_that_moved_nothing_is_not_the_last(call: Call, home: Home) -> None:
    """What stayed is not what it moved."""
    job_id = lay(home)
    call("discard", job_id)
    bin_, day = home.root / "queue" / "archive" / "discarded", home.root / "queue" / "error"
    (path,) = bin_.rglob("*.json")
    (day / path.parent.name).mkdir(exist_ok=True)
    (day / path.parent.name / path.name).write_bytes(path.read_bytes())
    stays = call("discard", job_id)
    (day / path.parent.name / path.name).unlink()

    back = call("discard", "--undo", "--last", "--yes")

    assert stays.exit_code == 1
    assert back.stdout.split() == [job_id]


def test_what_stayed_was_not_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is left out of what is undone, however many lines it takes; a gap in the names is told."""
    monkeypatch.setattr(auditing, "MOST_LISTED", 2)
    monkeypatch.setattr(auditing, "AT_ONCE", 2)
    log, meant = tmp_path / "audit.jsonl", [f"job-{number}" for number in range(9)]
    record: Any = {"action": "discard", "action_id": "1", "count": 9, "timestamp": "t"}
    lines = [*auditing.begun(record, meant), *auditing.done(record, 4, meant[4:])]
    Journal(log).append(*lines)
    assert auditing.past_discard(log).names == set(meant[:4])

    log.unlink()
    Journal(log).append(*lines[:2], *lines[3:])
    with pytest.raises(SyntxError, match="does not name all"):
        auditing.past_discard(log)


def test_discards_can_be_undone_by_cause(call: Call, home: Home) -> None:
    """The same choices hold for what was discarded."""
    meant, other = lay(home), lay(home, "bug")
    key = key_of(call, "timeout")
    call("discard", "all", "--yes")

    back = call("discard", "--undo", "--group", key, "--yes")

    assert (back.stdout.split(), names(home, "error")) == ([meant], {meant})
    assert names(home, "archive", "discarded") == {other}


def test_what_another_program_wrote_into_the_audit_log_is_no_obstacle(
    call: Call, home: Home
) -> None:
    """Lines that look like a discard and lack its fields undo nothing and break nothing."""
    job_id = lay(home)
    call("discard", job_id)
    with (home.root / "logs" / "audit.jsonl").open("a") as log:
        log.write('{"action": "discard", "state": "begun", "event_id": "x"}\n')

    back = call("discard", "--undo", "--last", "--yes")
    named = call("discard", "--undo", "--action", "x", "--yes")

    assert back.stdout.split() == [job_id]
    assert (named.exit_code, "no discard" in named.stderr) == (1, True)
