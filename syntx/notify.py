"""Telling a service manager how this process is doing: sd_notify, in a few lines of our own."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager, suppress
from typing import Self

SEND_SECONDS = 1.0
"""A manager that does not read holds us up no longer than this."""

_BEATS_PER_WATCHDOG = 4


class Notifier:
    """Sends states to the socket of a service manager; without one it does nothing.

    No call raises: a manager that is gone or busy is no reason to stop working.
    """

    def __init__(self, address: str | None = None, *, watchdog: float | None = None) -> None:
        """Take the address of a socket (`@` begins an abstract one) and the watchdog's seconds."""
        self._address = address
        self._pinged = float("-inf")
        self.pause = watchdog / _BEATS_PER_WATCHDOG if address and watchdog else None
        """The longest a serving loop may wait between two beats, in seconds; None: any time."""

    @classmethod
    def from_environment(cls, environ: MutableMapping[str, str] = os.environ) -> Self:
        """Take the manager's wishes out of the environment, so that no child speaks for us."""
        address = environ.pop("NOTIFY_SOCKET", None)
        period = environ.pop("WATCHDOG_USEC", "")
        meant = environ.pop("WATCHDOG_PID", "") in ("", str(os.getpid()))
        watchdog = int(period) / 1e6 if meant and period.isdecimal() else None
        return cls(address, watchdog=watchdog)

    @property
    def is_heard(self) -> bool:
        """Whether there is a manager to tell anything."""
        return self._address is not None

    def ready(self) -> None:
        """Tell that the service works; what it needs is open and its settings are valid."""
        self._send("READY=1")

    def stopping(self, within: float = 0.0) -> None:
        """Tell that the service ends, which may take `within` seconds where less is allowed."""
        more = [f"EXTEND_TIMEOUT_USEC={round(within * 1e6)}"] if within else []
        self._send("STOPPING=1", *more)

    def status(self, text: str) -> None:
        """Show one line to people who ask the manager."""
        self._send("STATUS=" + " ".join(text.split()))

    def beat(self) -> None:
        """Ping the watchdog when it is time to; call it where the service's work goes on."""
        now = time.monotonic()
        if self.pause is not None and now - self._pinged >= self.pause:
            self._pinged = now
            self._send("WATCHDOG=1")

    def bounded(self, seconds: float) -> float:
        """Return `seconds`, or the pause between two beats where that is shorter."""
        return seconds if self.pause is None else min(seconds, self.pause)

    @asynccontextmanager
    async def serving(self, asked_to_stop: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
        """Be ready, beat as long as the event loop turns, and tell as soon as a stop is asked for.

        For services whose steps take too long to beat between them.
        """
        if not self.is_heard:
            yield
            return
        self.ready()
        tasks = [
            asyncio.create_task(self._keep_beating()),
            asyncio.create_task(self._heed(asked_to_stop)),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    async def _heed(self, asked_to_stop: Callable[[], Awaitable[None]]) -> None:
        await asked_to_stop()
        self.stopping()

    async def _keep_beating(self) -> None:
        while self.pause is not None:
            self.beat()
            await asyncio.sleep(self.pause)

    def _send(self, *lines: str) -> None:
        if self._address is None:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        message = "\n".join(lines).encode("utf-8", "replace")
        with (
            suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender,
        ):
            sender.settimeout(SEND_SECONDS)
            sender.sendto(message, address)
