from __future__ import annotations

import csv
import errno
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from syntx.cli import cli
from syntx.commands.keeping.research_table import COLUMNS, TableFile
from syntx.home import Home
from syntx.job import AnswerRecord, Attempt, Job, Recipe, Score, Verdict
from syntx.older.placing import Target
from syntx.spool.syscalls import Disk

Call = Callable[..., Result]
START = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)


def _settle(home: Home, state: str = "processed", minute: int = 0, total: int = 93) -> Job:
    """Put one finished job into the queue."""
    at = START + timedelta(minutes=minute)
    job = Job(
        id=f"{at:%Y%m%dT%H%M%S.%f}Z-7f3a-x",
        created_at=at,
        prompt=f"Frage {minute}?",
        recipe=Recipe(topic="Köche", style="casual"),
    )
    verdict = Verdict(
        outcome="passed" if state != "error" else "low_score",
        score=Score(total=total),
        score_version="1",
        answers=(AnswerRecord(model="m", text="Antwort"),),
        settled_at=at,
    )
    job = job.settled(verdict, Attempt(worker="w", started=at, ended=at))
    _put(home, state, job)
    return job


def _put(home: Home, state: str, job: Job) -> None:
    folder = home.root / "queue" / state / job.day
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{job.id}.json").write_bytes(job.to_bytes())


