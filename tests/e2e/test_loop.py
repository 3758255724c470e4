from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from observing import Cli, entries, jobs, log_lines

from syntx.home import Home


def _kill_consumers(home: Home, times: int, stop: threading.Event) -> list[int]:
    """Kill the consumer of a home in mid-flight, `times` times; returns how many jobs it held."""
    held: list[int] = []
    while len(held) < times and not stop.is_set():
        found = entries(home, "processing")
        if len(found) >= 2:
            pid = int(found[0].parent.name.split("-")[-4])
            # One that is dead already leaves its folder until it is rescued.
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                held.append(len(found))
                time.sleep(1.0)
        time.sleep(0.02)
    return held


def _account(home: Home, summary: dict[str, int], recipes: int) -> None:
    """Check that every recipe is settled once or a failed draft, and nothing is anywhere else."""
    settled = jobs(home, "processed", "error", "archive")
    ids = Counter(job["id"] for job in settled)
    assert max(ids.values()) == 1
    assert summary["recipes"] == recipes
    assert len(ids) == recipes - summary["failed_drafts"]
    assert summary["unfinished"] == 0
    for state in ("incoming", "processing", "retry"):
        assert entries(home, state) == []
    assert all(job["verdict"]["simulated"] for job in settled if job["verdict"]["answers"])


@pytest.mark.parametrize(
    ("generations", "size", "faults", "kills"),
    [
        (3, 8, "0.1", 2),
        pytest.param(20, 20, "0.1", 3, marks=[pytest.mark.slow, pytest.mark.timeout(600)]),
    ],
)
def test_every_recipe_is_accounted_for(
    cli: Cli, home: Home, generations: int, size: int, faults: str, kills: int
) -> None:
    """With faults injected and the consumer killed in mid-flight, no job is lost, none is twice."""
    _patient(home)
    stop = threading.Event()
    held: list[int] = []
    killer = threading.Thread(target=lambda: held.extend(_kill_consumers(home, kills, stop)))
    killer.start()
    done = cli(
        *("run", "--generations", str(generations), "--size", str(size)),
        *("--faults", faults, "--latency", "0.1", "--json"),
    )
    stop.set()
    killer.join()

    assert done.returncode == 0, done.stderr
    assert len(held) == kills
    summary = json.loads(done.stdout)
    _account(home, summary, generations * size)
    lines = log_lines(home, "evolution")
    assert [line["generation"] for line in lines] == list(range(1, generations + 1))
    asked_for = {line["job_id"] for line in log_lines(home, "gpt_prompts")}
    assert len(asked_for) == generations * size


def _patient(home: Home) -> None:
    """Let the model calls of a home be tried again quickly, and in small numbers at once."""
    (home.config / "system.yaml").write_text(
        "gateway: {backoff: 0.05, max_backoff: 0.2}\nconsumer: {in_flight: 4}\n"
    )
    (home.config / "queue.yaml").write_text("retry_delay: 0.2\n")


def test_real_prompts_dropped_by_hand_are_processed_beside_the_generated(
    cli: Cli,
    home: Home,
    simulator: str,
    service: Callable[..., object],
    real_records: Path,
) -> None:
    """Plain files, pairs and a slow writer: each is processed once, whole, with its metadata."""
    source = real_records / "jobs" / "processed"
    prompts = sorted(p for p in source.glob("*.txt") if not p.stem.endswith("_response"))
    assert len(prompts) >= 27
    incoming = home.root / "queue" / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    service("consumer", SYNTX_SIMULATOR_URL=simulator)
    service("producer", SYNTX_SIMULATOR_URL=simulator)
    while not (home.root / "logs" / "evolution.jsonl").exists():
        time.sleep(0.05)

    slow = prompts[0].read_bytes()
    with (incoming / "langsam.txt").open("wb") as file:
        file.write(slow[: len(slow) // 2])
        file.flush()
        for number, prompt in enumerate(prompts[1:]):
            if number % 2:
                shutil.copy(prompt.with_suffix(".json"), incoming)
            shutil.copy(prompt, incoming)
        time.sleep(5)
        file.write(slow[len(slow) // 2 :])

    dropped = _wait_for_dropped(home, len(prompts))
    wanted = {prompt.name: prompt.read_text(encoding="utf-8-sig") for prompt in prompts[1:]}
    wanted["langsam.txt"] = slow.decode("utf-8-sig")
    assert {job["metadata"]["dropped_name"]: job["prompt"] for job in dropped} == wanted
    assert len(dropped) == len(prompts)
    by_name = {job["metadata"]["dropped_name"]: job for job in dropped}
    for number, prompt in enumerate(prompts[1:]):
        if number % 2:
            metadata = json.loads(prompt.with_suffix(".json").read_bytes())
            job = by_name[prompt.name]
            assert job["recipe"]["topic"] == metadata["topic"]
            assert job["metadata"]["gpt_quality"] == metadata["gpt_quality"]
    generated = [job for job in jobs(home, "processed", "error", "archive") if job["generation"]]
    assert generated


def _wait_for_dropped(home: Home, count: int) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for _ in range(300):
        found = [
            job
            for job in jobs(home, "processed", "error", "archive")
            if job["source"] == "dropped" and job["verdict"]
        ]
        if len(found) >= count:
            break
        time.sleep(0.1)
    return found
