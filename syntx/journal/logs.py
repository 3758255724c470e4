"""The journals of a home under their names, each record with the fields all of them share."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog

from syntx.errors import SpoolError
from syntx.journal.appending import Journal, event_id, to_line
from syntx.journal.names import Name

log = structlog.get_logger()

RETRY_SECONDS = 1.0
"""Pause between tries to write lines that the disk refused."""
MOST_KEPT_BYTES = 8_000_000
"""So much is kept per log while it cannot be written; what comes on top is lost and told."""


class Logs:
    """Writes records to `FOLDER/NAME.jsonl`; `evolution_log` may lie elsewhere.

    With `daily` the lines of a day that is over are put aside in a file of their own.
    """

    def __init__(
        self,
        folder: Path,
        service: str,
        *,
        evolution_log: Path | None = None,
        daily: bool = True,
    ) -> None:
        self.folder = folder
        self.service = service
        self._evolution = evolution_log
        self._daily = daily
        self._journals: dict[Name, Journal] = {}
        self._kept: dict[Name, bytearray] = {}
        self._retry_at = 0.0

    def path(self, name: Name) -> Path:
        """Return where a journal lies."""
        if name == "evolution" and self._evolution is not None:
            return self._evolution
        return self.folder / f"{name}.jsonl"

    def write(
        self,
        name: Name,
        *records: Mapping[str, Any],
        job_id: str | None = None,
        trace_id: str | None = None,
        flush: bool = False,
    ) -> None:
        """Append records, a line each; their own keys win over the shared ones.

        Lines the disk refuses are kept and written with the next ones; with `flush` they must
        be on disk now: raises SpoolError otherwise.
        """
        timestamp = _now().isoformat().replace("+00:00", "Z")
        shared = {
            "schema": f"syntx.{name}/1",
            "event_id": None,
            "timestamp": timestamp,
            "service": self.service,
            "job_id": job_id,
            "trace_id": trace_id,
        }
        whole = [{**shared, "event_id": event_id(), **record} for record in records]
        self._append(name, b"".join(map(to_line, whole)), timestamp[:10], flush=flush)

    def _append(self, name: Name, lines: bytes, day: str, *, flush: bool) -> None:
        journal = self._journals.get(name)
        if journal is None:
            journal = self._journals[name] = Journal(self.path(name))
        kept = bytes(self._kept.get(name, b""))
        try:
            if kept and not flush and time.monotonic() < self._retry_at:
                raise OSError(0, "not tried again yet")
            journal.append_lines(kept + lines, day=day if self._daily else None, flush=flush)
        except OSError as error:
            if flush:
                raise SpoolError(
                    f"{journal.path} cannot be written: {error.strerror}",
                    fix="make room, or make it a file this user may write",
                ) from error
            if not kept:
                log.error("log_lines_kept_back", file=str(journal.path), reason=error.strerror)
            self._keep(name, lines)
            return
        if self._kept.pop(name, None):
            log.info("log_lines_written_late", file=str(journal.path))
        if journal.not_rotated is not None:
            reason, journal.not_rotated = journal.not_rotated.strerror, None
            log.warning("log_not_rotated", file=str(journal.path), reason=reason)

    def _keep(self, name: Name, lines: bytes) -> None:
        kept = self._kept.setdefault(name, bytearray())
        now = time.monotonic()
        if now >= self._retry_at:
            self._retry_at = now + RETRY_SECONDS
        if len(kept) + len(lines) > MOST_KEPT_BYTES:
            log.error("log_lines_lost", file=f"{name}.jsonl", count=lines.count(b"\n"))
            return
        kept += lines

    def close(self) -> None:
        """Write what was kept back, if that is possible now, and close all journals."""
        self._retry_at = 0.0
        for name in list(self._kept):
            self._append(name, b"", f"{_now():%Y-%m-%d}", flush=False)
        for lines in self._kept.values():
            log.error("log_lines_lost", count=lines.count(b"\n"))
        for journal in self._journals.values():
            journal.close()


def _now() -> datetime:
    return datetime.now(UTC)
