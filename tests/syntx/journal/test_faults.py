from __future__ import annotations

import errno
import resource
import signal
from pathlib import Path

import pytest
from log_days import day, ids, names, write, write_days
from log_faults import ALL_DONE, KILLED, REFUSED, run

from syntx.journal.appending import Journal
from syntx.journal.packing import pack

MORE = [
    pytest.param(fault, marks=pytest.mark.slow)
    for fault in ("after", str(errno.ENOSPC), str(errno.EIO))
]
FAULTS = ["before", *MORE]
CALLS_OF_A_ROTATION = 20


@pytest.mark.parametrize("fault", FAULTS)
def test_a_rotation_may_end_at_any_call(tmp_path: Path, fault: str) -> None:
    """What was written stays, the line at hand is there at most once, and the next one comes."""
    ends = []
    for at in range(CALLS_OF_A_ROTATION):
        log = tmp_path / str(at) / "costs.jsonl"
        write(Journal(log), "a", "b", on=day(0))
        ended = run(lambda log=log: write(Journal(log), "c", on=day(1)), at, fault)  # type: ignore[misc]
        found = ids(log)
        assert found in (["a", "b"], ["a", "b", "c"]), at
        assert "c" in found or ended != ALL_DONE, at
        ends.append(ended)
        write(Journal(log), "d", on=day(1))
        assert ids(log) == [*found, "d"], at
    assert set(ends) == {ALL_DONE, REFUSED if fault.isdigit() else KILLED}
    assert ends[-1] == ALL_DONE


@pytest.mark.parametrize("fault", FAULTS)
def test_packing_may_end_at_any_call(tmp_path: Path, fault: str) -> None:
    """Each line is read once whatever was left behind, and the next packing finishes."""
    ends = set()
    for at in range(300):
        log = tmp_path / str(at) / "costs.jsonl"
        written = write_days(log, 3, "2026-08-30")
        ended = run(lambda log=log: pack(log, today="2026-10-02"), at, fault)  # type: ignore[misc]
        ends.add(ended)
        assert ids(log) == written, at
        pack(log, today="2026-10-02")
        assert ids(log) == written, at
        assert names(log) == ["costs-2026-08.jsonl.gz", "costs-2026-09.jsonl.gz"], at
        if ended == ALL_DONE:
            break
    assert ends == {ALL_DONE, REFUSED if fault.isdigit() else KILLED}
    assert at > 20


@pytest.mark.parametrize("size", [0, 1, 700, 1500])
def test_a_pack_that_finds_no_room_leaves_the_days(tmp_path: Path, size: int) -> None:
    """Wherever the disk is full in the middle of the pack, all is as before."""
    log = tmp_path / "costs.jsonl"
    written = write_days(log, 20)
    Journal(log).put_aside("2026-10-01")
    before = names(log)

    def act() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        pack(log, today="2026-10-02")

    assert run(act, -1, "before") == REFUSED
    assert names(log) == before
    assert ids(log) == written
