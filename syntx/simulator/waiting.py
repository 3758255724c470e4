"""Pauses that end early when the client leaves or the server stops."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Iterable
from typing import Any

from starlette.requests import Request

TRANSPORT = "simulator.transport"
_LINGER_ZERO = struct.pack("ii", 1, 0)


async def wait(request: Request, seconds: float, stopping: asyncio.Event) -> None:
    """Wait so many seconds, or until the client has gone or the server stops."""
    waits = [asyncio.ensure_future(_gone(request)), asyncio.ensure_future(stopping.wait())]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for waiting in waits:
            waiting.cancel()
        await asyncio.gather(*waits, return_exceptions=True)


async def at_once(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    """Yield the pieces without a pause."""
    for piece in pieces:
        yield piece


async def spread(
    pieces: Iterable[bytes], seconds: float, stopping: asyncio.Event
) -> AsyncIterator[bytes]:
    """Yield the pieces evenly over so many seconds; break off when the server stops."""
    waiting = list(pieces)
    pause = seconds / max(1, len(waiting))
    for piece in waiting:
        try:
            await asyncio.wait_for(stopping.wait(), pause)
        except TimeoutError:
            yield piece
        else:
            raise ConnectionAbortedError("the simulator stops in the middle of an answer")


def reset(scope: Any) -> None:
    """Reset the connection of a request; raises ConnectionResetError where it has no socket."""
    transport: asyncio.Transport | None = scope.get(TRANSPORT)
    if transport is None:
        raise ConnectionResetError("simulated reset of a connection that has no socket")
    # Lingering for no time makes the kernel send RST instead of an orderly FIN.
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
    transport.abort()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
