"""What the tests of the live view share: a view, and a home with something to see."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from syntx.home import Home
from syntx.ids import new_ids
from syntx.job import Attempt, Job, Verdict
from syntx.top.reading import Reader
from syntx.top.view import View

HOSTILE = "[bold]oh[/] \x1b[31mred \x9b2J \u202e kcab \x07"


@pytest.fixture(autouse=True)
def _unicode(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a terminal with Unicode, whatever the tests are run in."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture
def fail(home: Home) -> Callable[..., list[str]]:
    """Give a way to let failed jobs lie in `error/`; it returns their IDs."""

    def lay(count: int, reason: str, message: str) -> list[str]:
        at = datetime.now(UTC) - timedelta(minutes=1)
        ids = new_ids([("topic", None)] * count, at=at)
        for job_id in ids:
            attempt = Attempt(worker="w", started=at, ended=at)
            verdict = Verdict(outcome="failed", reason=reason, message=message)
            job = Job(id=job_id, created_at=at, prompt="Frage").settled(verdict, attempt)
            path = home.root / "queue" / "error" / job.day / f"{job_id}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(job.to_bytes())
        return ids

    return lay


@pytest.fixture
def log(home: Home) -> Callable[..., None]:
    """Give a way to append records to a log of the home."""

    def append(name: str, *records: dict[str, Any]) -> None:
        with (home.root / "logs" / f"{name}.jsonl").open("a") as file:
            file.writelines(json.dumps(record) + "\n" for record in records)

    return append


@pytest.fixture
def lively(home: Home, fail: Callable[..., list[str]], log: Callable[..., None]) -> Home:
    """Give a home with two causes of failures, dead workers, and three generations."""
    fail(3, "unavailable", "endpoint 7 is away")
    fail(1, "hostile", HOSTILE)
    os.makedirs(home.root / "queue" / "processing" / "\x1b[31mworker")
    held = home.root / "queue" / "processing" / "host-1-aaaaaaaa-1-1"
    os.makedirs(held)
    (held / f"{new_ids([('topic', None)])[0]}.json").write_text("{}")
    for number in (1, 2, 3):
        did = {"generation": number, "n": 20, "mean": 70 + number, "control": 60, "steered": 80}
        gained = {"difference": 20, "low": 11, "high": 29, "n_steered": 40, "n_control": 9}
        log("evolution", {"generation": number + 1, "previous": did, "lift": gained})
    return home


@pytest.fixture
def seen(lively: Home) -> View:
    """Give a view of the lively home."""
    return Reader(lively).read()
