"""What can be seen of a home from outside, and from where the command line is called."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from syntx.home import Home

CHECKOUT = Path(__file__).resolve().parents[2]
Cli = Callable[..., "subprocess.CompletedProcess[str]"]


def environment(**extra: str) -> dict[str, str]:
    """Return an environment with nothing in it but the way to our code."""
    return {"PYTHONPATH": str(CHECKOUT), **extra}


def entries(home: Home, state: str) -> list[Path]:
    """Return the job files in a state; a worker's folder may vanish while it is looked at."""
    walked = os.walk(home.root / "queue" / state)
    return sorted(
        Path(folder, name) for folder, _, names in walked for name in names if name[-5:] == ".json"
    )


def jobs(home: Home, *states: str) -> list[dict[str, Any]]:
    """Return the envelopes in some states."""
    return [json.loads(path.read_bytes()) for state in states for path in entries(home, state)]


def log_lines(home: Home, name: str) -> list[dict[str, Any]]:
    """Return the records of a log; fails on a line that is no JSON."""
    path = home.root / "logs" / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()]


def is_running(pid: int) -> bool:
    """Whether a process of that id lives."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
