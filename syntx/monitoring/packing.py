"""Packing the logs of months that are over, in a process of its own."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from contextlib import suppress

import structlog

from syntx.home import Home
from syntx.monitoring.cache_files import cache_folder
from syntx.parentage import PARENT
from syntx.replacing import replace_file

EVERY_SECONDS = 3600.0
STOP_SECONDS = 10.0
NICE = 10

log = structlog.get_logger()


class Packer:
    """Calls `syntx logs pack` once an hour; what is killed in between is done by the next."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._stamp = home.root / ".cache" / "packed"
        self._begun = float("-inf")
        self._task: asyncio.Task[None] | None = None

    def begin_if_due(self) -> None:
        """Begin if the last time is an hour ago, whoever it was."""
        if self._task is None or self._task.done():
            if not self._is_due():
                return
            self._begun = time.monotonic()
            with suppress(OSError):
                cache_folder(self._home)
                replace_file(self._stamp, b"", sole=True)
            self._task = asyncio.create_task(self._pack())

    async def finish(self, seconds: float | None = None) -> None:
        """Wait for its end; after `seconds` it is stopped."""
        if self._task is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._task

    def _is_due(self) -> bool:
        if time.monotonic() - self._begun < EVERY_SECONDS:
            return False
        try:
            return not 0 <= time.time() - self._stamp.stat().st_mtime < EVERY_SECONDS
        except OSError:
            return True

    async def _pack(self) -> None:
        words = (sys.executable, "-m", "syntx", "--home", str(self._home.root), "logs", "pack")
        try:
            process = await asyncio.create_subprocess_exec(
                *words,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                env={**os.environ, PARENT: str(os.getpid())},
            )
        except OSError as error:
            log.error("logs_not_packed", reason=error.strerror)
            return
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
        try:
            code = await process.wait()
        finally:
            if process.returncode is None:
                await stopped(process)
        if code:
            log.error("logs_not_packed", exit_code=code)


async def stopped(process: asyncio.subprocess.Process) -> None:
    """Ask a process to stop, and kill it when it does not."""
    with suppress(ProcessLookupError, TimeoutError):
        process.terminate()
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
