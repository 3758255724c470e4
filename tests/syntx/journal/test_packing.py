from __future__ import annotations

import fcntl
import gzip
import os
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from log_days import day, ids, line, names, write, write_days

import syntx.journal.packing
from syntx.errors import SyntxError
from syntx.journal.appending import Journal, Unreadable
from syntx.journal.files import newest_first, read_all, read_since
from syntx.journal.packing import Packed, pack


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Give where a log is written."""
    return tmp_path / "evolution.jsonl"


def test_months_that_are_over_are_packed(log: Path) -> None:
    """One file a month, which zcat reads; the month at hand stays as it is."""
    written = write_days(log, 65)
    done = pack(log, today=day(64))
    assert done.made == ("evolution-2026-09.jsonl.gz", "evolution-2026-10.jsonl.gz")
    assert len(done.days) == 61
    assert len(names(log)) == 2 + 3 + 1
    assert ids(log) == written
    unpacked = subprocess.run(
        ["zcat", log.with_name(done.made[0])], capture_output=True, check=True
    ).stdout
    assert unpacked == b"".join(line(one, day(int(one[:-1]))) for one in written[:60])
    assert pack(log, today=day(64)) == Packed()


def test_the_last_day_of_a_quiet_log_is_packed_with_its_month(log: Path) -> None:
    """A file nobody wrote to since is put aside when its month is over."""
    written = write_days(log, 30)
    pack(log, today="2026-10-02")
    assert names(log) == ["evolution-2026-09.jsonl.gz"]
    assert ids(log) == written


def test_a_month_is_left_alone_for_a_day(log: Path) -> None:
    """On the first of a month what was just written can still be read without unpacking."""
    written = write_days(log, 31)
    assert pack(log, today=day(30)).made == ()
    assert len(list(newest_first(log, packed=False))) == len(written)
    assert len(pack(log, today=day(31)).made) == 1
    assert len(list(newest_first(log, packed=False))) == 2
    assert len(list(newest_first(log))) == len(written)


def test_a_power_cut_takes_no_day(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pack and its name are on the disk before the first day is removed."""
    write_days(log, 2)
    Journal(log).put_aside(day(40))
    steps: list[str] = []
    for name in ("fsync", "rename", "unlink"):
        monkeypatch.setattr(os, name, _told(name, getattr(os, name), steps))

    assert len(pack(log, today=day(40)).days) == 2
    assert steps == ["fsync", "rename", "fsync", "unlink", "unlink", "fsync"]


def _told(name: str, real: Callable[..., Any], steps: list[str]) -> Callable[..., Any]:
    def call(*given: Any) -> None:
        real(*given)
        steps.append(name)

    return call


def test_a_day_that_comes_late_gets_a_pack_of_its_own(log: Path) -> None:
    """A pack is never replaced, and the same name again is not taken for the same day."""
    write_days(log, 2)
    pack(log, today="2026-10-02")
    Path(log.with_name("evolution-2026-09-01.jsonl")).write_bytes(line("late", day(0)))
    assert ids(log) == ["0a", "0b", "1a", "1b", "late"]
    assert pack(log, today="2026-10-03").made == ("evolution-2026-09.2.jsonl.gz",)
    assert ids(log) == ["0a", "0b", "1a", "1b", "late"]


def test_a_day_that_is_packed_and_still_there_is_read_once(log: Path) -> None:
    """A backup that brings a packed day back doubles nothing; the next packing removes it."""
    written = write_days(log, 3)
    first = log.with_name("evolution-2026-09-01.jsonl")
    content = first.read_bytes()
    pack(log, today="2026-10-02")
    first.write_bytes(content)
    assert ids(log) == written
    pack(log, today="2026-10-02")
    assert names(log) == ["evolution-2026-09.jsonl.gz"]


