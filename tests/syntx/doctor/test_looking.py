"""What the doctor takes for well or unwell where the two are easily mistaken."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime

import pytest
from mending import ask, unwell

from syntx.doctor import examining, space
from syntx.doctor.jobs import process_of
from syntx.doctor.logs import unpacked
from syntx.doctor.report import Found
from syntx.doctor.subject import Subject, subject_of
from syntx.home import Home
from syntx.shipped.folder import source
from syntx.spool.presence import worker_name
from syntx.spool.space import DiskState


@pytest.mark.parametrize(("day", "count"), [(1, 0), (2, 2)])
def test_only_what_the_line_would_pack_waits(home: Home, day: int, count: int) -> None:
    """On the first of a month the last one is not packed yet, and nobody is told to pack it."""
    for name in ("costs-2026-11-30", "evolution-2026-11-30-2", "other-2026-11-30"):
        (home.root / "logs" / f"{name}.jsonl").write_text("{}\n")
    subject = subject_of(home, source(), offline=True)

    found = unpacked(subject, datetime(2026, 12, day, tzinfo=UTC))

    assert len(found) == count


def test_a_database_in_use_is_left_alone(home: Home) -> None:
    """What a producer has not written back yet may look damaged from outside."""
    store = home.root / "queue" / ".state" / "evolution.sqlite"
    store.parent.mkdir()
    store.write_bytes(b"SQLite format 3\0" + b"\xaa" * 4096)
    assert unwell(ask(home, "state"))
    store.with_name("evolution.sqlite-wal").write_bytes(b"not written back yet")

    assert not unwell(ask(home, "state"))


def test_a_folder_like_tmp_is_open_to_nobody(home: Home) -> None:
    """Every user may add files there, and take away none of others."""
    (home.root / "logs").chmod(0o777)
    assert unwell(ask(home, "permissions"))
    (home.root / "logs").chmod(0o1777)

    assert not unwell(ask(home, "permissions"))


def test_a_clock_that_stood_still_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """It shows a time before this program was installed."""
    monkeypatch.setattr(time, "time", lambda: 1_000_000_000.0)

    assert any(
        "before syntx was installed" in check["text"] for check in unwell(ask(home, "clocks"))
    )


def test_one_family_that_cannot_look_hides_no_other(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stopped it is told as a failure of its own."""

    def refused(subject: Subject) -> list[Found]:
        raise PermissionError(13, "Permission denied", "/queue")

    monkeypatch.setitem(examining.FAMILIES, "filesystem", refused)
    checks = list(
        examining.examine(subject_of(home, source(), offline=True), ("filesystem", "space"))
    )

    assert (checks[0].mark, checks[0].text) == ("failed", "/queue: Permission denied")
    assert checks[1].name == "space"


def test_only_the_process_that_has_the_name_is_meant() -> None:
    """Its number may be another process's by now, in another boot, or on another machine."""
    host, pid, boot, start, number = worker_name().split("-")
    assert process_of("-".join((host, pid, boot, start, number))) == os.getpid()
    for name in ((pid, "0" * 8, start), (pid, boot, "1"), ("x", boot, start), (pid, boot)):
        assert process_of("-".join((host, *name, number))) is None


@pytest.mark.parametrize(
    ("free", "wanted", "mark", "told"),
    [
        (25, 10, "ok", "free for"),
        (15, 10, "warning", "less than the 20.0 MB"),
        (5, 10, "failed", "nothing new begins"),
        (5, 10**9, "failed", "more than the disk's"),
    ],
)
def test_little_room_is_told_before_it_is_too_little(
    home: Home, monkeypatch: pytest.MonkeyPatch, free: int, wanted: int, mark: str, told: str
) -> None:
    """Twice the watermark is a warning; one that no disk can meet is a wrong setting (in MB)."""
    (home.config / "queue.yaml").write_text(f"min_free_bytes: {wanted}000000\n")
    monkeypatch.setattr(space, "disk_state", lambda path: DiskState(free * 1_000_000, None))
    (check,) = ask(home, "space")

    assert check["mark"] == mark
    assert told in check["text"]
