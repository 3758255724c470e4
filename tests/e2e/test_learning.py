"""Learning over the real loop: producer, consumer and simulator as processes, over HTTP.

The long ones run with `./run test -m slow tests/e2e/test_learning.py`.
"""

from __future__ import annotations

import json
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import fmean

import pytest
from learned import least_share, lines_of, means, mono_style
from observing import Cli, entries, environment, jobs, log_lines

from syntx.home import Home

_LEARNERS_WORDS = re.compile(
    r"\b(steered|control|fresh|mutate|cross|exploration|lift|recipe|advice|score|prompt|wrapper"
    r"|Erfahrung|Vorlage|Stil|Rezept|Punktzahl|Bewertung|Kontrollgruppe|Vorgabe)\b",
    re.IGNORECASE,
)
Service = Callable[..., "subprocess.Popen[bytes]"]


def _run(home: Home, generations: int, size: int, seed: int) -> None:
    """Let the whole loop run as a user starts it; it has all the time a busy machine needs."""
    command = ["--home", str(home.root), "run", "--generations", str(generations)]
    command += ["--size", str(size), "--seed", str(seed), "--latency", "0", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "syntx", *command],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("generations", "size", "seed"),
    [
        (8, 8, 1),
        *(
            pytest.param(60, 20, seed, marks=[pytest.mark.slow, pytest.mark.timeout(1500)])
            for seed in (11, 12, 13)
        ),
    ],
)
def test_the_loop_learns_and_keeps_its_breadth(
    home: Home, cli: Cli, generations: int, size: int, seed: int
) -> None:
    """Numbers, shares of styles, evenness, arms and lift, from evolution.jsonl alone."""
    _run(home, generations, size, seed)
    lines = lines_of(home)

    assert [line["generation"] for line in lines] == list(range(1, generations + 1))
    assert lines[0]["learned_from"]["sample_count"] == 0
    assert mono_style(lines) == []
    assert least_share(lines) >= 0.05
    assert all(0 < line["style_entropy"] <= 1 for line in lines)
    for line in lines:
        assert line["prompts_generated"] + line["failed_drafts"] == size
        assert sum(line["styles"].values()) == line["prompts_generated"]
        assert sum(line["operators"].values()) == line["prompts_generated"]
        assert line["arms"]["control"]["prompts"] >= 2
    last = lines[-1]["lift"]
    assert last["n_control"] >= 8
    assert last["low"] < last["difference"] < last["high"]
    if generations >= 60:
        _check_that_it_learned(lines)
    _check_words(home)
    _check_lineage(home, cli)


def _check_that_it_learned(lines: list[dict[str, object]]) -> None:
    """The simulator's landscape has something to learn, and it was learned."""
    last = lines[-1]["lift"]
    assert isinstance(last, dict)
    assert last["low"] > 0
    steered = means(lines, "steered")
    assert fmean(steered[-10:]) >= fmean(steered[:10])
    assert fmean(steered[-10:]) > fmean(means(lines, "control")[-10:])


def _check_words(home: Home) -> None:
    """The generator is told what was learned, and no prompt repeats its words."""
    calls = log_lines(home, "gpt_prompts")
    asked = defaultdict(set)
    for call in calls:
        asked[call["arm"], call["advice_id"]].add(call["prompt_in"])
    assert {advice for arm, advice in asked if arm == "control"} == {None}
    assert len({advice for arm, advice in asked if arm == "steered"}) >= 2
    assert all("Erfahrung" not in text for text in asked["control", None])
    found = jobs(home, "processed", "error", "archive")
    told = [job["prompt"] for job in found if _LEARNERS_WORDS.search(job["prompt"])]
    assert told == []


def _check_lineage(home: Home, cli: Cli) -> None:
    """Every parent is a job that ended, and the last child's ancestors lead to a fresh prompt."""
    found = jobs(home, "processed", "error", "archive")
    parents = {parent for job in found for parent in job["parents"]}
    assert parents
    assert parents <= {job["id"] for job in found}
    child = max((job for job in found if job["parents"]), key=lambda job: job["id"])
    told = json.loads(cli("lineage", child["id"], "--json").stdout)
    assert {kin["id"] for kin in told["ancestors"]} >= set(child["parents"])
    assert told["ancestors"][0]["operator"] == "fresh"
    assert {kin["state"] for kin in told["ancestors"]} <= {"processed", "error", "archive"}


@pytest.mark.parametrize(
    ("generations", "size", "kills"),
    [
        (4, 6, 3),
        pytest.param(60, 20, 60, marks=[pytest.mark.slow, pytest.mark.timeout(1800)]),
    ],
)
def test_a_producer_killed_at_any_moment_ends_with_the_same_numbers(
    home: Home, service: Service, simulator: str, generations: int, size: int, kills: int
) -> None:
    """As many generations, lines and jobs as without a kill, each once."""
    service("consumer", SYNTX_SIMULATOR_URL=simulator)
    rng = random.Random(generations)
    killed = 0
    while (missing := generations - _plans(home)) or not _is_closed(home):
        # A plan that was left open is finished first, and counts as none of those asked for.
        order = ("--generations", str(missing), "--size", str(size)) if missing else ("--once",)
        producer = service("producer", *order, SYNTX_SIMULATOR_URL=simulator)
        if killed < kills and _grew(home, rng.randint(1, 2 * size), producer):
            time.sleep(rng.uniform(0, 0.2))
            producer.send_signal(signal.SIGKILL)
            killed += 1
            producer.wait()
        else:
            assert producer.wait(1500) == 0
    assert killed == kills
    _until_consumed(home)

    lines = lines_of(home)
    assert [line["generation"] for line in lines] == list(range(1, generations + 1))
    found = jobs(home, "processed", "error", "archive")
    drafted = generations * size - sum(line["failed_drafts"] for line in lines)
    assert len(found) == len({job["id"] for job in found}) == drafted
    per_generation = Counter(job["generation"] for job in found)
    assert per_generation == {line["generation"]: line["prompts_generated"] for line in lines}


def _store(home: Home) -> Path:
    return home.root / "queue" / ".state" / "evolution.sqlite"


def _asked(home: Home, query: str) -> int:
    if not _store(home).exists():
        return 0
    with closing(sqlite3.connect(f"file:{_store(home)}?mode=ro", uri=True, timeout=30)) as db:
        try:
            return int(db.execute(query).fetchone()[0])
        except sqlite3.OperationalError:
            # It was killed before it made its tables.
            return 0


def _plans(home: Home) -> int:
    return _asked(home, "SELECT COUNT(*) FROM plans")


def _is_closed(home: Home) -> bool:
    return _asked(home, "SELECT COUNT(*) FROM plans WHERE archived = 0") == 0


def _grew(home: Home, by: int, producer: subprocess.Popen[bytes]) -> bool:
    """Wait until so many more drafts were asked for; False when the producer ended before."""
    path = home.root / "logs" / "gpt_prompts.jsonl"
    start = path.read_bytes().count(b"\n") if path.exists() else 0
    while producer.poll() is None:
        if path.exists() and path.read_bytes().count(b"\n") >= start + by:
            return True
        time.sleep(0.005)
    return False


def _until_consumed(home: Home) -> None:
    end = time.monotonic() + 60
    while any(entries(home, state) for state in ("incoming", "processing", "retry")):
        assert time.monotonic() < end
        time.sleep(0.05)
