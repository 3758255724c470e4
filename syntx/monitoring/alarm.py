"""Who should know is told: each change once, again where the telling failed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import structlog

from syntx.home import Home
from syntx.monitoring.alerts import (
    Alert,
    Memory,
    Seen,
    causes,
    from_json,
    heeded,
    remembered,
    seen_of,
    to_json,
)
from syntx.monitoring.cache_files import (
    MODE,
    cache_folder,
    dumped,
    overwrite_file,
    read_json,
)
from syntx.monitoring.hook import tell
from syntx.observing.health import Finding
from syntx.replacing import replace_file
from syntx.settings.monitoring import Monitoring

CLOSING_SECONDS = 5.0
"""A command that runs when we stop gets so long; the next start tells anew what it cut off."""

log = structlog.get_logger()


class Alarm:
    """Runs the alert command when health changes, one at a time; `.cache/` holds what was told."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._file = home.root / ".cache" / "alerts.json"
        kept = read_json(self._file)
        self._memory = from_json(kept)
        self._task: asyncio.Task[None] | None = None
        self.ok = kept.get("ok") is not False
        """Whether the last call of the command succeeded."""

    def heed(self, findings: Sequence[Finding], options: Monitoring) -> None:
        """Take in what a look found; begins to tell of it where that is due."""
        memory, counting = heeded(self._memory, findings)
        seen, before = seen_of(counting), memory.last
        if seen != before:
            _log_change(seen, before, findings)
        memory, news = remembered(memory, seen)
        if not options.alert_command:
            self._keep(memory, ok=True)
            return
        # With nothing left to tell, a telling that failed is past.
        self._keep(memory, ok=self.ok or news is None)
        if news is not None and (self._task is None or self._task.done()):
            told = memory.told.level
            alert = Alert(str(self._home.root), news.level, told, tuple(findings))
            self._task = asyncio.create_task(self._tell(alert, news, options))

    async def finish(self, seconds: float | None = None) -> None:
        """Wait for a command that runs; after `seconds` it is killed."""
        if self._task is None:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._task

    async def _tell(self, alert: Alert, news: Seen, options: Monitoring) -> None:
        seconds = options.alert_timeout
        failure = await tell(options.alert_command, alert, folder=self._home.root, seconds=seconds)
        if failure is None:
            log.info("alert_told", health=alert.level.value, before=alert.before.value)
            self._keep(replace(self._memory, told=news), ok=True)
        else:
            log.error("alert_failed", reason=failure, health=alert.level.value)
            self._keep(self._memory, ok=False)

    def _keep(self, memory: Memory, *, ok: bool) -> None:
        """Remember, on disk where that is possible: a full disk is no reason to tell nobody."""
        if memory == self._memory and ok == self.ok and self._file.exists():
            return
        self._memory, self.ok = memory, ok
        content = dumped({**to_json(memory), "ok": ok})
        try:
            cache_folder(self._home)
            replace_file(self._file, content, mode=MODE, sole=True)
        except OSError:
            with suppress(OSError):
                overwrite_file(self._file, content)


def _log_change(seen: Seen, before: Seen, findings: Sequence[Finding]) -> None:
    told: dict[str, Any] = {"health": seen.level.value, "before": before.level.value}
    say = log.info if not findings else log.warning
    say("health_changed", **told, causes=causes(findings), why=[each.text for each in findings])
