"""One look at a home, and what `syntx status` says of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result

from syntx.commands.seeing.status import describe
from syntx.home import Home
from syntx.ids import new_ids
from syntx.observing.snapshot import look
from syntx.spool.files import FileSpool
from syntx.spool.workers import role_of, workers

HEAVY = (
    *("pydantic", "yaml", "openai", "httpx", "numpy", "starlette", "uvicorn", "rich"),
    *("structlog", "prometheus_client", "tenacity", "watchdog", "asyncio"),
    *("ctypes", "_strptime"),
)


def _wait(home: Home, count: int) -> None:
    folder = home.root / "queue" / "incoming"
    for job_id in new_ids([("topic", None)] * count):
        (folder / f"{job_id}.json").write_text("{}")


def test_counts_state_and_findings_are_told_as_json(
    call: Callable[..., Result], home: Home
) -> None:
    """Jobs that wait while nobody works are a warning, with the command that mends it."""
    _wait(home, 6)

    found = json.loads(call("status", "--json").stdout)

    assert (found["state"], found["decision"], found["waiting"]) == ("BALANCED", 10, 6)
    assert found["health"] == "WARNING"
    (finding,) = found["findings"]
    assert (finding["cause"], finding["fix"]) == (
        "no_consumer",
        f"syntx --home {home.root} consumer",
    )


def test_nothing_is_decided_on_a_full_disk(home: Home) -> None:
    """A producer writes nothing then, so none is announced."""
    (home.config / "queue.yaml").write_text("min_free_bytes: 1000000000000000\n")
    found = look(home)

    assert (found.state, found.decision, found.health) == ("STARVING", 0, "CRITICAL")


async def test_health_recovers_when_somebody_works(home: Home) -> None:
    """With a worker at work the same queue is well."""
    _wait(home, 6)
    async with FileSpool.open(home.root / "queue"):
        assert look(home).health == "OK"
    assert look(home).health == "WARNING"


def test_dead_workers_are_told_with_their_jobs(home: Home) -> None:
    """Jobs held by the dead are stuck, and health says so."""
    held = home.root / "queue" / "processing" / "gone"
    held.mkdir(parents=True)
    for job_id in new_ids([(None, None)] * 2):
        (held / f"{job_id}.json").touch()

    found = look(home)

    assert found.stuck == 2
    assert "dead_worker" in [finding.cause for finding in found.findings]
    assert len(found.workers[0].jobs) == 2


def test_the_text_names_what_is_wrong_and_what_mends_it(
    call: Callable[..., Result], home: Home
) -> None:
    """A person reads the level, the reason and the command, which acts on this home."""
    _wait(home, 1)
    text = call("status").stdout
    assert "a producer would write 15, none is running" in text
    assert "WARNING: 1 job waiting and no consumer is running" in text
    assert f"fix: syntx --home {home.root} consumer\n" in text


def test_a_long_wait_is_told_in_large_units(home: Home) -> None:
    """Nobody has to divide seconds."""
    text = describe(replace(look(home), oldest_waiting_s=187_000.0))

    assert "oldest waiting: 2d 03h" in text


def test_hostile_reasons_never_reach_the_terminal(call: Callable[..., Result], home: Home) -> None:
    """What another program wrote into a job is shown with its control characters escaped."""
    folder = home.root / "queue" / "error" / "2026-11-20"
    folder.mkdir(parents=True)
    (job_id,) = new_ids([(None, None)])
    verdict = {"outcome": "failed", "reason": "\x1b]0;owned\x07"}
    (folder / f"{job_id}.json").write_text(json.dumps({"verdict": verdict}))
    assert "\x1b" not in call("status").stdout


def test_a_look_imports_nothing_heavy(home: Home) -> None:
    """With the settings remembered, `status --json` validates nothing and loads no client."""
    _wait(home, 1)
    look(home)
    file = home.root / ".cache" / "basics.json"
    for _ in range(200):
        if file.exists():
            break
        look(home)
    script = (
        "import sys; import syntx.cli as c\n"
        f"r = c.cli(['--home', {str(home.root)!r}, 'status', '--json'], standalone_mode=False)\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).resolve().parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize(
    ("words", "role"),
    [
        (["-m", "syntx", "--home", "consumer", "producer"], "producer"),
        (["-m", "syntx", "consumer", "--until-empty"], "consumer"),
        (["-m", "syntx", "--home=/x", "show", "consumer"], None),
        (["-m", "other", "consumer"], None),
    ],
)
def test_a_service_is_told_by_its_command_line(words: list[str], role: str | None) -> None:
    """The first command behind `syntx` says what it is; no other word does."""
    code = "import sys; print(1, flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        found = role_of(f"host-{process.pid}-boot-start-1")
        process.communicate()
    assert found == role


def test_what_is_no_name_of_a_worker_has_no_role(tmp_path: Path) -> None:
    """A folder somebody made below `processing/` is looked at without an error."""
    (tmp_path / "processing" / "my-folder").mkdir(parents=True)
    os.mkfifo(tmp_path / "processing" / "my-folder" / "pipe")
    (seen,) = workers(tmp_path)
    assert (seen.role, seen.alive, seen.held) == (None, False, 1)


def test_dropped_files_alone_have_an_age_too(home: Home) -> None:
    """Before they have an ID, how long they wait is told by when they were last changed."""
    dropped = home.root / "queue" / "incoming" / "frage.txt"
    dropped.write_text("Warum?")
    os.utime(dropped, (0, 0))
    assert (look(home).oldest_waiting_s or 0.0) > 1e9
