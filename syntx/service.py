"""What every long-running service needs: an orderly stop, and a log people can read."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog

from syntx.escaping import all_visible, visible_json

SAME_WISH_SECONDS = 1.0
"""Signals that come so close together are one wish: a terminal and a parent may both tell us."""

_PRIORITIES = {"debug": 7, "info": 6, "warning": 4, "error": 3, "critical": 2}


class Stop:
    """A wish to stop: the first signal asks for a drain, the second ends at once."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    @property
    def wanted(self) -> bool:
        """Whether somebody asked to stop."""
        return self._event.is_set()

    def ask(self) -> None:
        """Ask for an orderly stop."""
        self._event.set()

    async def asked(self) -> None:
        """Wait for the wish."""
        await self._event.wait()

    async def within(self, seconds: float) -> bool:
        """Wait for the wish, at most `seconds`; returns whether it is there."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            pass
        return self.wanted


def run(main: Callable[[Stop], Awaitable[int]]) -> int:
    """Run a service until it returns its exit code; SIGTERM and SIGINT ask it to stop.

    A second signal ends the process at once with 130: everything here survives a kill.
    """

    async def guarded() -> int:
        stop = Stop()

        loop = asyncio.get_running_loop()
        asked_at = -SAME_WISH_SECONDS

        def on_signal() -> None:
            nonlocal asked_at
            if stop.wanted and loop.time() - asked_at > SAME_WISH_SECONDS:
                os._exit(130)
            if not stop.wanted:
                asked_at = loop.time()
            stop.ask()

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, on_signal)
        return await main(stop)

    return asyncio.run(guarded())


def configure_logging(level: str, *, json_lines: bool | None = None) -> None:
    """Send the service log to stderr: readable on a terminal, JSON with priorities elsewhere."""
    as_json = not sys.stderr.isatty() if json_lines is None else json_lines
    under_systemd = "JOURNAL_STREAM" in os.environ
    renderer: Any = structlog.dev.ConsoleRenderer(
        colors=not as_json and "NO_COLOR" not in os.environ
    )
    if as_json:
        renderer = _prioritised if under_systemd else _as_json
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            *(() if as_json else (_escaped,)),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )


def _escaped(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Escape what a terminal would obey, before colours are added; tracebacks are text by now."""
    return {all_visible(key): all_visible(value) for key, value in event.items()}


def _as_json(logger: Any, name: str, event: MutableMapping[str, Any]) -> str:
    text = structlog.processors.JSONRenderer(ensure_ascii=False)(logger, name, event)
    return visible_json(str(text))


def _prioritised(logger: Any, name: str, event: MutableMapping[str, Any]) -> str:
    return f"<{_PRIORITIES.get(name, 6)}>{_as_json(logger, name, event)}"
