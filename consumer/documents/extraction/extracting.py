"""One file is read in a process of its own, which may die of it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import stat
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from consumer.documents.extraction.child import OUT_OF_MEMORY
from consumer.documents.extraction.finding import Problem
from consumer.documents.extraction.messages import ORDER, ReadingOrder
from consumer.documents.extraction.models import ContentExtracted, ExtractionOptions
from consumer.documents.extraction.received import Received
from consumer.documents.extraction.registry import registered
from syntx.parentage import PARENT
from syntx.settings.documents import Extraction

_READ = 262_144
_TAIL = 2_000


async def extract(
    file: Path,
    *,
    name: str,
    document_id: str,
    options: ExtractionOptions,
    limits: Extraction,
) -> ContentExtracted:
    """Return what stands in a file, in its order; the same file gives the same parts and IDs.

    What is wrong with the file is told in `summary["problems"]` and in parts with a note. Neither
    the file nor its folder may be a symbolic link. `options` change nothing: a document is read
    whole. Raises MissingExtra when a package for this type is not installed.
    """
    received = Received(name, document_id, limits.unpacked_bytes)
    try:
        descriptor = open_regular(file)
    except OSError as error:
        received.trouble("not_a_file", f"not a file that can be read: {error.strerror}")
        return received.extracted(0)
    try:
        size = os.fstat(descriptor).st_size
        await _read(descriptor, _order(name, document_id, limits), received)
    finally:
        os.close(descriptor)
    return received.extracted(size)


def open_regular(file: Path) -> int:
    """Open a regular file without following links, in itself or as its folder."""
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        descriptor = os.open(file.name, flags, dir_fd=folder)
    finally:
        os.close(folder)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(0, "neither a link nor a device is followed")
    return descriptor


def _order(name: str, document_id: str, limits: Extraction) -> ReadingOrder:
    return ReadingOrder(
        name=name,
        document_id=document_id,
        extractors=dict(registered()),
        seconds=limits.seconds,
        memory_bytes=limits.memory_bytes,
        unpacked_bytes=limits.unpacked_bytes,
        ocr=limits.ocr == "auto",
    )


async def _read(descriptor: int, order: ReadingOrder, received: Received) -> None:
    async with _process(descriptor, order) as process:
        try:
            async with asyncio.timeout(order.seconds):
                said = await _listen(process, received)
                code = await process.wait()
        except TimeoutError:
            received.trouble("timeout", f"reading took longer than {order.seconds:g} s")
            return
    if received.burst:
        received.trouble("bomb", f"it holds more than {order.unpacked_bytes:,} bytes of text")
    elif not received.ended:
        received.trouble(*_cause(code, said, order))


@contextlib.asynccontextmanager
async def _process(
    descriptor: int, order: ReadingOrder
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The reading process, in a group of its own that is gone when this ends."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "consumer.documents.extraction.child"),
        stdin=descriptor,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=_environment(order),
        cwd="/",
        start_new_session=True,
    )
    try:
        yield process
    finally:
        _kill(process)
        await asyncio.shield(process.wait())


def _kill(process: asyncio.subprocess.Process) -> None:
    """End the process and all it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _environment(order: ReadingOrder) -> dict[str, str]:
    """Nothing of ours but where programs and modules are: no key reaches a reader of files."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": os.pathsep.join(os.path.abspath(one) for one in sys.path if one),
        "LANG": "C.UTF-8",
        "OMP_THREAD_LIMIT": "1",
        PARENT: str(os.getpid()),
        ORDER: order.model_dump_json(),
    }


async def _listen(process: asyncio.subprocess.Process, received: Received) -> str:
    """Take in all parts; return the end of what was said on standard error."""
    assert process.stdout is not None
    assert process.stderr is not None
    errors = asyncio.create_task(_tail(process.stderr))
    try:
        while data := await process.stdout.read(_READ):
            await received.take(data)
            if received.burst:
                _kill(process)
                break
        return await errors
    finally:
        errors.cancel()


async def _tail(stream: asyncio.StreamReader) -> str:
    said = b""
    while data := await stream.read(_READ):
        said = (said + data)[-_TAIL:]
    return said.decode("utf-8", "replace")


def _cause(code: int, said: str, order: ReadingOrder) -> tuple[Problem, str]:
    """Tell why the process ended before its time."""
    memory = f"reading it takes more than {order.memory_bytes:,} bytes of memory"
    if code == OUT_OF_MEMORY or (code == -signal.SIGABRT and "memory" in said):
        return "bomb", memory
    if code == -signal.SIGXCPU:
        return "timeout", f"reading took more than {order.seconds:g} s of processor time"
    if code < 0:
        return "crashed", f"the reader of this file died of {signal.Signals(-code).name}"
    last = (said.strip().splitlines() or [f"exit code {code}"])[-1]
    return "crashed", f"the reader of this file failed: {last[:300]}"
