"""What all tests share: homes, and the real records where there are some."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner, Result

from syntx.cli import cli, one_thread_for_matrices
from syntx.home import Home
from syntx.shipped.laying_out import lay_out

one_thread_for_matrices()


def pytest_xdist_auto_num_workers() -> int:
    """Run twice as many tests at once as there are cores: many of them wait for others."""
    return 2 * (os.cpu_count() or 1)


@pytest.fixture(autouse=True)
def _no_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the home, the keys or the simulator of the machine it runs on."""
    for name in ("SYNTX_HOME", "SYNTX_SIMULATOR_URL", "CREDENTIALS_DIRECTORY", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _log_as_new() -> Iterator[None]:
    """No test sees how another configured the service log."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Give a fresh home with everything that is shipped."""
    root = tmp_path / "home"
    lay_out(root)
    return Home(root)


@pytest.fixture
def call(home: Home) -> Callable[..., Result]:
    """Give a way to call a command in `home`."""

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(cli, ["--home", str(home.root), *arguments])

    return run


@pytest.fixture(scope="session")
def real_records() -> Path:
    """Give the folder of real records, or skip."""
    named = os.environ.get("SYNTX_REAL_RECORDS")
    if not named:
        pytest.skip("SYNTX_REAL_RECORDS is unset: no real records to read")
    return Path(named)
