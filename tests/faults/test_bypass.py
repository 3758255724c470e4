"""No system call of the spool bypasses `syntx/spool/syscalls.py`, where tests make calls fail."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from traced import some_jobs

import syntx
from syntx.spool.files import FileSpool
from syntx.spool.layout import FOLDERS

_CALL = re.compile(r"(\w+)\(")
_MARK = re.compile(r'\w+\((?:AT_FDCWD[^,]*, )?"/disk-(begins|ends)/(\w+)"')

LOOKS = ("stat", "lstat", "newfstatat", "statx", "access", "faccessat", "faccessat2")
CHANGES = ("rename", "renameat2", "unlink", "mkdir", "rmdir", "fsync", "syncfs", "write", "flock")


@pytest.fixture
def tracer(tmp_path: Path) -> list[str]:
    """Return the command that traces, with one file per thread; skip where it may not."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    command = [strace, "-ff", "-y", "-s", "0", "-e", "trace=%file,%desc", "-o"]
    tried = subprocess.run(
        [*command, str(tmp_path / "trial"), "true"], capture_output=True, text=True, check=False
    )
    if tried.returncode != 0:
        pytest.skip(f"strace may not trace here: {tried.stderr.strip()[:200]}")
    return [*command, str(tmp_path / "trace")]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a queue with a dead worker's job, and a dropped pair, folder, and file of no text."""
    root = tmp_path / "queue"
    asyncio.run(leave(root))
    dead = root / "processing" / "a-dead-one"
    dead.mkdir()
    (root / ".tmp" / dead.name).mkdir()
    (waiting,) = (root / "incoming").iterdir()
    waiting.rename(dead / waiting.name)
    (root / "incoming" / "pair.json").write_text('{"topic": "T"}')
    (root / "incoming" / "pair.txt").write_text("Frage")
    (root / "incoming" / "order").mkdir()
    (root / "incoming" / "order" / "request.md").write_text("Schreibe ein Angebot.")
    (root / "incoming" / "order" / "data.csv").write_text("1;2")
    (root / "incoming" / "binary.txt").write_bytes(b"\xff\0")
    return root


async def leave(root: Path) -> None:
    """Let one job wait."""
    async with FileSpool.open(root) as spool:
        await spool.submit(some_jobs(1))


def traced(tracer: list[str], root: Path) -> list[list[str]]:
    """Run every verb under strace; returns the lines of each thread."""
    script = Path(__file__).with_name("traced.py")
    done = subprocess.run(
        [*tracer, sys.executable, str(script), str(root)],
        env=os.environ | {"PYTHONPATH": str(Path(syntx.__file__).parents[1])},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [path.read_text().splitlines() for path in root.parent.glob("trace.*")]


def split(lines: list[str], root: Path) -> tuple[list[str], list[str]]:
    """Return the calls of a thread that touch the queue: inside a call of the disk, and not."""
    inside: list[str] = []
    outside: list[str] = []
    within = None
    for line in lines:
        mark = _MARK.match(line)
        if mark:
            within = mark[2] if mark[1] == "begins" else None
        elif str(root) in line and within != "script":
            (outside if within is None else inside).append(line)
    assert within is None
    return inside, outside


def is_known(line: str, root: Path) -> bool:
    """Whether a call may bypass the disk, and why."""
    call = _CALL.match(line)
    paths = re.findall(r'"([^"]*)"', line)
    if call is None or not paths:
        return False
    if call[1] == "inotify_add_watch":
        # The watch only wakes; it is watchdog's call, and what it tells is looked up.
        return paths == [str(root / "incoming")]
    if call[1] in LOOKS:
        # Opening looks for missing and foreign folders before anything is promised.
        return paths[0] in {str(root), *(str(root / name) for name in FOLDERS)}
    return False


def test_a_call_without_a_mark_is_found_out() -> None:
    """A call of the same thread between two calls of the disk is told apart from theirs."""
    lines = [
        'access("/disk-begins/rename", F_OK) = -1 ENOENT (No such file or directory)',
        'rename("/q/incoming/a", "/q/processing/w/a") = 0',
        'access("/disk-ends/rename", F_OK) = -1 ENOENT (No such file or directory)',
        'unlink("/q/incoming/b") = 0',
        'openat(AT_FDCWD</>, "/etc/hosts", O_RDONLY) = 3</etc/hosts>',
    ]

    assert split(lines, Path("/q")) == ([lines[1]], [lines[3]])
    assert not is_known(lines[3], Path("/q"))


def test_no_system_call_bypasses_the_disk(tracer: list[str], root: Path) -> None:
    """Whatever touches the queue, in whatever thread, is made by one of the disk's calls."""
    threads = [split(lines, root) for lines in traced(tracer, root)]

    outside = [line for _, found in threads for line in found if not is_known(line, root)]
    made = Counter(_CALL.match(line)[1] for found, _ in threads for line in found)

    assert outside == []
    assert set(CHANGES) <= set(made), made