def test_a_reader_that_began_before_loses_nothing(log: Path) -> None:
    """What is packed and removed while it is read is read to the end."""
    written = write_days(log, 65)
    reading = read_all(log)
    seen = [next(reading)]
    pack(log, today=day(64), keep_months=1)
    write(Journal(log), "new", on=day(65))
    seen += reading
    assert [one["event_id"] for one in seen if isinstance(one, dict)] == written


def test_only_the_newest_packs_stay_where_that_is_wished(log: Path) -> None:
    """`keep_months` counts packs and asks no clock; without it everything stays."""
    write_days(log, 100)
    assert len(pack(log, today=day(99)).made) == 3
    assert pack(log, today="2040-01-01", keep_months=9).removed == ()
    done = pack(log, today="2040-01-01", keep_months=2)
    assert done.removed == ("evolution-2026-09.jsonl.gz", "evolution-2026-10.jsonl.gz")
    assert ids(log)[0] == "61a"


def test_a_second_packer_leaves_the_work_to_the_first(log: Path) -> None:
    """Nobody waits, and nothing is done twice."""
    write_days(log, 40)
    before = names(log)
    fd = os.open(log.parent, os.O_RDONLY)
    fcntl.flock(fd, fcntl.LOCK_EX)
    assert pack(log, today=day(40)) == Packed()
    os.close(fd)
    assert names(log) == before


def test_a_wish_to_stop_is_heeded(log: Path) -> None:
    """What is not finished leaves no trace."""
    written = write_days(log, 40)
    looks = iter(range(1000))
    assert pack(log, today=day(40), stop=lambda: next(looks) == 50).made == ()
    assert len(names(log)) == 40
    assert ids(log) == written


def test_a_pack_that_does_not_read_back_is_not_used(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where what was written is not what was meant, the days stay, and it is an error."""
    written = write_days(log, 40)
    real = zlib.compressobj

    class Forgetful:
        def __init__(self, *given: Any) -> None:
            self.real = real(*given)

        def compress(self, data: bytes) -> bytes:
            return self.real.compress(data.replace(b"12:00", b"13:00"))

        def flush(self) -> bytes:
            return self.real.flush()

    monkeypatch.setattr(syntx.journal.packing.zlib, "compressobj", Forgetful)
    with pytest.raises(SyntxError, match="read back"):
        pack(log, today=day(40))
    assert ids(log) == written
    assert len(names(log)) == 40


def test_a_damaged_pack_is_told_and_the_rest_is_read(log: Path) -> None:
    """What cannot be unpacked is one unreadable line that names the file."""
    write_days(log, 40)
    (made,) = pack(log, today=day(40)).made
    damaged = log.with_name(made)
    damaged.write_bytes(damaged.read_bytes()[:-400])
    found = list(read_all(log))
    bad = [one for one in found if isinstance(one, Unreadable)]
    assert [one.file for one in bad] == [damaged]
    assert read_since(log, None)[0][-1] == found[-1]
    assert found[-1] == {"event_id": "39b", "timestamp": f"{day(39)}T12:00:00Z", "text": "ü" * 20}


def test_what_another_program_packed_is_read(log: Path) -> None:
    """A month without our list, and a day packed by hand, hide nothing."""
    log.with_name("evolution-2026-08.jsonl.gz").write_bytes(gzip.compress(line("a", "2026-08-01")))
    log.with_name("evolution-2026-08-02.jsonl.gz").write_bytes(
        gzip.compress(line("b", "2026-08-02"))
    )
    write_days(log, 1)
    assert ids(log) == ["a", "b", "0a", "0b"]
    pack(log, today="2026-10-02")
    assert ids(log) == ["a", "b", "0a", "0b"]


def test_a_pack_belongs_to_whom_the_days_belonged(log: Path) -> None:
    """Packed by root, the service can still read it, with the same rights."""
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    write_days(log, 2)
    first = log.with_name("evolution-2026-09-01.jsonl")
    for file in (first, log):
        os.chown(file, 1234, 1234)
        file.chmod(0o640)
    (made,) = pack(log, today="2026-10-02").made
    found = log.with_name(made).stat()
    assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (1234, 1234, 0o640)
