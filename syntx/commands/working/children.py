"""Services as child processes: started, watched, started again when they die, and stopped."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import structlog

from syntx.errors import SyntxError
from syntx.parentage import PARENT

STOP_SECONDS = 45.0
RESTART_PAUSE = 0.5
MAX_RESTARTS = 10
LONG_LIFE_SECONDS = 60.0
"""A service that lived so long gets its restarts back."""

log = structlog.get_logger()


class ChildFailed(SyntxError):
    """A service ended with an error; its own words and exit code are passed on."""

    def __init__(self, message: str, *, fix: str | None, exit_code: int) -> None:
        super().__init__(message, fix=fix)
        self.exit_code = exit_code


class Children:
    """Runs ``syntx`` commands of one home as children of this process."""

    def __init__(self, home: Path, log_file: Path) -> None:
        self._home = home
        self._log_file = log_file
        self._env: dict[str, str] = {}
        log_file.parent.mkdir(parents=True, exist_ok=True)
        log_file.touch()
        self._told_before = log_file.stat().st_size

    def failure(self, name: str, code: int) -> ChildFailed:
        """Return the error a child ended with, in its own words where it left some."""
        with self._log_file.open("rb") as file:
            file.seek(self._told_before)
            lines = file.read().decode("utf-8", "replace").splitlines()
        errors = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
        fixes = [line.removeprefix("fix: ") for line in lines if line.startswith("fix: ")]
        return ChildFailed(
            errors[-1] if errors else f"the {name} ended with exit code {code}",
            fix=fixes[-1] if errors and fixes else f"see {self._log_file}",
            exit_code=code if errors else 1,
        )

    @asynccontextmanager
    async def simulator(self, arguments: Sequence[str]) -> AsyncIterator[asyncio.Task[None]]:
        """Run the simulator on a free port, where later children find it; again if it dies."""
        process = await self.start(["simulator", "--port", "0", *arguments], pipe=True)
        url = await _announced(process)
        self._env["SYNTX_SIMULATOR_URL"] = url
        again = ["simulator", "--port", url.rpartition(":")[2], *arguments]
        keeper = asyncio.create_task(self._keep(again, process), name="simulator")
        try:
            yield keeper
        finally:
            await end(keeper)

    @asynccontextmanager
    async def kept_alive(self, arguments: Sequence[str]) -> AsyncIterator[asyncio.Task[None]]:
        """Run a service and start it again when it dies; the task ends only when it gives up."""
        keeper = asyncio.create_task(self._keep(arguments), name=arguments[0])
        try:
            yield keeper
        finally:
            await end(keeper)

    async def _keep(
        self, arguments: Sequence[str], process: asyncio.subprocess.Process | None = None
    ) -> None:
        deaths = 0
        code = 0
        while deaths < MAX_RESTARTS:
            process = process or await self.start(arguments)
            started = time.monotonic()
            try:
                code = await process.wait()
            finally:
                await stop(process)
            if code in (2, 78):
                raise self.failure(arguments[0], code)
            log.warning("service_restarted", service=arguments[0], exit_code=code)
            process = None
            deaths = 1 if time.monotonic() - started > LONG_LIFE_SECONDS else deaths + 1
            await asyncio.sleep(RESTART_PAUSE)
        raise self.failure(arguments[0], code)

    async def start(
        self, arguments: Sequence[str], *, pipe: bool = False
    ) -> asyncio.subprocess.Process:
        """Start one command; what it tells goes to the log file, its data to a pipe if wanted."""
        with self._log_file.open("ab") as told:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "syntx", "--home", str(self._home), *arguments),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE if pipe else told,
                stderr=told,
                env=self._environment(),
                # A Ctrl-C is for us; we pass the wish on once, a second one would cut the drain.
                start_new_session=True,
            )

    def _environment(self) -> Mapping[str, str]:
        return {**os.environ, **self._env, PARENT: str(os.getpid())}


async def end(task: asyncio.Task[Any]) -> None:
    """Cancel a task and wait for its end; its error was raised where it was waited for."""
    task.cancel()
    await asyncio.wait([task])
    if not task.cancelled():
        task.exception()


async def _announced(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    line = await process.stdout.readline()
    try:
        return str(json.loads(line)["simulator"])
    except (ValueError, KeyError) as error:
        raise SyntxError(
            "the simulator did not start", fix="try: syntx simulator --port 0"
        ) from error


async def stop(process: asyncio.subprocess.Process) -> None:
    """Ask a child to stop; kill it when it does not within its time."""
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
