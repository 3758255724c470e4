"""Counting goes by names alone, and needs none of the heavy libraries."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import syntx
from syntx.ids import new_id
from syntx.spool import counts_cache
from syntx.spool.counting import Counts, count
from syntx.spool.files import FileSpool
from syntx.spool.layout import due_name

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_a_queue_that_is_not_there_is_empty(tmp_path: Path) -> None:
    """Nothing is made, nothing is raised."""
    assert count(tmp_path / "nowhere") == Counts()


async def test_dropped_things_are_counted_as_the_jobs_they_will_be(
    yard: Any, spool: FileSpool
) -> None:
    """A pair is one, an envelope is one; answers and files in the making are none."""
    for name in ("a.txt", "a.json", "b.md", "c.json", "a_response.txt", ".d.txt", "e.part"):
        yard.drop(name, "x")

    assert count(yard.root).incoming == 3


async def test_what_was_refused_counts_as_error(yard: Any, spool: FileSpool) -> None:
    """People find as many things in error as they are told of."""
    yard.drop(f"{new_id(at=yard.clock.now)}.json", "x")
    assert await spool.claim() is None

    assert count(yard.root).error == 1


async def test_the_oldest_may_wait_for_its_retry(yard: Any, spool: FileSpool) -> None:
    """Its age is told by its ID, not by when it is due."""
    old = new_id(at=yard.clock.now - timedelta(seconds=90))
    name = due_name(yard.clock.now + timedelta(seconds=60), f"{old}.json")
    (yard.root / "retry" / name).touch()
    await spool.submit([yard.job()])

    assert count(yard.root, now=yard.clock.now).oldest_waiting_s == 90


def test_counting_imports_nothing_heavy() -> None:
    """A status is told within a tenth of a second or so."""
    code = "import sys, syntx.spool.counting; print('pydantic' in sys.modules)"
    env = os.environ | {"PYTHONPATH": str(Path(syntx.__file__).parents[1])}
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True
    )

    assert told.stdout == "False\n"


async def test_dropped_folders_and_odd_names_wait_too(yard: Any, spool: FileSpool) -> None:
    """Whatever will be taken or refused is counted, a folder of any name as one."""
    (yard.root / "incoming" / "report 2026").mkdir()
    (yard.root / "incoming" / f"{new_id(at=yard.clock.now)}").mkdir()
    (yard.root / "incoming" / ".hidden").mkdir()
    for name in ("photo.png", "1.json", "1.txt", "A.TXT", "A.JSON", "b.json", "~x.json", "y~"):
        yard.drop(name, "x")

    # Two folders, the photo, two pairs, b and ~x; .hidden and y~ are in the making.
    assert count(yard.root).incoming == 7


async def test_the_oldest_is_told_among_odd_names(yard: Any, spool: FileSpool) -> None:
    """Names that sort before every entry, or look like one, hide no job's age."""
    old = yard.clock.now - timedelta(seconds=50)
    for name in ("0.txt", f"{new_id(at=old)}.t2.json", f"{new_id(at=yard.clock.now)}.json"):
        yard.drop(name, "x")

    assert count(yard.root, now=yard.clock.now).oldest_waiting_s == 50


async def test_refused_things_are_told_apart(yard: Any, spool: FileSpool) -> None:
    """They count as error, and alone."""
    await yard.ended(spool, outcome="failed")
    yard.drop(f"{new_id(at=yard.clock.now)}.json", "x")
    assert await spool.claim() is None

    counts = count(yard.root)
    assert (counts.error, counts.refused) == (2, 1)


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a queue whose folders count as large, and as unchanged for long."""
    monkeypatch.setattr(counts_cache, "LARGE", 2)
    monkeypatch.setattr(counts_cache, "FRESH_NS", -(10**18))
    for state in ("incoming", "error/2026-11-20", "processed/2026-11-20"):
        (tmp_path / state).mkdir(parents=True)
        for number in range(3):
            (tmp_path / state / f"20261120T19300{number}.000000Z-0000.json").touch()
    (tmp_path / "error/2026-11-20/20261120T193000.000000Z-0001.refused").touch()
    (tmp_path / ".state").mkdir()
    return tmp_path


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note which folders are read name by name."""
    names: list[str] = []
    real = os.scandir

    def scandir(path: Any) -> Any:
        names.append(Path(path).name)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    return names


def test_a_folder_that_did_not_change_is_not_read_again(large: Path, listed: list[str]) -> None:
    """The second count is the same, and costs no listing of what is large."""
    first = count(large, now=NOW)
    listed.clear()

    assert count(large, now=NOW) == first
    assert (first.incoming, first.processed, first.error, first.refused) == (3, 3, 4, 1)
    assert "incoming" not in listed
    assert "2026-11-20" not in listed


def test_a_folder_that_changed_is_counted_anew(large: Path) -> None:
    """What was remembered never hides a change, not even one whose mtime was put back."""
    day = large / "processed" / "2026-11-20"
    before = day.stat()
    assert count(large).processed == 3
    (day / "20261120T193009.000000Z-0000.json").touch()
    os.utime(day, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert count(large).processed == 4
    shutil.rmtree(day)
    assert count(large).processed == 0


def test_a_folder_that_just_changed_is_not_remembered(
    large: Path, listed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two changes within the clock's grain may look alike, so that nothing young is trusted."""
    monkeypatch.setattr(counts_cache, "FRESH_NS", 10**18)
    count(large)
    listed.clear()
    count(large)

    assert "incoming" in listed
    assert not (large / ".state" / "counts.json").exists()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"incoming": 3}',
        '{"incoming": [[1], ["x"]]}',
        '{"incoming": [[1], [1, 0, ""], 3]}',
        '{"incoming": [[1], [1e999, 0, ""]]}',
        "[" * 100_000,
        "\x00" * 40,
    ],
    ids=["empty", "torn", "a list", "a number", "letters", "more", "endless", "deep", "zeros"],
)
def test_a_damaged_cache_is_as_none(large: Path, content: str) -> None:
    """Whatever lies there, the folders are counted and it is written anew."""
    first = count(large, now=NOW)
    (large / ".state" / "counts.json").write_text(content)

    assert count(large, now=NOW) == first
    assert json.loads((large / ".state" / "counts.json").read_text()).keys() >= {"incoming"}


def test_people_who_only_look_leave_nothing_in_the_way(
    large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The state folder is made by the queue's owner alone, and counting goes without it."""
    shutil.rmtree(large / ".state")
    monkeypatch.setattr(os, "geteuid", lambda: large.stat().st_uid + 1)
    first = count(large, now=NOW)

    assert count(large, now=NOW) == first
    assert not (large / ".state").exists()
    monkeypatch.setattr(os, "geteuid", lambda: large.stat().st_uid)
    count(large, now=NOW)
    assert (large / ".state" / "counts.json").exists()


def test_a_small_queue_is_not_remembered(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting a few names is as quick as remembering them."""
    monkeypatch.setattr(counts_cache, "LARGE", 1_000)
    count(large)

    assert list((large / ".state").iterdir()) == []


def test_a_folder_that_may_not_be_written_costs_only_time(large: Path) -> None:
    """What cannot be kept is counted anew, without a word."""
    (large / ".state").rmdir()
    (large / ".state").touch()

    assert count(large).incoming == count(large).incoming == 3
