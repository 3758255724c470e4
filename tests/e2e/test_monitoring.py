from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Callable
from typing import Any

import pytest
from observing import Cli

from syntx.home import Home

Service = Callable[..., "subprocess.Popen[bytes]"]


def _until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


def _told(home: Home) -> list[dict[str, Any]]:
    file = home.root / "told.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def _memory(home: Home) -> str:
    file = home.root / ".cache" / "alerts.json"
    return json.loads(file.read_text())["told"]["level"] if file.exists() else "OK"


def test_a_killed_monitor_repeats_nothing(home: Home, service: Service, cli: Cli) -> None:
    """It tells of a job nobody works on; killed and started again it tells when all is well."""
    command = ["sh", "-c", "cat >> told.jsonl"]
    monitoring = {"every": 0.2, "stuck_seconds": 0.001, "alert_command": command}
    (home.config / "system.yaml").write_text(json.dumps({"monitoring": monitoring}))
    job_id = cli("submit", "-p", "Was wäre, wenn niemand zuhört?").stdout.strip()
    first = service("monitor")
    _until(lambda: _memory(home) == "CRITICAL")
    assert cli("monitor", "--once").returncode == 75
    first.send_signal(signal.SIGKILL)
    first.wait()

    second = service("monitor")
    (home.root / "logs" / "metrics.prom").unlink(missing_ok=True)
    _until((home.root / "logs" / "metrics.prom").exists)
    (home.root / "queue" / "incoming" / f"{job_id}.json").unlink()
    _until(lambda: _memory(home) == "OK")
    second.send_signal(signal.SIGTERM)

    assert second.wait(60) == 0
    assert [told["level"] for told in _told(home)] == ["CRITICAL", "OK"]
    assert _told(home)[0]["findings"][0]["cause"] == "no_consumer"


@pytest.mark.slow
def test_the_loop_keeps_a_monitor(home: Home, service: Service) -> None:
    """`syntx run` without an end writes metrics beside its services, and takes it along."""
    (home.config / "system.yaml").write_text("monitoring: {every: 0.2}\n")
    loop = service("run")
    metrics = home.root / "logs" / "metrics.prom"
    _until(lambda: metrics.exists() and "syntx_calls_total" in metrics.read_text())
    loop.send_signal(signal.SIGTERM)

    assert loop.wait(100) == 0
    assert 'role="consumer"} 1.0' in metrics.read_text()
