"""What a container would run, run here: an image is not built by these tests."""

from __future__ import annotations

import fnmatch
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from observing import CHECKOUT, environment

from syntx.commands.telling import json_text

TEXT = (CHECKOUT / "Dockerfile").read_text().replace("\\\n", "")


def _words(instruction: str) -> list[str]:
    found = re.search(rf"{instruction}.*?(\[.*\])$", TEXT, re.MULTILINE)
    assert found is not None
    words: list[str] = json.loads(found[1])
    return words


def _run(folder: Path, command: list[str], **more: str) -> subprocess.CompletedProcess[str]:
    path = f"{folder}:/usr/bin:/bin"
    return subprocess.run(
        command,
        env=environment(PATH=path, SYNTX_HOME=str(folder / "home"), **more),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def _syntx(folder: Path, script: str) -> None:
    (folder / "syntx").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "syntx").chmod(0o755)


def test_the_entry_lays_the_home_out_and_runs_the_command(tmp_path: Path) -> None:
    """The first start of a container finds its home; what is given goes to syntx as it is."""
    real = f'exec {sys.executable} -m syntx "$@"'
    _syntx(tmp_path, f"""[ "$1" = init ] && {real}; printf '%s\\n' "$@" """)
    done = _run(tmp_path, [*_words("ENTRYPOINT"), "submit", "-p", "Was ist  hier?"])
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-3:] == ["submit", "-p", "Was ist  hier?"]
    assert (tmp_path / "home/config/system.yaml").is_file()


@pytest.mark.parametrize(
    ("script", "healthy"),
    [
        (f"echo '{json_text({'health': 'OK'})}'", True),
        (f"echo '{json_text({'health': 'WARNING'})}'", True),
        (f"echo '{json_text({'health': 'CRITICAL'})}'", False),
        ("exit 78", False),
    ],
)
def test_health_is_what_status_says(tmp_path: Path, script: str, healthy: bool) -> None:
    """A container is unhealthy when work stands still, or nothing can be said."""
    _syntx(tmp_path, script)
    assert (_run(tmp_path, _words("HEALTHCHECK")).returncode == 0) is healthy


def test_only_what_the_installation_needs_goes_into_an_image() -> None:
    """What the build copies is named one by one: no queue, no log, no key, no history."""
    lines = (CHECKOUT / ".dockerignore").read_text().splitlines()
    assert lines[1] == "*"
    named = [line[1:] for line in lines if line.startswith("!")]
    assert all((CHECKOUT / name).exists() for name in named)
    for name in (".env", ".git", "queue", "logs", "demo-home", ".venv"):
        assert not any(fnmatch.fnmatch(name, pattern) for pattern in named)
    assert {"pyproject.toml", "README.md", "LICENSE", "requirements.lock"} <= set(named)


def test_the_image_has_the_python_of_the_locked_packages() -> None:
    """Both stages come from one base, and the services are not root."""
    bases = re.findall(r"^FROM (\S+)", TEXT, re.MULTILINE)
    assert bases == ["python:3.11-slim-bookworm"] * 2
    assert re.search(r"^USER syntx$", TEXT, re.MULTILINE)
