from __future__ import annotations

import errno
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from log_days import day, line, names, write, write_days

from syntx.journal.appending import Journal
from syntx.journal.files import Position, at_end, read_since
from syntx.journal.packing import pack


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Give where a log is written."""
    return tmp_path / "evolution.jsonl"


class Follower:
    """Reads what is new, in small bites."""

    def __init__(self, log: Path, position: Position | None = None, bite: int = 150) -> None:
        self.log = log
        self.position = position
        self.bite = bite
        self.seen: list[str] = []

    def look(self) -> list[str]:
        """Read until nothing is new."""
        while True:
            records, position = read_since(self.log, self.position, most_bytes=self.bite)
            self.seen += [record["event_id"] for record in records]
            if position == self.position:
                return self.seen
            self.position = position


@pytest.mark.parametrize("every", [1, 3, 50, 200])
@pytest.mark.parametrize("bite", [1, 150, 1 << 20])
def test_each_line_is_followed_once(log: Path, every: int, bite: int) -> None:
    """Over rotation and packing, however seldom one looks and however little one takes."""
    journal, follower, written = Journal(log), Follower(log, bite=bite), []
    for number in range(100):
        today = day(number // 2)
        write(journal, number, on=today)
        written.append(str(number))
        if number % every == 0:
            follower.look()
        if number % 17 == 0:
            pack(log, today=today)
    assert follower.look() == written


def test_from_the_end_only_new_lines_come(log: Path) -> None:
    """Who begins at the end of a packed year reads nothing of it."""
    write_days(log, 40)
    pack(log, today=day(40))
    follower = Follower(log, at_end(log))
    assert follower.look() == []
    write(Journal(log), "new", on=day(41))
    write(Journal(log), "newer", on=day(42))
    assert follower.look() == ["new", "newer"]


def test_a_torn_tail_is_waited_for(log: Path) -> None:
    """Half a line is read when it is whole, and a torn one never."""
    whole = line("a", day(0))
    log.write_bytes(whole[:30])
    follower = Follower(log)
    assert follower.look() == []
    log.write_bytes(whole + whole[:30])
    assert follower.look() == ["a"]
    write(Journal(log), "b", on=day(0))
    assert follower.look() == ["a", "b"]


def test_a_torn_line_at_the_end_of_a_day_hides_nothing(log: Path) -> None:
    """A day that ends in the middle of a line is followed by the next, plain or packed."""
    write(Journal(log), "a", on=day(0))
    with log.open("ab") as file:
        file.write(b'{"torn')
    follower = Follower(log)
    follower.look()
    log.rename(log.with_name("evolution-2026-09-01.jsonl"))
    write(Journal(log), "b", on=day(1))
    assert follower.look() == ["a", "b"]
    pack(log, today="2026-10-02")
    assert follower.look() == ["a", "b"]
    assert Follower(log).look() == ["a", "b"]


@pytest.mark.parametrize("long", [False, True])
def test_a_truncated_log_is_read_anew(log: Path, long: bool) -> None:
    """After `: > file` the lines that come then are read, also when they are more."""
    write(Journal(log), "a", "b", on=day(0))
    follower = Follower(log)
    follower.look()
    log.write_bytes(line("c", day(0)) * (9 if long else 1))
    assert follower.look() == ["a", "b"] + ["c"] * (9 if long else 1)


def test_a_log_an_editor_wrote_anew_is_not_read_twice(log: Path) -> None:
    """A copy under the same name with the same beginning goes on where one was."""
    write(Journal(log), "a", "b", on=day(0))
    follower = Follower(log)
    follower.look()
    copy = log.with_name("copy")
    copy.write_bytes(log.read_bytes() + line("c", day(0)))
    copy.replace(log)
    assert follower.look() == ["a", "b", "c"]


def test_a_log_that_is_gone_and_comes_back(log: Path) -> None:
    """While there is no file the position stays, and what comes then is read once."""
    follower = Follower(log)
    assert follower.look() == []
    assert follower.position == Position(log.name, 0, 0)
    write(Journal(log), "a", on=day(0))
    follower.look()
    Journal(log).put_aside("2026-10-01")
    assert names(log) == ["evolution-2026-09-01.jsonl"]
    follower.look()
    write(Journal(log), "b", on="2026-10-01")
    assert follower.look() == ["a", "b"]


def test_a_rotation_of_another_program_is_followed(log: Path) -> None:
    """Renamed by logrotate, and compressed by it a turn later."""
    write(Journal(log), "a", "b", on=day(0))
    follower = Follower(log, bite=1)
    read_since(log, None, most_bytes=1)
    follower.look()
    rotated = log.with_name("evolution.jsonl-20260901-1788220800")
    log.rename(rotated)
    write(Journal(log), "c", on=day(1))
    assert follower.look() == ["a", "b", "c"]
    assert os.system(f"gzip {rotated}") == 0
    write(Journal(log), "d", on=day(1))
    assert follower.look() == ["a", "b", "c", "d"]


def test_what_is_known_stays_short(log: Path) -> None:
    """A pack whose days were all read is remembered as one."""
    write_days(log, 65)
    follower = Follower(log)
    follower.look()
    pack(log, today=day(65))
    write(Journal(log), "new", on=day(65))
    follower.look()
    assert follower.position is not None
    assert len(follower.position.known) < 10
    write(Journal(log), "newer", on=day(66))
    assert follower.look()[-2:] == ["new", "newer"]
    assert len(follower.seen) == 132


@pytest.mark.parametrize("packed", [False, True])
def test_a_copy_of_the_logs_is_followed_on(log: Path, packed: bool) -> None:
    """A home that was moved to another disk: its files are others, what is in them is known."""
    write_days(log, 40)
    if packed:
        pack(log, today=day(40))
    follower = Follower(log)
    before = list(follower.look())
    moved = log.parent / "moved"
    shutil.copytree(log.parent, moved)
    follower.log = moved / log.name
    write(Journal(follower.log), "new", on=day(40))
    assert follower.look() == [*before, "new"]


def test_a_day_compressed_by_hand_is_known(log: Path) -> None:
    """Compressed and unpacked again it is the day that was read."""
    write_days(log, 2)
    follower = Follower(log)
    follower.look()
    aside = log.with_name("evolution-2026-09-01.jsonl")
    for number, command in enumerate((["gzip", str(aside)], ["gunzip", f"{aside}.gz"])):
        subprocess.run(command, check=True)
        write(Journal(log), f"new {number}", on=day(2 + number))
        follower.look()
    assert follower.seen == ["0a", "0b", "1a", "1b", "new 0", "new 1"]


def test_lines_that_are_taken_back_are_followed_once(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who looks while the disk becomes full amid a write sees nothing of it yet."""
    journal, follower = Journal(log), Follower(log)
    write(journal, "a", on=day(0))
    follower.look()
    both = line("b", day(0)) + line("c", day(0))
    room = len(line("b", day(0)))
    real = os.write

    def full(descriptor: int, data: bytes) -> int:
        nonlocal room
        if not room:
            follower.look()
            raise OSError(errno.ENOSPC, "No space left on device")
        room, size = 0, real(descriptor, data[:room])
        return size

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        with pytest.raises(OSError, match="No space"):
            journal.append_lines(both, day=day(0))
    assert follower.look() == ["a"]
    journal.append_lines(both, day=day(0))
    assert follower.look() == ["a", "b", "c"]


def test_a_log_cut_at_its_end_is_not_read_twice(log: Path) -> None:
    """What came before is known, and what comes then is read."""
    write(Journal(log), "a", "b", on=day(0))
    follower = Follower(log)
    follower.look()
    os.truncate(log, len(line("a", day(0))))
    follower.look()
    write(Journal(log), "c", on=day(0))
    assert follower.look() == ["a", "b", "c"]
