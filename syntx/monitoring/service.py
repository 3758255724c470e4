"""The monitor: looks again and again, writes the figures, and tells who should know."""

from __future__ import annotations

import time
from pathlib import Path

import structlog

from syntx.monitoring.alarm import CLOSING_SECONDS, Alarm
from syntx.monitoring.alerts import causes
from syntx.monitoring.config import Config
from syntx.monitoring.looking import Look, look_at
from syntx.monitoring.metrics import exposition
from syntx.monitoring.packing import STOP_SECONDS, Packer
from syntx.notify import Notifier
from syntx.observing.health import Finding, Level
from syntx.replacing import replace_file
from syntx.service import Stop
from syntx.settings.monitoring import Monitoring

COUNT_SECONDS = 1.0
"""One look counts the logs no longer than this; what is left is for the next."""
BEHIND_SECONDS = 1.0
"""The pause between looks while there is something left."""

log = structlog.get_logger()


class Monitor:
    """Watches one home."""

    def __init__(self, config: Config, notifier: Notifier | None = None) -> None:
        self._config = config
        self._notifier = notifier or Notifier()
        self._alarm = Alarm(config.home)
        self._packer = Packer(config.home)
        self._refused: str | None = None

    async def serve(self, stop: Stop) -> None:
        """Look until a stop is asked for."""
        self._notifier.ready()
        try:
            while not stop.wanted:
                await self._pause(stop, self._turn())
        finally:
            self._notifier.stopping(CLOSING_SECONDS + STOP_SECONDS)
            await self._alarm.finish(CLOSING_SECONDS)
            await self._packer.finish(0.0)

    async def once(self) -> None:
        """Look once, and wait for what that began."""
        self._turn(count_seconds=None)
        await self._alarm.finish()
        await self._packer.finish()

    def _turn(self, count_seconds: float | None = COUNT_SECONDS) -> float:
        """Look, write, tell; returns the seconds until the next look."""
        self._notifier.beat()
        basics, options = self._config.look()
        try:
            found = look_at(
                self._config, basics, alert_ok=self._alarm.ok, count_seconds=count_seconds
            )
        except Exception as error:  # a monitor that ends tells nobody
            log.exception("look_failed")
            self._alarm.heed([_blind(error)], options)
            return options.every
        self._write(found, options)
        self._alarm.heed(found.found.findings, options)
        if self._config.packs_logs:
            self._packer.begin_if_due()
        self._notifier.status(_told(found))
        return options.every if found.whole else min(options.every, BEHIND_SECONDS)

    def _write(self, found: Look, options: Monitoring) -> None:
        if options.metrics_file is None:
            return
        refused = _written(self._config.home.path(options.metrics_file, ""), found)
        if refused != self._refused and refused is not None:
            log.error("metrics_not_written", reason=refused)
        self._refused = refused

    async def _pause(self, stop: Stop, seconds: float) -> None:
        """Wait until it is time to look again, a stop is asked for, or the watchdog waits."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._notifier.beat()
            if await stop.within(self._notifier.bounded(left)):
                return


def _written(file: Path, found: Look) -> str | None:
    """Write the metrics for whoever collects them; returns why that failed."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, exposition(found.figures), mode=0o644, flush=False, sole=True)
    except OSError as error:
        return f"{file}: {error.strerror}"
    return None


def _blind(error: Exception) -> Finding:
    text = f"the monitor cannot look: {type(error).__name__}: {error}"
    return Finding(Level.CRITICAL, "look_failed", text, "syntx doctor")


def _told(look: Look) -> str:
    found = look.found
    return f"{found.health}: {causes(found.findings) or 'all is well'}; {found.waiting} waiting"
