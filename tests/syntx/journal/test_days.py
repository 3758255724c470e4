from __future__ import annotations

import os
import resource
import stat
from pathlib import Path

import pytest
from log_days import day, ids, line, names, write, write_days

from syntx.journal.appending import Journal
from syntx.journal.extents import extents
from syntx.journal.files import files_of, last_records, newest_first, read_all, read_since
from syntx.journal.logs import Logs
from syntx.journal.packs import Day, head_of


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Give where a log is written."""
    return tmp_path / "costs.jsonl"


def test_the_first_line_of_a_day_puts_the_day_before_aside(log: Path) -> None:
    """Each day has a file of its own, and all are read as one log."""
    written = write_days(log, 3)
    assert names(log) == ["costs-2026-09-01.jsonl", "costs-2026-09-02.jsonl", "costs.jsonl"]
    assert ids(log) == written


def test_a_writer_that_slept_over_midnight_follows(log: Path) -> None:
    """Who has the file of yesterday open writes to today's, and puts nothing aside again."""
    one, two = Journal(log), Journal(log)
    write(one, "a", on=day(0))
    write(two, "b", on=day(0))
    write(one, "c", on=day(1))
    write(two, "d", on=day(1))
    assert names(log) == ["costs-2026-09-01.jsonl", "costs.jsonl"]
    assert log.read_bytes() == line("c", day(1)) + line("d", day(1))


def test_a_line_that_comes_late_stays_with_the_new_day(log: Path) -> None:
    """A line made before midnight and written after it moves nothing."""
    journal = Journal(log)
    write(journal, "a", on=day(1))
    write(journal, "late", on=day(0))
    write(Journal(log), "b", on=day(1))
    assert names(log) == ["costs.jsonl"]
    assert ids(log) == ["a", "late", "b"]


def test_a_clock_that_jumps_loses_and_doubles_nothing(log: Path) -> None:
    """Years ahead and back again: each line is there once, and days are told apart again."""
    journal = Journal(log)
    for number, on in enumerate((day(0), "2030-01-01", day(0), "1970-01-01", day(0), day(1))):
        write(journal, number, on=on)
    assert sorted(ids(log)) == ["0", "1", "2", "3", "4", "5"]
    assert log.read_bytes() == line(5, day(1))


def test_clocks_that_disagree_do_not_rotate_for_ever(log: Path) -> None:
    """Two writers whose clocks lie years apart make few files, and lose nothing."""
    one, two = Journal(log), Journal(log)
    for number in range(50):
        write(one, f"{number}a", on=day(0))
        write(two, f"{number}b", on="2030-01-01")
    assert len(names(log)) < 10
    assert len(set(ids(log))) == 100


def test_a_day_that_was_there_is_never_replaced(log: Path) -> None:
    """Where the name is taken the next one is used, and both are read in order."""
    write(Journal(log), "a", on=day(0))
    log.rename(log.with_name("costs-2026-09-01.jsonl"))
    write(Journal(log), "b", on=day(0))
    write(Journal(log), "c", on=day(1))
    assert names(log)[0] == "costs-2026-09-01-2.jsonl"
    assert ids(log) == ["a", "b", "c"]


def test_a_log_without_timestamps_goes_by_its_last_change(log: Path) -> None:
    """A file of another program is put aside under the day it was written last."""
    log.write_text('{"event_id": "a"}\n')
    os.utime(log, (0, 0))
    write(Journal(log), "b", on=day(0))
    assert names(log) == ["costs-1970-01-01.jsonl", "costs.jsonl"]


def test_a_folder_that_allows_no_rename_keeps_its_lines(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rotation that fails is told; the lines are written all the same."""

    def refused(source: Path, target: Path) -> None:
        raise PermissionError(13, "Permission denied")

    journal = Journal(log)
    write(journal, "a", on=day(0))
    monkeypatch.setattr(os, "rename", refused)
    write(journal, "b", on=day(1))
    assert isinstance(journal.not_rotated, PermissionError)
    assert ids(log) == ["a", "b"]


def test_a_log_that_is_a_link_is_left_where_it_leads(tmp_path: Path, log: Path) -> None:
    """A link is not renamed, since the lines would stay behind."""
    real = tmp_path / "real"
    log.symlink_to(real)
    write_days(log, 2)
    assert log.is_symlink()
    assert len(real.read_bytes().splitlines()) == 4


def test_logs_rotate_unless_told_otherwise(tmp_path: Path) -> None:
    """`daily=False` keeps everything in one file."""
    old = line("old", "2020-01-01")
    for daily in (True, False):
        folder = tmp_path / str(daily)
        folder.mkdir()
        (folder / "costs.jsonl").write_bytes(old)
        logs = Logs(folder, "test", daily=daily)
        logs.write("costs", {"n": 1})
        logs.close()
        assert (len(names(folder / "costs.jsonl")) == 2) is daily


def test_the_newest_records_are_found_over_days(log: Path) -> None:
    """Only as much is read as is asked for, from the newest file back."""
    written = write_days(log, 40)
    assert [one["event_id"] for one in last_records(log, 7)] == written[-7:]
    assert [one["event_id"] for one in last_records(log, 1000)] == written
    few = list(newest_first(log, most_bytes=300))
    assert 2 <= len(few) <= 4


def test_files_of_other_logs_are_not_read(log: Path) -> None:
    """A name that only begins alike is another log; a rotation of logrotate is ours."""
    write_days(log, 2)
    for name in ("costs-2026-09-01.txt", "costs-old.jsonl", "costs-2026-9-1.jsonl", "acosts.jsonl"):
        log.with_name(name).write_text('{"event_id": "x"}\n')
    log.with_name("costs-2026-09-03.jsonl").mkdir()
    log.with_name("costs.jsonl-20260801-1785542400").write_bytes(line("rotated", "2026-08-01"))
    assert ids(log) == ["rotated", "0a", "0b", "1a", "1b"]
    assert len(files_of(log)) == 3


def test_files_that_cannot_be_days_hide_nothing(log: Path) -> None:
    """A link that leads to itself, and a list of days with nonsense in it."""
    written = write_days(log, 2)
    aside = log.with_name("costs-2026-01-08.jsonl")
    aside.symlink_to(aside.name)
    forged = Day("x", 1, 1, "", False, 1, at="zz")
    log.with_name("costs-2026-01.jsonl.gz").write_bytes(head_of([forged]))
    assert ids(log) == written
    assert len(read_since(log, None)[0]) == len(list(extents(log))) + 1 == 4


def test_a_log_without_files_is_empty(log: Path) -> None:
    """Nothing is raised where nothing was written yet."""
    assert list(read_all(log.parent / "none" / "x.jsonl")) == []
    assert last_records(log, 3) == []


def test_years_of_days_are_read_though_few_files_may_be_open(log: Path) -> None:
    """Where days are never packed, reading takes the descriptors it needs."""
    written = write_days(log, 120)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    open_now = len(os.listdir("/proc/self/fd"))
    resource.setrlimit(resource.RLIMIT_NOFILE, (open_now + 40, hard))
    try:
        assert ids(log) == written
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_new_day_is_for_the_same_people(log: Path) -> None:
    """The file of the new day has the rights of the last one; what root begins is the folder's."""
    write(Journal(log), "a", on=day(0))
    log.chmod(0o664)
    if os.geteuid() == 0:
        os.chown(log.parent, 1234, 1234)
    write(Journal(log), "b", on=day(1))
    found = log.stat()
    assert stat.S_IMODE(found.st_mode) == 0o664
    assert found.st_uid == log.parent.stat().st_uid
