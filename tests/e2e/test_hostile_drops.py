"""Whatever is dropped into incoming, by whatever command, the consumer refuses it or runs it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from syntx.home import Home
from syntx.job import Attempt, Verdict
from syntx.spool.files import FileSpool
from syntx.spool.opening import SpoolOptions

PROMPT = "Erkläre die Größe des Universums in einfachen Worten."
ODD_NAMES = ("a\nb\x1b[31m.txt", "Größe \udcff.txt", "x" * 251 + ".txt", "-rf.txt", "$(id) ;|.md")


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    """A folder on another file system than the queue, or skip."""
    shared = Path("/dev/shm")
    if not os.access(shared, os.W_OK):
        pytest.skip("no second file system to move from (/dev/shm)")
    with tempfile.TemporaryDirectory(dir=shared) as made:
        yield Path(made)


def drop_by_command(incoming: Path, elsewhere: Path) -> set[str]:
    """Copy and move with the real commands; returns the names that are prompts."""
    source = elsewhere / "source.txt"
    source.write_text(PROMPT)
    for name in ("kopiert.txt", "verschoben.txt"):
        subprocess.run(["cp", source, elsewhere / name], check=True)
    subprocess.run(["cp", elsewhere / "kopiert.txt", incoming], check=True)
    subprocess.run(["mv", elsewhere / "verschoben.txt", incoming], check=True)
    for name in ODD_NAMES:
        subprocess.run(["cp", "--", source, incoming / name], check=True)
    return {"kopiert.txt", "verschoben.txt", *ODD_NAMES}


def drop_folder(incoming: Path, elsewhere: Path) -> None:
    """Move a folder in from another file system."""
    made = elsewhere / "auftrag"
    made.mkdir()
    (made / "request.md").write_text("Fasse zusammen.")
    (made / "daten.csv").write_text("1;2")
    subprocess.run(["mv", made, incoming], check=True)


def drop_killed_copy(incoming: Path, elsewhere: Path) -> None:
    """Kill a copy midway."""
    pipe = elsewhere / "pipe"
    os.mkfifo(pipe)
    copy = subprocess.Popen(["cp", "--copy-contents", pipe, incoming / "halb.txt"])
    with pipe.open("w") as writer:
        writer.write("Erkläre die ersten Worte")
        writer.flush()
        while not (incoming / "halb.txt").exists() or not (incoming / "halb.txt").stat().st_size:
            time.sleep(0.01)
        copy.send_signal(signal.SIGKILL)
        copy.wait()


def drop_hostile(incoming: Path) -> int:
    """Drop what is no job at all; returns how many things."""
    os.mkfifo(incoming / "rohr.txt")
    (incoming / "link.txt").symlink_to("/etc/passwd")
    (incoming / "kreis").mkdir()
    (incoming / "kreis" / "selbst").symlink_to(".")
    (incoming / "riese.txt").touch()
    os.truncate(incoming / "riese.txt", 10 * 1024**3)
    (incoming / "bombe.zip").write_bytes(b"PK\x03\x04" + b"\0" * 64)
    (incoming / "bombe.xml").write_text('<!DOCTYPE a [<!ENTITY b "&c;&c;">]><a>&b;</a>')
    (incoming / "kein-utf8.txt").write_bytes(b"\xff\xfe\xfd")
    (incoming / "nul.txt").write_bytes(b"a\0b")
    (incoming / "kein.json").write_text('{"kein": ')
    with socket.socket(socket.AF_UNIX) as server:
        # A socket's path is limited to some hundred bytes.
        fd = os.open(incoming, os.O_RDONLY)
        server.bind(f"/proc/self/fd/{fd}/dose.txt")
        os.close(fd)
    made = 10
    if os.geteuid() == 0:
        os.mknod(incoming / "geraet.txt", 0o660 | 0o020000, os.makedev(1, 3))
        made += 1
    return made


def refusals(home: Home) -> dict[str, str]:
    """Return the reasons by the name that was dropped."""
    records = (home.root / "queue" / "error").glob("*/*.refused/refusal.json")
    told = [json.loads(record.read_bytes()) for record in records]
    return {record["found"][0]["name"]: record["reason"] for record in told}


def ended(home: Home) -> list[dict[str, Any]]:
    """Return the prompt jobs that ended."""
    queue = home.root / "queue"
    files = (*queue.glob("processed/*/*.json"), *queue.glob("error/*/*.json"))
    return [json.loads(file.read_bytes()) for file in files]


def folders(home: Home) -> list[Path]:
    """Return the envelopes of document jobs that ended."""
    queue = home.root / "queue"
    return [*queue.glob("processed/*/*/job.json"), *queue.glob("error/*/*/job.json")]


def test_everything_is_refused_or_run_and_nothing_stops(
    home: Home, simulator: str, service: Callable[..., object], elsewhere: Path
) -> None:
    """Hostile things lie in error with a reason; prompts beside them are run whole."""
    incoming = home.root / "queue" / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    hostile = drop_hostile(incoming)
    service("consumer", SYNTX_SIMULATOR_URL=simulator)

    prompts = drop_by_command(incoming, elsewhere)
    drop_folder(incoming, elsewhere)
    drop_killed_copy(incoming, elsewhere)

    wanted = len(prompts) + 1
    for _ in range(900):
        found = ended(home)
        if len(found) >= wanted and folders(home) and len(refusals(home)) >= hostile:
            break
        time.sleep(0.1)
    assert len(refusals(home)) == hostile
    assert Counter(job["prompt"] for job in found) == {
        PROMPT: len(prompts),
        "Erkläre die ersten Worte": 1,
    }
    (folder,) = folders(home)
    assert (folder.parent / "attachments" / "daten.csv").read_text() == "1;2"
    assert os.listdir(incoming) == []


@pytest.mark.slow
@pytest.mark.timeout(1800)
async def test_two_hundred_thousand_files_wait_for_the_consumer(tmp_path: Path) -> None:
    """All are taken, each once, oldest first among what one look sees."""
    root = tmp_path / "queue"
    options = SpoolOptions(durability="relaxed", settle_seconds=0)
    async with FileSpool.open(root, options) as spool:
        await asyncio.to_thread(_fill, root / "incoming", 200_000)
        seen: set[str] = set()
        while (claim := await spool.claim()) is not None:
            seen.add(claim.job.prompt)
            now = datetime.now(UTC)
            attempt = Attempt(worker="w", started=now, ended=now)
            await spool.settle(claim, Verdict(outcome="passed"), attempt)
        assert len(seen) == 200_000
        counts = await spool.counts()
    assert (counts.processed, counts.incoming) == (200_000, 0)


def _fill(incoming: Path, count: int) -> None:
    for number in range(count):
        (incoming / f"{number:06d}.txt").write_text(f"Frage {number}")
