from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from log_days import day, line, write, write_days

from syntx.commands.keeping.logs import Loading, LogFile
from syntx.home import Home
from syntx.journal.appending import Journal, to_line
from syntx.journal.logs import Logs
from syntx.journal.names import NAMES
from syntx.journal.tables import create_table

Call = Callable[..., Result]


@pytest.fixture
def log(home: Home) -> Path:
    """Give where the generations are logged."""
    return home.root / "logs" / "evolution.jsonl"


def test_files_are_listed_with_what_is_in_them(call: Call, log: Path) -> None:
    """Days and packs: lines and the time they span are the same, packed or not."""
    write_days(log, 65, "2020-09-01")
    before = json.loads(call("logs", "list", "evolution", "--json").stdout)["files"]
    assert "packed" in call("logs", "pack").stdout
    write(Journal(log), "new", on=day(70, "2020-09-01"))
    found = json.loads(call("logs", "list", "--json").stdout)["files"]
    assert set(found[0]) == set(LogFile.__annotations__)
    assert (len(before), len(found)) == (65, 4)
    assert sum(one["lines"] for one in before) == sum(one["lines"] for one in found) - 1 == 130
    assert found[0]["first"] == before[0]["first"] == "2020-09-01T12:00:00Z"
    assert found[0]["last"] == before[29]["last"] == "2020-09-30T12:00:00Z"
    assert found[2]["last"] == before[-1]["last"]
    assert "evolution-2020-09.jsonl.gz  60" in call("logs", "list").stdout


def test_packing_is_quiet_when_there_is_nothing_to_do(call: Call, log: Path) -> None:
    """A call an hour prints nothing but what it did."""
    assert (call("logs", "pack").output, call("logs", "pack").exit_code) == ("", 0)


def test_packs_go_when_the_settings_say_so(call: Call, log: Path, home: Home) -> None:
    """`logging.keep_months` is heeded, and what was removed is told."""
    settings = home.config / "system.yaml"
    text = settings.read_text().replace("logging:\n", "logging:\n  keep_months: 1\n")
    settings.write_text(text)
    write_days(log, 65, "2020-09-01")
    shown = call("logs", "pack").stdout.splitlines()
    assert [one.rpartition("/")[2] for one in shown] == [
        *(f"evolution-2020-{month}.jsonl.gz" for month in ("09", "10", "11", "09", "10"))
    ]
    assert [one.split()[0] for one in shown] == ["packed"] * 3 + ["removed"] * 2


def test_tail_goes_back_over_days_and_packs(call: Call, log: Path) -> None:
    """The last lines are the last ones of the log, not of its newest file."""
    written = write_days(log, 40, "2020-09-01")
    call("logs", "pack")
    written += write_days(log, 2)
    for number in (3, 30, 70):
        shown = call("tail", "-n", str(number)).stdout.splitlines()
        assert [json.loads(one)["event_id"] for one in shown] == written[-number:]


