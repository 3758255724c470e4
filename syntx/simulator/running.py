"""Running the simulator: in the foreground, or in a thread beside a test."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from syntx.errors import ConfigError
from syntx.simulator.options import SimulatorOptions
from syntx.simulator.server import build_app
from syntx.simulator.waiting import TRANSPORT

START_SECONDS = 10.0


class _Connection(H11Protocol):
    """Lets the application reach its own connection, so that it can reset it."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        # asyncio does so only for listeners that name their protocol; else answers take 40 ms.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        app = self.app

        async def with_transport(scope: Any, receive: Any, send: Any) -> None:
            scope[TRANSPORT] = transport
            await app(scope, receive, send)

        self.app = with_transport


class _Server(uvicorn.Server):
    """Announces its address when it listens, and ends pauses when it stops."""

    def __init__(self, options: SimulatorOptions, announce: Callable[[], None]) -> None:
        self._app = build_app(options)
        self._announce = announce
        super().__init__(
            uvicorn.Config(
                self._app,
                http=_Connection,
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                timeout_graceful_shutdown=2,
            )
        )

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # Not noted as captured: uvicorn would raise the signal again after a clean stop.
        self.force_exit = self.should_exit
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.state.stopping.set()
        await super().shutdown(sockets)


def serve(
    options: SimulatorOptions,
    host: str = "127.0.0.1",
    port: int = 0,
    announce: Callable[[str], None] = lambda url: None,
) -> None:
    """Serve until SIGINT or SIGTERM; `announce` gets the URL; ConfigError if the port is taken."""
    with _listening(host, port) as listener:
        url = _url(host, listener)
        server = _Server(options, lambda: announce(url))
        server.run(sockets=[listener])


@contextlib.contextmanager
def running(options: SimulatorOptions | None = None) -> Iterator[str]:
    """Serve on a free port in a thread, and yield the URL (without `/v1`)."""
    started = threading.Event()
    with _listening("127.0.0.1", 0) as listener:
        server = _Server(options or SimulatorOptions(), started.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            if not started.wait(START_SECONDS):
                raise TimeoutError("the simulator did not start in time")
            yield _url("127.0.0.1", listener)
        finally:
            server.should_exit = True
            thread.join(START_SECONDS)


@contextlib.contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    try:
        listener = socket.create_server((host, port), backlog=512)
    except OSError as error:
        raise ConfigError(
            f"cannot listen on {host}:{port}: {error.strerror}", fix="choose another --port"
        ) from error
    with listener:
        yield listener


def _url(host: str, listener: socket.socket) -> str:
    return f"http://{host}:{listener.getsockname()[1]}"