def _names(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def _export(call: Call, *arguments: str) -> dict[str, Any]:
    shown = call("export", "--zone", "UTC", "--json", *arguments)
    assert shown.exit_code == 0, shown.output
    found: dict[str, Any] = json.loads(shown.stdout)
    return found


def test_finished_jobs_become_older_files(call: Call, home: Home, tmp_path: Path) -> None:
    """Each job is written below the folder of its state, where older tools read its score."""
    _settle(home)
    assert _export(call, str(tmp_path / "out"))["written"] == 1

    name = "20261120_193000_000000__topic_koeche__style_casual"
    assert _names(tmp_path / "out") == [
        f"processed/{name}.json",
        f"processed/{name}.txt",
        f"processed/{name}_response.txt",
    ]
    data = json.loads((tmp_path / "out" / "processed" / f"{name}.json").read_text())
    assert data["syntex_result"]["quality_score"]["total_score"] == 93
    assert (tmp_path / "out" / "processed" / f"{name}.txt").read_text() == "Frage 0?"


def test_a_second_export_finds_everything_there(call: Call, home: Home, tmp_path: Path) -> None:
    """Identical files are passed over, and a missing one is added again."""
    _settle(home)
    out = tmp_path / "out"
    _export(call, str(out))
    before = _names(out)
    assert _export(call, str(out))["already_there"] == 1

    next((out / "processed").glob("*_response.txt")).unlink()
    assert _export(call, str(out))["written"] == 1
    assert _names(out) == before


@pytest.mark.parametrize("ending", [".txt", ".json", "_response.txt"])
def test_nothing_is_overwritten(call: Call, home: Home, tmp_path: Path, ending: str) -> None:
    """A file that says something else stays, is named, and the rest is exported; exit code 3."""
    _settle(home)
    _settle(home, minute=1)
    out = tmp_path / "out"
    taken = out / "processed" / f"20261120_193000_000000__topic_koeche__style_casual{ending}"
    taken.parent.mkdir(parents=True)
    taken.write_text("meins")
    shown = call("export", "--zone", "UTC", "--json", str(out))

    assert shown.exit_code == 3
    found = json.loads(shown.stdout)
    assert (found["written"], found["different"]) == (1, 1)
    assert taken.read_text() == "meins"
    assert "left as it is" in shown.stderr
    assert len(_names(out)) == 4


def test_a_link_in_the_way_is_not_followed(call: Call, home: Home, tmp_path: Path) -> None:
    """A symbolic link under the name counts as something else."""
    _settle(home)
    out = tmp_path / "out"
    (out / "processed").mkdir(parents=True)
    link = out / "processed" / "20261120_193000_000000__topic_koeche__style_casual.txt"
    link.symlink_to(tmp_path / "elsewhere")
    assert call("export", "--zone", "UTC", str(out)).exit_code == 3
    assert not (tmp_path / "elsewhere").exists()


def test_what_a_killed_export_left_is_swept(call: Call, home: Home, tmp_path: Path) -> None:
    """Half-written files never bear a job's name, and the next export removes them."""
    _settle(home)
    left = tmp_path / "out" / "processed" / ".syntx-export"
    left.mkdir(parents=True)
    (left / "0").write_text("halb")
    assert _export(call, str(tmp_path / "out"))["written"] == 1
    assert len(_names(tmp_path / "out")) == 3
    assert not left.exists()


def test_two_exports_do_not_write_into_one_folder(call: Call, home: Home, tmp_path: Path) -> None:
    """The second ends with 75 and says so; afterwards the folder is free."""
    _settle(home)
    with Target(tmp_path / "out"):
        shown = call("export", str(tmp_path / "out"))
    assert shown.exit_code == 75
    assert "another export" in shown.stderr
    assert _export(call, str(tmp_path / "out"))["written"] == 1


def test_a_full_disk_leaves_no_half_file(
    call: Call, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write that fails ends the export with its reason; nothing of it has a job's name."""
    _settle(home)

    def full(self: Disk, fd: int, data: memoryview) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Disk, "write", full)
        shown = call("export", str(tmp_path / "out"))
    assert shown.exit_code == 1
    assert "No space left" in shown.stderr
    assert _names(tmp_path / "out") == []
    assert _export(call, str(tmp_path / "out"))["written"] == 1


def test_states_and_days_are_chosen(call: Call, home: Home, tmp_path: Path) -> None:
    """--state and --since narrow what is written; all states are the default."""
    for minute, state in enumerate(("processed", "error", "archive")):
        _settle(home, state, minute)
    _settle(home, minute=24 * 60)

    assert _export(call, str(tmp_path / "all"))["written"] == 4
    assert _export(call, "--state", "error", str(tmp_path / "bad"))["written"] == 1
    assert _names(tmp_path / "bad")[0].startswith("error/")
    chosen = ("--since", "2026-11-21", str(tmp_path / "new"))
    assert _export(call, *chosen)["written"] == 1


def test_what_is_no_prompt_job_is_told(call: Call, home: Home, tmp_path: Path) -> None:
    """A document job has no place there; a broken file is an error, and the rest is written."""
    job = _settle(home)
    day = home.root / "queue" / "processed" / job.day
    for number in (1, 5):
        (day / f"20261120T200000.000000Z-000{number}").mkdir()
    assert _export(call, str(tmp_path / "out"))["documents"] == 2
    told = call("export", str(tmp_path / "out"))
    assert told.stdout.splitlines()[-1].split() == ["documents", "2"]
    assert told.stderr == ""

    (day / "20261120T200000.000000Z-0002.json").write_text("{ no job")
    (day / "20261120T200000.000000Z-0003.json").symlink_to("/etc/passwd")
    endless = job.to_bytes().replace(b'"metadata":{}', b'"metadata":{"x":1e999}')
    (day / "20261120T200000.000000Z-0004.json").write_bytes(endless)
    shown = call("export", "--json", "--zone", "UTC", str(tmp_path / "out"))
    assert shown.exit_code == 3
    assert json.loads(shown.stdout)["unreadable"] == 3


@pytest.mark.parametrize("inside", ["queue", "queue/processed", "queue/neu/tief"])
def test_the_queue_is_not_exported_into_itself(call: Call, home: Home, inside: str) -> None:
    """A DIR in the queue is refused, with the remedy."""
    _settle(home)
    before = _names(home.root / "queue")
    shown = call("export", str(home.root / inside))
    assert shown.exit_code == 1
    assert "fix: name a folder outside the queue" in shown.stderr
    assert _names(home.root / "queue") == before


def test_a_link_into_the_queue_is_seen_through(call: Call, home: Home, tmp_path: Path) -> None:
    """A link of DIR that leads into the queue is refused as well."""
    _settle(home)
    out = tmp_path / "out"
    out.mkdir()
    (out / "processed").symlink_to(home.root / "queue" / "processed")
    assert call("export", str(out)).exit_code == 1


def test_an_export_can_be_imported_into_another_home(
    call: Call, home: Home, tmp_path: Path
) -> None:
    """Export, import and export again gives the same files; the first home knows its own."""
    for minute in range(3):
        _settle(home, minute=minute)
    first, second, other = tmp_path / "first", tmp_path / "second", tmp_path / "other"
    _export(call, str(first))
    known = json.loads(call("import", "--zone", "UTC", "--json", str(first)).stdout)
    assert (known["imported"], known["already_there"]) == (0, 3)

    CliRunner().invoke(cli, ["init", str(other)])
    moved = CliRunner().invoke(cli, ["--home", str(other), "import", "--zone", "UTC", str(first)])
    assert moved.exit_code == 0, moved.output
    CliRunner().invoke(cli, ["--home", str(other), "export", "--zone", "UTC", str(second)])
    assert _names(second) == _names(first)
    assert all(
        (second / name).read_bytes() == (first / name).read_bytes() for name in _names(first)
    )


def test_real_jobs_come_out_as_they_came_in(call: Call, real_records: Path, tmp_path: Path) -> None:
    """Import and export of all recorded jobs gives their texts and metadata back."""
    call("import", "--zone", "UTC", str(real_records / "jobs"))
    _export(call, str(tmp_path / "out"))
    given = {path.name: path for path in (real_records / "jobs").rglob("*__*")}
    written = {path.name: path for path in (tmp_path / "out").rglob("*.*")}

    assert set(written) == set(given)
    for name, path in given.items():
        if name.endswith(".json"):
            assert json.loads(written[name].read_text()) == json.loads(path.read_text())
        else:
            assert written[name].read_bytes() == path.read_bytes()


def _table(call: Call, path: Path, *arguments: str) -> list[dict[str, Any]]:
    shown = call("export", "--table", str(path), *arguments)
    assert shown.exit_code == 0, shown.output
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_one_table_holds_prompt_answer_score_and_lineage(
    call: Call, home: Home, tmp_path: Path
) -> None:
    """A row for each finished prompt; what is not known is null."""
    first, second = _settle(home), _settle(home, "archive", 1, total=40)

    rows = _table(call, tmp_path / "jobs.jsonl")

    assert [row["id"] for row in rows] == [first.id, second.id]
    assert [row["state"] for row in rows] == ["processed", "archive"]
    told = {name: rows[0][name] for name in ("prompt", "answer", "score", "topic", "parents")}
    assert told == {
        "prompt": "Frage 0?",
        "answer": "Antwort",
        "score": 93,
        "topic": "Köche",
        "parents": [],
    }
    assert rows[1]["score"] == 40
    assert rows[0]["answer_cost"] is rows[0]["draft_model"] is None
    assert tuple(rows[0]) == COLUMNS


def test_a_table_of_commas_is_read_back_as_it_was(call: Call, home: Home, tmp_path: Path) -> None:
    """Quotes, commas, line ends and what looks like a formula survive; NUL is replaced."""
    hostile = '=1+1; "a",\r\n\tb\0c\nd ✓'
    job = _settle(home).model_copy(update={"prompt": hostile})
    _put(home, "processed", job)

    assert call("export", "--table", str(tmp_path / "jobs.csv")).exit_code == 0
    with (tmp_path / "jobs.csv").open(newline="", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)

    assert row["prompt"] == hostile.replace("\0", "\ufffd")
    assert json.loads(row["parts"]) == {}
    assert (row["score"], row["generation"]) == ("93", "")


def test_a_job_that_lies_twice_is_one_row(call: Call, home: Home, tmp_path: Path) -> None:
    """A job that is archived while the table is written is not told twice."""
    job = _settle(home)
    _put(home, "archive", job)

    assert [row["state"] for row in _table(call, tmp_path / "jobs.jsonl")] == ["processed"]


def test_a_table_is_whole_or_not_there(
    call: Call, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another's file is never replaced, and a table that broke off leaves nothing behind."""
    _settle(home)
    (tmp_path / "mine.csv").write_text("mine")
    shown = call("export", "--table", str(tmp_path / "mine.csv"))
    assert (shown.exit_code, (tmp_path / "mine.csv").read_text()) == (1, "mine")

    with monkeypatch.context() as patched:
        patched.setattr(TableFile, "add", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
        assert call("export", "--table", str(tmp_path / "new.csv")).exit_code == 1
    assert [path.name for path in tmp_path.glob("*.csv*")] == ["mine.csv"]
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("arguments", [(), ("out", "--table", "t.csv"), ("--table", "t.xlsx")])
def test_a_table_or_a_folder_is_named(call: Call, arguments: tuple[str, ...]) -> None:
    """Neither, both, or an ending nobody writes is wrong usage."""
    assert call("export", *arguments).exit_code == 2


def test_a_table_is_not_written_into_the_queue(call: Call, home: Home) -> None:
    """A FILE in the queue is refused."""
    _settle(home)
    shown = call("export", "--table", str(home.root / "queue" / "incoming" / "jobs.csv"))
    assert "lies in the queue" in shown.stderr