def test_tail_follows_into_the_next_day(
    call: Call, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines are printed once, also when the file they stood in was put aside meanwhile."""
    journal = Journal(log)
    write(journal, "a", "b", on=day(0))
    steps: Iterator[Callable[[], Any]] = iter(
        [
            lambda: write(journal, "c", on=day(0)),
            lambda: write(journal, "d", on=day(1)),
            lambda: write(journal, "e", on=day(2)),
        ]
    )

    def pause(seconds: float) -> None:
        step = next(steps, None)
        if step is None:
            raise KeyboardInterrupt
        step()

    monkeypatch.setattr("syntx.commands.seeing.tail.time.sleep", pause)
    shown = call("tail", "-n", "1", "--follow").stdout.splitlines()
    assert [json.loads(one)["event_id"] for one in shown] == ["b", "c", "d", "e"]


def test_what_is_in_a_log_is_shown_and_not_obeyed(call: Call, log: Path) -> None:
    """Controls that a model wrote do nothing to a terminal; the line keeps its value."""
    log.parent.mkdir(exist_ok=True)
    log.write_bytes(to_line({"text": "\x9b31mred \u202edne"}))
    shown = call("tail").stdout
    assert "\x9b" not in shown
    assert "\u202e" not in shown
    assert json.loads(shown)["text"] == "\x9b31mred \u202edne"


def test_costs_are_those_of_all_months(call: Call, home: Home) -> None:
    """What was put aside and packed counts as before."""
    log = home.root / "logs" / "costs.jsonl"
    journal = Journal(log)
    for number in range(40):
        on = day(number, "2020-09-01")
        record = {"timestamp": f"{on}T00:00:00Z", "model": "a", "total_cost": 0.5}
        journal.append_lines(to_line(record), day=on)
    call("logs", "pack")
    assert json.loads(call("costs", "--json").stdout)["total"] == 20.0


def test_all_logs_are_loaded_into_tables(call: Call, home: Home, tmp_path: Path) -> None:
    """Typed columns for what is documented, the whole line for the rest; twice adds nothing."""
    logs = Logs(home.root / "logs", "consumer")
    logs.write("costs", {"model": "a", "total_cost": 0.25, "input_tokens": 7, "new_field": [1]})
    logs.write("wrapper_requests", {"request_id": "r", "success": True, "wrapper_chain": ["w"]})
    logs.close()
    (home.root / "logs" / "audit.jsonl").write_text('{"action": "retry"}\n{"torn')
    database = str(tmp_path / "logs.db")
    done = json.loads(call("logs", "load", database, "--json").stdout)
    assert set(done) == set(Loading.__annotations__)
    counts = {one["log"]: (one["added"], one["torn"]) for one in done["logs"]}
    assert counts["costs"] == counts["wrapper_requests"] == (1, 0)
    assert counts["audit"] == (1, 1)
    again = json.loads(call("logs", "load", database, "--json").stdout)
    assert sum(one["added"] for one in again["logs"]) == 0

    with sqlite3.connect(database) as found:
        row = found.execute("SELECT model, total_cost, input_tokens, record FROM costs").fetchone()
        assert row[:3] == ("a", 0.25, 7)
        assert json.loads(row[3])["new_field"] == [1]
        wrapped = found.execute("SELECT success, wrapper_chain FROM wrapper_requests").fetchone()
        assert wrapped == (1, '["w"]')
    found.close()


def test_what_is_not_as_documented_is_loaded_too(call: Call, home: Home, tmp_path: Path) -> None:
    """Huge numbers, halves of characters and wrong types stop nothing."""
    log = home.root / "logs" / "costs.jsonl"
    log.parent.mkdir(exist_ok=True)
    log.write_text(
        '{"event_id": 5, "model": {"a": 1}, "input_tokens": 123456789012345678901234}\n'
        '{"event_id": "x", "model": "\\ud800", "total_cost": "much", "currency": null}\n'
        '{"event_id": "y", "total_cost": Infinity, "simulated": "no"}\n'
    )
    database = tmp_path / "logs.db"
    assert call("logs", "load", str(database)).exit_code == 0
    with sqlite3.connect(database) as found:
        assert found.execute("SELECT count(*) FROM costs").fetchone() == (3,)
        assert found.execute("SELECT model FROM costs WHERE event_id = 'x'").fetchone() == ("?",)
    found.close()


def test_a_database_of_an_earlier_version_gets_the_new_columns(
    call: Call, home: Home, tmp_path: Path
) -> None:
    """Tables that lack a field are widened; a table that is not ours is an error with a fix."""
    database = tmp_path / "logs.db"
    with sqlite3.connect(database) as found:
        found.execute("CREATE TABLE costs (event_id TEXT PRIMARY KEY, record TEXT NOT NULL)")
    found.close()
    Logs(home.root / "logs", "consumer").write("costs", {"model": "a"})
    call("logs", "load", str(database))
    with sqlite3.connect(database) as found:
        assert found.execute("SELECT model FROM costs").fetchone() == ("a",)
    found.close()
    other = tmp_path / "other.db"
    other.write_text("no database" * 100)
    refused = call("logs", "load", str(other))
    assert refused.exit_code == 1
    assert "fix: name another file" in refused.stderr


@pytest.mark.parametrize("name", NAMES)
def test_the_statements_make_the_tables(name: Any) -> None:
    """SQLite takes its own; PostgreSQL's have its types."""
    found = sqlite3.connect(":memory:")
    found.execute(create_table(name, "sqlite"))
    columns = {row[1]: row[2] for row in found.execute(f"PRAGMA table_info({name})")}
    found.close()
    assert (columns["event_id"], columns["record"]) == ("TEXT", "TEXT")
    assert '"timestamp" timestamptz' in create_table(name, "postgres")
    assert '"record" jsonb NOT NULL' in create_table(name, "postgres")


def test_statements_are_printed_instead(call: Call) -> None:
    """`--ddl` needs no database; both or none of them is a mistake."""
    assert call("logs", "load", "--ddl", "postgres").stdout.count("CREATE TABLE") == len(NAMES)
    assert call("logs", "load").exit_code == 2
    assert call("logs", "load", "x.db", "--ddl", "sqlite").exit_code == 2


def test_a_log_is_listed_while_a_day_lies_there_twice(call: Call, log: Path) -> None:
    """A day that is in its pack already is not listed beside it."""
    write_days(log, 2, "2020-09-01")
    call("logs", "pack")
    twice = line("0a", "2020-09-01") + line("0b", "2020-09-01")
    log.with_name("evolution-2020-09-01.jsonl").write_bytes(twice)
    found = json.loads(call("logs", "list", "--json").stdout)["files"]
    assert [one["lines"] for one in found] == [4]
