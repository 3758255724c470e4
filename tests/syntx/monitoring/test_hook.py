from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from syntx.monitoring.alerts import Alert
from syntx.monitoring.hook import tell
from syntx.observing.health import Finding, Level

FULL = Finding(Level.CRITICAL, "disk_full", "no room for „Ü\x1b“", "free some")
BUSY = Finding(Level.WARNING, "overflow", "too many", "wait")


def _alert(folder: Path, findings: tuple[Finding, ...] = (FULL, BUSY)) -> Alert:
    return Alert(str(folder), Level.CRITICAL, Level.OK, findings)


async def _run(folder: Path, script: str, seconds: float = 60.0) -> str | None:
    return await tell(["sh", "-c", script], _alert(folder), folder=folder, seconds=seconds)


async def test_the_command_reads_what_is_wrong(tmp_path: Path) -> None:
    """It has home, level, level before and all findings as JSON on its stdin."""
    assert await _run(tmp_path, "cat > told.json") is None

    told = json.loads((tmp_path / "told.json").read_text())
    assert (told["home"], told["level"], told["before"]) == (str(tmp_path), "CRITICAL", "OK")
    assert [finding["cause"] for finding in told["findings"]] == ["disk_full", "overflow"]
    assert told["findings"][0]["text"] == FULL.text


async def test_the_command_sees_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its environment is the level, the causes, PATH and HOME."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    assert await _run(tmp_path, "env > env.txt") is None

    lines = (tmp_path / "env.txt").read_text().splitlines()
    found = dict(line.split("=", 1) for line in lines)
    assert set(found) <= {"SYNTX_LEVEL", "SYNTX_CAUSES", "PATH", "HOME", "PWD", "_", "SHLVL"}
    assert (found["SYNTX_LEVEL"], found["SYNTX_CAUSES"]) == ("CRITICAL", "disk_full,overflow")


async def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    """An argument with a semicolon is an argument."""
    command = [sys.executable, "-c", "import sys; open('said', 'w').write(sys.argv[1])", "; $(id)"]
    assert await tell(command, _alert(tmp_path), folder=tmp_path, seconds=60.0) is None

    assert (tmp_path / "said").read_text() == "; $(id)"


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (["sh", "-c", "exit 3"], "sh: exit code 3"),
        (["sh", "-c", "kill -9 $$"], "sh: exit code -9"),
        (["/no/such/program"], "/no/such/program: No such file or directory"),
        (["a\0b"], "a\0b: embedded null byte"),
    ],
)
async def test_a_failure_says_why(tmp_path: Path, command: list[str], why: str) -> None:
    """Whatever goes wrong is an answer, not an error."""
    assert await tell(command, _alert(tmp_path), folder=tmp_path, seconds=60.0) == why


async def test_a_command_that_hangs_is_killed_with_its_children(tmp_path: Path) -> None:
    """When its time is over nothing of its group is left."""
    script = "trap '' TERM INT; sleep 600 & echo $! > own.tmp; mv own.tmp child; wait"
    for seconds in (0.2, 2, 20):  # on a slow machine the first may end it too soon
        why = await _run(tmp_path, script, seconds=seconds)
        assert why == f"sh: killed, it took longer than {seconds} s"
        if (tmp_path / "child").exists():
            break

    assert await _gone(int((tmp_path / "child").read_text()))


async def test_a_stop_kills_it_too(tmp_path: Path) -> None:
    """Cancelled in the middle, it leaves nothing that runs."""
    task = asyncio.create_task(_run(tmp_path, "echo $$ > own.tmp; mv own.tmp own; sleep 600"))
    while not (tmp_path / "own").exists():
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await _gone(int((tmp_path / "own").read_text()))


async def test_a_command_that_reads_nothing_holds_nobody_up(tmp_path: Path) -> None:
    """However much there is to tell."""
    alert = _alert(tmp_path, (FULL,) * 5_000)

    assert await tell(["true"], alert, folder=tmp_path, seconds=60.0) is None


async def _gone(pid: int) -> bool:
    """Whether a process ends; its parent may be slow to take leave of it."""
    for _ in range(1000):
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        await asyncio.sleep(0.02)
    return False
