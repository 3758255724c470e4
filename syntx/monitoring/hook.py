"""Running the command that is told of a change in health."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from syntx.monitoring.alerts import Alert, environment, message

_STDERR = 2


async def tell(command: Sequence[str], alert: Alert, *, folder: Path, seconds: float) -> str | None:
    """Run a command in `folder` with the alert as JSON on its stdin; returns why that failed.

    After `seconds` it is killed with all it started, as it is when we are cancelled. What it says
    goes to our stderr.
    """
    text = json.dumps(message(alert), ensure_ascii=False) + "\n"
    try:
        with _in_memory(text.encode("utf-8", "replace")) as stdin:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=stdin,
                stdout=_STDERR,
                env=environment(alert, os.environ),
                cwd=folder,
                start_new_session=True,
            )
    except (OSError, ValueError) as error:
        return f"{command[0]}: {getattr(error, 'strerror', None) or error}"
    return await _outcome(process, command[0], seconds)


@contextmanager
def _in_memory(content: bytes) -> Iterator[int]:
    """Give a file without a disk: neither a full one nor a command that reads nothing blocks it."""
    descriptor = os.memfd_create("alert")
    try:
        os.write(descriptor, content)
        os.lseek(descriptor, 0, os.SEEK_SET)
        yield descriptor
    finally:
        os.close(descriptor)


async def _outcome(process: asyncio.subprocess.Process, name: str, seconds: float) -> str | None:
    try:
        async with asyncio.timeout(seconds):
            code = await process.wait()
    except TimeoutError:
        return f"{name}: killed, it took longer than {seconds:g} s"
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    return f"{name}: exit code {code}" if code else None
