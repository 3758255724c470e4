"""Samples and judge through the real gateway, the simulator and a spool on disk."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from consumer.building import open_bench
from consumer.service import Service
from consumer.worker import Bench
from syntx.ground import Ground
from syntx.home import Home
from syntx.ids import new_id
from syntx.job import Job, Verdict
from syntx.service import Stop
from syntx.simulator.options import SimulatorOptions
from syntx.simulator.running import running

JUDGE = "judge: {enabled: true, model: simulator-target, weight: 0.2}\n"


@pytest.fixture
async def bench(home: Home, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    """Give the consumer's real means, with a judge in scoring.yaml."""
    (home.config / "scoring.yaml").write_text(JUDGE)
    with running(SimulatorOptions()) as url:
        monkeypatch.setenv("SYNTX_SIMULATOR_URL", url)
        ground = Ground(home, "test")
        async with open_bench(ground) as opened:
            yield opened
        ground.logs.close()


async def _consumed(bench: Bench, job: Job) -> Verdict:
    """Serve until the job has ended, and read its verdict from disk."""
    await bench.spool.submit([job])
    await Service(bench, Stop(), until_empty=True).run()
    ended = await bench.spool.read(job.id)
    assert ended is not None
    assert ended.verdict is not None
    assert ended.verdict.score is not None
    return ended.verdict


def _lines(home: Home, name: str) -> list[dict[str, Any]]:
    text = (home.root / "logs" / f"{name}.jsonl").read_text()
    return [json.loads(line) for line in text.splitlines()]


async def test_samples_and_judge_leave_their_trace(bench: Bench, home: Home, job: Job) -> None:
    """Three answers and four judgements are metered, and the job tells what they made."""
    verdict = await _consumed(bench, job.model_copy(update={"samples": 3}))

    assert verdict.score is not None
    assert re.fullmatch(r"\d+\+[0-9a-f]{8}", verdict.score_version or "")
    assert {"consistency", "judge"} <= verdict.score.weights.keys()
    assert verdict.score.measures["samples"]["n"] == len(verdict.answers) == 3
    assert verdict.score.measures["judge"]["cost"] > 0
    costs = _lines(home, "costs")
    assert [line["operation"] for line in costs] == ["calibrate"] * 3 + ["dataAnalyse"] * 4
    assert {line["job_id"] for line in costs} == {job.id}


async def test_a_changed_file_counts_from_the_next_job_on(
    bench: Bench, home: Home, job: Job
) -> None:
    """Legacy mode needs no restart; a bad edit keeps what held before."""
    first = await _consumed(bench, job)
    for text in ("mode: legacy\n", "mode: nonsense\n"):
        (home.config / "scoring.yaml").write_text(text)
        while bench.settings().scoring.mode != "legacy":
            await asyncio.sleep(0.02)
        second = await _consumed(bench, job.model_copy(update={"id": new_id()}))
        assert second.score_version == "legacy-1"

    assert first.score_version != "legacy-1"
    assert sum(line["operation"] == "dataAnalyse" for line in _lines(home, "costs")) == 4
