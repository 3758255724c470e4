"""Jobs that failed, laid out as a service leaves them, and what an operator made of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from syntx.home import Home
from syntx.ids import new_id
from syntx.job import Attempt, Job, Outcome, Recipe, Score, Verdict


def lay(
    home: Home,
    reason: str = "timeout",
    message: str | None = None,
    *,
    outcome: Outcome = "failed",
    score: int | None = None,
    ago: timedelta = timedelta(minutes=5),
    **recipe: str,
) -> str:
    """Let one job lie in `error/`; returns its ID."""
    at = datetime.now(UTC) - ago
    job = Job(id=new_id(at=at), created_at=at, prompt="Frage", recipe=Recipe(**recipe))
    verdict = Verdict(
        outcome=outcome,
        reason=reason,
        message=message,
        settled_at=at,
        score=None if score is None else Score(total=score),
    )
    attempt = Attempt(worker="w", started=at, ended=at, model="small")
    path = home.root / "queue" / "error" / job.day / f"{job.id}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(job.settled(verdict, attempt).to_bytes())
    return job.id


def names(home: Home, *parts: str) -> set[str]:
    """Return the IDs of the jobs below a folder of the queue."""
    return {path.stem for path in home.root.joinpath("queue", *parts).rglob("*.json")}


def audit(home: Home) -> list[dict[str, Any]]:
    """Return the records of the audit log."""
    path = home.root / "logs" / "audit.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
