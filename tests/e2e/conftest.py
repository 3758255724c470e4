"""Real processes: the command line as a user calls it, from an empty environment."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from observing import Cli, environment

from syntx.home import Home
from syntx.simulator.options import SimulatorOptions
from syntx.simulator.running import running


@pytest.fixture
def cli(home: Home, tmp_path: Path) -> Cli:
    """Give a way to call the command line in `home`, from an unrelated directory."""

    def call(*arguments: str, env: dict[str, str] | None = None) -> Any:
        return subprocess.run(
            [sys.executable, "-m", "syntx", "--home", str(home.root), *arguments],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=environment(**(env or {})),
            timeout=100,
            check=False,
        )

    return call


@pytest.fixture
def service(home: Home) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Give a way to start services; what is still alive at the end is killed."""
    started: list[subprocess.Popen[bytes]] = []

    def start(
        *arguments: str, start_new_session: bool = False, **env: str
    ) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "syntx", "--home", str(home.root), *arguments],
            env=environment(**env),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=start_new_session,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def simulator() -> Iterator[str]:
    """Give the address of a simulator without delay."""
    with running(SimulatorOptions(latency=0.0)) as url:
        yield url
