from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from syntx.commands.setup.systemd import systemd
from syntx.settings.models import Consumer

SERVICES = (
    "syntx-consumer@1.service",
    "syntx-monitor.service",
    "syntx-produce.service",
    "syntx-producer.service",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a root that everything was installed below."""
    arguments = ["install", "--prefix", str(tmp_path), "--syntx", "/bin/true"]
    CliRunner().invoke(systemd, arguments, catch_exceptions=False)
    return tmp_path


@pytest.fixture
def units(root: Path) -> Path:
    """Give the folder of the installed units."""
    return root / "usr/local/lib/systemd/system"


def _analyze(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    return subprocess.run(
        ["systemd-analyze", "--no-pager", *arguments],
        cwd=cwd,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_systemd_finds_nothing_to_say_about_the_units(units: Path) -> None:
    """Exit code 0 alone proves nothing, unknown keys are only printed: stderr is empty too."""
    names = [*SERVICES, "syntx-consumer@.service", "syntx-produce.timer", "syntx.target"]
    done = _analyze("verify", *(str(units / name) for name in names), cwd=units)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_confined(units: Path, name: str) -> None:
    """systemd's own score of what a service could do is at most 1.5 of 10."""
    done = _analyze(*("security", "--offline=true", "--threshold=15", str(units / name)), cwd=units)
    assert done.returncode == 0, done.stdout
    score = re.search(r"exposure level for .*: ([0-9.]+)", done.stdout)
    assert score is not None
    assert float(score[1]) <= 1.5


def test_a_stop_outlasts_the_drain(units: Path) -> None:
    """The time to stop is above the default drain, with room for giving jobs back."""
    unit = (units / "syntx-consumer@.service").read_text()
    timeout = re.search(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)
    assert timeout is not None
    assert int(timeout[1]) >= Consumer().drain_seconds + 60
