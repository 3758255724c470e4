"""The boundary: one process for one file, which may die of it; the parent stays well."""

from __future__ import annotations

import asyncio
import fcntl
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import office_files
import pytest

from consumer.documents.extraction import registry
from consumer.documents.extraction.extracting import extract
from consumer.documents.extraction.models import ContentExtracted, ExtractionOptions
from consumer.documents.needing import MissingExtra
from syntx.settings.documents import Extraction

READERS = """
import os, socket, time
from consumer.documents.extraction.finding import text

def lines(source):
    print("a library that talks")
    for number, line in enumerate(source.data.decode().splitlines(), 1):
        yield from text(f"line {number}", line)

def crash(source):
    yield from text("before", "Vorher")
    os.abort()

def hang(source):
    yield from text("before", "Vorher")
    if os.fork() == 0:
        open(source.data.decode(), "w").write(str(os.getpid()))
        time.sleep(600)
    time.sleep(600)

def devour(source):
    yield from text("before", "Vorher")
    kept = [bytearray(10_000_000) for _ in range(10_000)]

def flood(source):
    while True:
        yield from text("flood", "x" * 1_000_000)

def spy(source):
    files = [os.path.realpath(f"/proc/self/fd/{one}") for one in os.listdir("/proc/self/fd")]
    yield from text("environment", repr(sorted(os.environ) + files))

def call(source):
    try:
        socket.create_connection(("127.0.0.1", int(source.data)), timeout=5).close()
    except OSError:
        yield from text("called", "unreachable")
    else:
        yield from text("called", "reached")

def lack(source):
    from consumer.documents.needing import need
    need("a_module_nobody_has", "reading ABC")
    yield
"""


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Register a function of a module on the path for `.abc`."""
    (tmp_path / "readers_of_abc.py").write_text(READERS)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(registry, "_registered", {})
    return lambda name: registry.register(".abc", f"readers_of_abc:{name}")


async def extracted(file: Path, **limits: Any) -> ContentExtracted:
    """What the process makes of a file."""
    return await extract(
        file,
        name=file.name,
        document_id="doc",
        options=ExtractionOptions(),
        limits=Extraction(**limits),
    )


def problems(result: ContentExtracted) -> list[str]:
    """What the summary says is wrong."""
    assert result.summary is not None
    return [one["problem"] for one in result.summary["problems"]]


def abc(folder: Path, data: bytes = b"eins\nzwei\n") -> Path:
    """A file of the type that only tests know."""
    (folder / "files").mkdir()
    file = folder / "files" / "a.abc"
    file.write_bytes(data)
    return file


async def test_a_file_is_read_and_summed_up(tmp_path: Path) -> None:
    """Parts in order, and what they are in numbers."""
    file = tmp_path / "a.docx"
    file.write_bytes(office_files.word_file())

    result = await extracted(file)

    assert "Fußnotentext" in [part.data for part in result.parts]
    assert result.summary is not None
    assert result.summary["parts"] == len(result.parts)
    assert result.summary["complete"] is True
    assert ContentExtracted.model_validate_json(result.to_wire()) == result


async def test_a_registered_extractor_reads_its_suffix(tmp_path: Path, reader: Any) -> None:
    """Also when it prints: standard output is not its own."""
    reader("lines")

    result = await extracted(abc(tmp_path))

    assert [part.data for part in result.parts] == ["eins", "zwei"]


@pytest.mark.parametrize(
    ("name", "limits", "problem"),
    [
        ("crash", {}, "crashed"),
        ("devour", {"memory_bytes": 400_000_000}, "bomb"),
        ("flood", {"unpacked_bytes": 5_000_000}, "bomb"),
    ],
)
async def test_a_reader_that_dies_leaves_what_it_found(
    tmp_path: Path, reader: Any, name: str, limits: dict[str, int], problem: str
) -> None:
    """The cause is named, the parts before it stay."""
    reader(name)

    result = await extracted(abc(tmp_path), **limits)

    assert problems(result) == [problem]
    assert result.parts[0].label in {"before", "flood"}
    assert result.summary is not None
    assert result.summary["complete"] is False


async def test_a_reader_that_hangs_is_ended(tmp_path: Path, reader: Any) -> None:
    """The limit is in seconds."""
    reader("hang")

    result = await extracted(abc(tmp_path, str(tmp_path / "pid").encode()), seconds=2)

    assert problems(result) == ["timeout"]


async def test_a_cancelled_reading_leaves_no_process(tmp_path: Path, reader: Any) -> None:
    """A worker that stops takes its readers with it, and whatever these have started."""
    reader("hang")
    told = tmp_path / "pid"
    task = asyncio.create_task(extracted(abc(tmp_path, str(told).encode())))
    async with asyncio.timeout(60):
        while not (told.exists() and told.read_text()):
            await asyncio.sleep(0.05)

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(ProcessLookupError):
        await _gone(int(told.read_text()))


async def test_no_secret_reaches_a_reader(
    tmp_path: Path, reader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment holds nothing but what a program needs to run."""
    monkeypatch.setenv("SYNTX_KEY", "geheim")
    reader("spy")

    (part,) = (await extracted(abc(tmp_path))).parts

    assert "SYNTX_KEY" not in part.data
    assert "SYNTX_EXTRACTION" not in part.data


