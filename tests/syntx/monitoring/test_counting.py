from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from syntx.home import Home
from syntx.journal.logs import Logs
from syntx.monitoring import counting
from syntx.monitoring.cache_files import cache_folder, locked
from syntx.monitoring.counting import counted

CALL = {"operation": "draft", "model": "m", "simulated": False, "total_cost": 1.0}


@pytest.fixture
def logs(home: Home) -> Logs:
    """Give the logs of a home."""
    return Logs(home.root / "logs", "consumer")


def _calls(home: Home, **options: Any) -> float:
    totals = counted(home, home.root / "logs", {}, **options).totals
    return totals.counters.get(("syntx_calls_total", "m", "draft", "answered"), 0.0)


def test_each_line_counts_once(home: Home, logs: Logs) -> None:
    """However often the logs are counted, and by whomever."""
    assert _calls(home) == 0
    for total in range(1, 4):
        logs.write("costs", CALL)
        assert _calls(home) == total
        assert _calls(home) == total


def test_a_line_that_is_being_written_waits(home: Home, logs: Logs) -> None:
    """It counts when it is whole; a torn one never does."""
    logs.write("costs", CALL)
    path = logs.path("costs")
    whole = path.read_bytes()
    with path.open("ab") as file:
        file.write(whole[:40])
    assert _calls(home) == 1
    with path.open("ab") as file:
        file.write(whole[40:] + b"no json\n[1]\n")
    logs.write("costs", CALL)

    assert _calls(home) == 3


def test_deleting_the_totals_begins_anew_from_the_logs(home: Home, logs: Logs) -> None:
    """So does a damaged file."""
    logs.write("costs", *[CALL] * 5)
    file = home.root / ".cache" / "totals.json"
    for damage in (lambda: None, file.unlink, lambda: file.write_text('{"version": 2}')):
        _calls(home)
        damage()
        assert _calls(home) == 5


@pytest.mark.parametrize("moment", range(1, 8))
def test_a_kill_counts_nothing_twice_or_never(
    home: Home, logs: Logs, moment: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before or behind any write of the totals, the next count is right."""
    logs.write("costs", *[CALL] * 30)
    monkeypatch.setattr(counting, "_PIECE_BYTES", 1000)
    real, calls = counting.replace_file, 0

    def killed(*arguments: Any, **options: Any) -> None:
        nonlocal calls
        calls += 1
        if calls * 2 - 1 == moment:
            raise KeyboardInterrupt
        real(*arguments, **options)
        if calls * 2 == moment:
            raise KeyboardInterrupt

    monkeypatch.setattr(counting, "replace_file", killed)
    with pytest.raises(KeyboardInterrupt):
        _calls(home)
    logs.write("costs", CALL)
    monkeypatch.setattr(counting, "replace_file", real)

    assert _calls(home) == 31


def test_a_full_disk_makes_no_wrong_totals(
    home: Home, logs: Logs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be kept is counted all the same, and once when there is room again."""
    logs.write("costs", CALL)
    _calls(home)
    logs.write("costs", *[CALL] * 4)
    with monkeypatch.context() as patched:
        patched.setattr(counting, "replace_file", _refuse)
        assert _calls(home) == _calls(home) == 5

    assert _calls(home) == 5


def _refuse(*arguments: Any, **options: Any) -> None:
    raise OSError(28, "No space left on device")


def test_a_look_counts_only_for_its_time(
    home: Home, logs: Logs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long log is counted by several looks, a piece each, and by another who is at it alone."""
    logs.write("costs", *[CALL] * 30)
    monkeypatch.setattr(counting, "_PIECE_BYTES", 1000)

    first = _calls(home, seconds=0.0)
    assert 0 < first < 30
    with locked(cache_folder(home) / "totals.lock", wait=False):
        assert _calls(home, seconds=0.0) == first
    while not counted(home, home.root / "logs", {}, seconds=0.0).whole:
        pass
    assert _calls(home, seconds=0.0) == 30


def test_counting_ends_while_others_write(
    home: Home, logs: Logs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines that come faster than they are counted are left to the next look."""
    logs.write("costs", CALL)
    written, real = 0, counting.replace_file

    def meanwhile(*arguments: Any, **options: Any) -> None:
        nonlocal written
        written += 1
        assert written < 10
        logs.write("costs", CALL)
        real(*arguments, **options)

    monkeypatch.setattr(counting, "replace_file", meanwhile)
    assert _calls(home) == written


def test_totals_hold_no_prompt_and_no_answer(
    home: Home, logs: Logs, call: Callable[..., Any]
) -> None:
    """Neither the file nor the metrics show a text a model was sent or gave."""
    logs.write("llama_responses", {"success": True, "meta_prompt": "GEHEIM", "response": "GEHEIM"})

    assert "GEHEIM" not in call("metrics").output
    kept = json.loads((home.root / ".cache" / "totals.json").read_text())
    assert "GEHEIM" not in json.dumps([kept["counters"], kept["histograms"], kept["values"]])


def test_the_monitor_changes_nothing_in_the_logs(home: Home, logs: Logs) -> None:
    """They are only read."""
    logs.write("costs", CALL)
    before = _bytes(home.root / "logs")
    _calls(home)

    assert _bytes(home.root / "logs") == before


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
