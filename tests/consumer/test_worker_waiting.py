"""How long a job waits that an endpoint sent away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from one_job import worked

from consumer.worker import Bench
from syntx.errors import RateLimited
from syntx.job import Job
from syntx.llm.scripted import ScriptedModel
from syntx.settings.models import Settings
from syntx.spool.contract import Claim
from syntx.spool.memory import MemorySpool


@pytest.mark.parametrize(("asked", "waits"), [(None, 60), (5, 60), (900, 900), (90_000, 3600)])
async def test_a_job_waits_as_long_as_the_endpoint_asks(
    make_bench: Callable[..., Bench],
    job: Job,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    asked: float | None,
    waits: float,
) -> None:
    """Never shorter than the usual delay, never longer than the longest."""
    delays = []
    usual = MemorySpool.retry

    async def retry(spool: MemorySpool, claim: Claim, attempt: Any, delay: float) -> None:
        delays.append(delay)
        await usual(spool, claim, attempt, delay)

    monkeypatch.setattr(MemorySpool, "retry", retry)
    model = ScriptedModel([RateLimited("429", delay=asked)])
    queue = settings.queue.model_copy(update={"retry_delay": 60.0, "max_retry_delay": 3600.0})
    spooled = settings.model_copy(update={"queue": queue})

    assert await worked(make_bench(model, MemorySpool(), spooled), job) is None
    assert delays == [waits]