async def test_a_missing_package_is_an_error_that_names_it(tmp_path: Path, reader: Any) -> None:
    """The file is not at fault, the installation is."""
    reader("lack")

    with pytest.raises(MissingExtra) as caught:
        await extracted(abc(tmp_path))

    assert caught.value.message == "reading ABC needs the package a_module_nobody_has"
    assert caught.value.fix == "pip install 'syntx[documents]'"


async def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    """Links (also as the folder), pipes, folders and nothing at all are told, not followed."""
    folder = tmp_path / "true"
    folder.mkdir()
    (folder / "a.txt").write_text("Text")
    (folder / "link.txt").symlink_to(folder / "a.txt")
    (tmp_path / "linked").symlink_to(folder)
    os.mkfifo(folder / "pipe.txt")

    files = [folder / "link.txt", tmp_path / "linked" / "a.txt", folder / "pipe.txt", folder]
    for file in [*files, folder / "missing.txt"]:
        result = await extracted(file)

        assert problems(result) == ["not_a_file"], file


async def _gone(pid: int) -> None:
    """Wait until a process is no more; raises ProcessLookupError then."""
    async with asyncio.timeout(60):
        while True:
            os.kill(pid, 0)
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            if state == "Z":
                raise ProcessLookupError
            await asyncio.sleep(0.05)


async def test_a_reader_inherits_no_lock(tmp_path: Path, reader: Any) -> None:
    """A lock that a reader held too would outlive the worker that took it."""
    reader("spy")
    lock = os.open(tmp_path / "lock", os.O_CREAT | os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_EX)
    os.set_inheritable(lock, True)
    (part,) = (await extracted(abc(tmp_path))).parts
    os.close(lock)

    assert "pipe:" in part.data
    assert str(tmp_path / "lock") not in part.data


@pytest.fixture
def can_leave() -> None:
    """Skip where the kernel lets no process leave the network."""
    ask = "import ctypes, os; os._exit(ctypes.CDLL(None).unshare({}) != 0)"
    flags = 0x40000000 if os.geteuid() == 0 else 0x50000000
    if subprocess.run([sys.executable, "-c", ask.format(flags)], check=False).returncode:
        pytest.skip("the kernel lets no process leave the network here")


@pytest.mark.usefixtures("can_leave")
async def test_a_reader_has_no_network(tmp_path: Path, reader: Any) -> None:
    """A file cannot make its reader call anybody."""
    reader("call")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        (part,) = (await extracted(abc(tmp_path, port.encode()))).parts

    assert part.data == "unreachable"
