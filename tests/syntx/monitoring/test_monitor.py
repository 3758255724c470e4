from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from structlog.testing import capture_logs

from syntx.home import Home
from syntx.monitoring import alarm, packing
from syntx.monitoring.cache_files import cache_folder, locked
from syntx.monitoring.config import Config
from syntx.monitoring.service import Monitor
from syntx.monitoring.watched import is_watched, watching
from syntx.service import Stop

Call = Callable[..., Result]
FULL = "min_free_bytes: 1000000000000000\n"


@pytest.fixture(autouse=True)
def _no_packing(home: Home) -> None:
    """Logs were packed just now; only the tests of packing wait for that."""
    (cache_folder(home) / "packed").touch()


@pytest.fixture
def alerted(home: Home) -> Callable[[], list[dict[str, Any]]]:
    """Have an alert command, and give a way to read what it was told."""
    _configure(home, alert_command=["sh", "-c", "cat >> told.jsonl"])
    file = home.root / "told.jsonl"
    return lambda: (
        [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    )


def _configure(home: Home, **monitoring: object) -> None:
    text = json.dumps({"monitoring": {"every": 0.01, **monitoring}})
    (home.config / "system.yaml").write_text(text)


def _health(home: Home) -> str:
    lines = (home.root / "logs" / "metrics.prom").read_text().splitlines()
    return next(line for line in lines if line.startswith("syntx_health") and line.endswith(" 1.0"))


def test_one_look_writes_the_metrics_whole(home: Home, call: Call) -> None:
    """The file is there for everybody to read, with nothing half beside it, and talk is none."""
    done = call("monitor", "--once")

    file = home.root / "logs" / "metrics.prom"
    assert (done.exit_code, done.output) == (0, "")
    assert "OK" in _health(home)
    assert file.stat().st_mode & 0o777 == 0o644
    assert [path.name for path in file.parent.iterdir() if "metrics" in path.name] == [file.name]


def test_each_change_runs_the_command_once(
    home: Home, call: Call, alerted: Callable[[], list[dict[str, Any]]]
) -> None:
    """Bad at once and only once, well again when a second look says so; over restarts too."""
    (home.config / "queue.yaml").write_text(FULL)
    call("monitor", "--once")
    call("monitor", "--once")
    assert [(told["before"], told["level"]) for told in alerted()] == [("OK", "CRITICAL")]
    assert alerted()[0]["findings"][0]["cause"] == "disk_full"

    (home.config / "queue.yaml").unlink()
    call("monitor", "--once")
    assert len(alerted()) == 1
    call("monitor", "--once")
    call("monitor", "--once")

    assert [(told["before"], told["level"]) for told in alerted()[1:]] == [("CRITICAL", "OK")]


def test_a_command_that_fails_stops_nothing_and_is_tried_again(home: Home, call: Call) -> None:
    """It is told in the log and the metrics, until it succeeds."""
    (home.config / "queue.yaml").write_text(FULL)
    _configure(home, alert_command=["sh", "-c", "echo x >> tries; test -e mended"])
    for _ in range(3):
        assert call("monitor", "--once").exit_code == 0
    assert (home.root / "tries").read_text() == "x\n" * 3
    assert "syntx_alert_command_ok 0.0" in (home.root / "logs" / "metrics.prom").read_text()
    assert "syntx_alert_command_ok 0.0" in call("metrics").stdout
    assert "CRITICAL" in _health(home)

    (home.root / "mended").touch()
    for _ in range(3):
        call("monitor", "--once")

    assert (home.root / "tries").read_text() == "x\n" * 4
    assert "syntx_alert_command_ok 1.0" in (home.root / "logs" / "metrics.prom").read_text()


def test_wrong_settings_end_it_before_it_starts(home: Home, call: Call) -> None:
    """As they do every service: exit code 78, and the remedy."""
    (home.config / "system.yaml").write_text("monitoring: {evry: 3}\n")
    done = call("monitor", "--once")

    assert done.exit_code == 78
    assert "evry" in done.output


async def _serve_until(home: Home, done: Callable[[], bool], act: Callable[[], None]) -> None:
    """Serve; act once the first look is over, and stop when it is done."""
    stop, monitor = Stop(), Monitor(Config(home))
    serving = asyncio.create_task(monitor.serve(stop))
    metrics = home.root / "logs" / "metrics.prom"
    while not metrics.exists():
        await asyncio.sleep(0.01)
    act()
    async with asyncio.timeout(60):
        while not done():
            assert not serving.done()
            await asyncio.sleep(0.01)
    stop.ask()
    await serving


@pytest.mark.parametrize("file", ["queue.yaml", "models/simulator.yaml"])
async def test_a_bad_edit_is_a_finding_of_its_own(
    home: Home, file: str, alerted: Callable[[], list[dict[str, Any]]]
) -> None:
    """The monitor goes on with the last good settings and tells of it."""
    metrics = home.root / "logs" / "metrics.prom"

    def spoil() -> None:
        (home.config / file).write_text("no: [such thing\n")

    def told() -> bool:
        return "syntx_config_ok 0.0" in metrics.read_text() and bool(alerted())

    with capture_logs():
        await _serve_until(home, told, spoil)
    assert alerted()[0]["level"] == "WARNING"
    assert alerted()[0]["findings"][-1]["cause"] == "config_wrong"
    assert Path(file).name in alerted()[0]["findings"][-1]["text"]


async def test_a_home_that_cannot_be_looked_at_is_told(
    home: Home, alerted: Callable[[], list[dict[str, Any]]]
) -> None:
    """The monitor does not end, and looks again."""
    queue, aside = home.root / "queue", home.root / "aside"
    waiting = queue / "incoming"

    def spoil() -> None:
        shutil.copytree(queue, aside)
        shutil.rmtree(waiting)
        waiting.symlink_to(waiting)

    with capture_logs() as logged:
        await _serve_until(home, lambda: bool(alerted()), spoil)
    assert alerted()[0]["findings"][0]["cause"] == "look_failed"
    assert "look_failed" in [event["event"] for event in logged]


def test_a_metrics_file_that_cannot_be_written_stops_nothing(home: Home, call: Call) -> None:
    """The alert command still runs, and the log says why."""
    (home.config / "queue.yaml").write_text(FULL)
    (home.root / "taken").write_text("a file")
    command = ["touch", "told"]
    _configure(home, metrics_file="taken/metrics.prom", alert_command=command)
    done = call("monitor", "--once")

    assert done.exit_code == 0
    assert "metrics_not_written" in done.output
    assert (home.root / "told").exists()


async def test_the_same_refusal_is_told_once(home: Home) -> None:
    """A look every few seconds does not fill the log with it."""
    (home.root / "taken").write_text("a file")
    _configure(home, metrics_file="taken/metrics.prom")
    monitor = Monitor(Config(home))
    with capture_logs() as logged:
        await monitor.once()
        await monitor.once()

    assert [event["event"] for event in logged].count("metrics_not_written") == 1


def test_a_home_has_one_monitor(home: Home, call: Call) -> None:
    """The second says so and ends with 75; the lock ends with its holder."""
    assert not is_watched(home)
    with watching(home):
        assert is_watched(home)
        done = call("monitor", "--once")
    assert done.exit_code == 75
    assert "another monitor" in done.output
    assert not is_watched(home)
    assert call("monitor", "--once").exit_code == 0


def test_what_cannot_be_remembered_is_told_all_the_same(home: Home, call: Call) -> None:
    """A home with a full disk, or one of another user, still gets its metrics printed."""
    shutil.rmtree(home.root / ".cache")
    (home.root / ".cache").write_text("in the way")

    assert "syntx_health" in call("metrics").stdout


def test_a_full_disk_repeats_no_alert(
    home: Home,
    call: Call,
    alerted: Callable[[], list[dict[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was told is remembered even where no new file can be made."""

    def refuse(*arguments: Any, **options: Any) -> None:
        raise OSError(28, "No space left on device")

    call("monitor", "--once")
    (home.config / "queue.yaml").write_text(FULL)
    monkeypatch.setattr(alarm, "replace_file", refuse)
    for _ in range(3):
        assert call("monitor", "--once").exit_code == 0

    assert [told["level"] for told in alerted()] == ["CRITICAL"]


def test_logs_are_packed_once_an_hour(
    home: Home, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever looks; and not at all where system.yaml says so."""
    begun: list[str] = []

    async def pack(self: packing.Packer) -> None:
        begun.append("packed")

    monkeypatch.setattr(packing.Packer, "_pack", pack)
    stamp = home.root / ".cache" / "packed"
    os.utime(stamp, (0, 0))
    for _ in range(2):
        call("monitor", "--once")
    assert begun == ["packed"]

    os.utime(stamp, (0, 0))
    (home.config / "system.yaml").write_text("logging: {compress: false}\n")
    call("monitor", "--once")
    assert begun == ["packed"]


def test_a_lock_ends_with_its_holder(tmp_path: Path) -> None:
    """It is free again, though its file stays."""
    for _ in range(2):
        with (
            locked(tmp_path / "lock", wait=True) as first,
            locked(tmp_path / "lock", wait=False) as second,
        ):
            assert (first, second) == (True, False)
