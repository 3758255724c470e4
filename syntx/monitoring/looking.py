"""A look at a home that goes on where its settings became wrong, and the figures it gives."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from syntx.errors import ConfigError
from syntx.home import Home
from syntx.journal.files import last_records
from syntx.monitoring.config import Config
from syntx.monitoring.counting import Counted, counted
from syntx.monitoring.gauges import Looked, gauges
from syntx.monitoring.metrics import Figures, families_of
from syntx.observing.basics import Basics
from syntx.observing.health import Finding, Level, worst
from syntx.observing.snapshot import Snapshot, look


@dataclass(frozen=True, slots=True)
class Look:
    """What was found, and the figures of it; `whole` says that all logs were counted."""

    found: Snapshot
    figures: Figures
    whole: bool


def look_at(
    config: Config, basics: Basics, *, alert_ok: bool = True, count_seconds: float | None = None
) -> Look:
    """Look at a home once; raises OSError where it cannot be read.

    Counting the logs goes on for `count_seconds` at most; None: to their ends.
    """
    started = time.monotonic()
    now = datetime.now(UTC)
    found = with_complaint(look(config.home, basics), config.complaint)
    counts = counted(config.home, Path(basics.logs), config.providers(), seconds=count_seconds)
    looked = Looked(now.timestamp(), time.monotonic() - started, config.complaint is None, alert_ok)
    return Look(found, _figures(config.home, basics, found, counts, looked), counts.whole)


def with_complaint(found: Snapshot, complaint: ConfigError | None) -> Snapshot:
    """Add the finding of a configuration that is wrong."""
    if complaint is None:
        return found
    text = f"the services keep the last good settings: {complaint.message}"
    finding = Finding(Level.WARNING, "config_wrong", text, "syntx config check")
    findings = (*found.findings, finding)
    return replace(found, findings=findings, health=worst(findings))


def _figures(
    home: Home, basics: Basics, found: Snapshot, counts: Counted, looked: Looked
) -> Figures:
    at = datetime.fromtimestamp(looked.at, UTC).isoformat(timespec="seconds")
    generation = last_records(Path(basics.evolution_log), 1)
    today = tuple(counts.totals.days.get(at[:10], (0.0, 0.0)))
    now = gauges(found, looked, generation[0] if generation else None, today)
    return Figures(str(home.root), at.replace("+00:00", "Z"), (*now, *families_of(counts.totals)))
