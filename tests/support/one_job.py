"""Working off one job as a worker does."""

from __future__ import annotations

import json
from typing import Any

from consumer.worker import Bench, work
from syntx.home import Home
from syntx.job import Job


async def worked(bench: Bench, job: Job) -> Any:
    """Submit a job, claim it and work on it; returns its verdict, or None when it goes back."""
    await bench.spool.submit([job])
    claim = await bench.spool.claim()
    assert claim is not None
    return await work(bench, claim, bench.settings())


def log_lines(home: Home, name: str) -> list[dict[str, Any]]:
    """Return the records of a log."""
    path = home.root / "logs" / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()]
