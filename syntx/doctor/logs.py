"""Whether the logs are packed, and none of their files leads nowhere."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from syntx.doctor.report import Found, failed, ok, skipped, warning
from syntx.doctor.subject import Subject
from syntx.journal.names import NAMES
from syntx.journal.packing import packable


def look(subject: Subject) -> Iterator[Found]:
    """Give links that lead nowhere, and months that are not packed where packing is wanted."""
    logs = subject.logs
    if not logs.is_dir():
        yield skipped(f"there are no logs in {logs} yet")
        return
    lost = [path for path in sorted(logs.glob("*.jsonl*")) if not path.exists()]
    left = unpacked(subject) if subject.settings.system.logging.compress else []
    if lost:
        text = f"{lost[0]} is a link that leads nowhere; its log cannot be packed"
        yield failed(text, subject.calling.as_owner(f"rm {shlex.quote(str(lost[0]))}"))
    elif left:
        size = sum(path.stat().st_size for path in left) / 1e6
        days = "1 day" if len(left) == 1 else f"{len(left)} days"
        text = f"{days} of past months ({size:,.1f} MB) wait to be packed in {logs}"
        yield warning(text, subject.calling.line("logs", "pack"))
    else:
        yield ok(f"{logs} is in order")


def unpacked(subject: Subject, now: datetime | None = None) -> list[Path]:
    """Return the days of logs that `syntx logs pack` would pack now."""
    told = subject.settings.evolution.logging.evolution_log
    evolution = subject.home.path(told, "logs/evolution.jsonl")
    logs = {subject.logs / f"{name}.jsonl" for name in NAMES if name != "evolution"}
    today = f"{now or datetime.now(UTC):%Y-%m-%d}"
    return [day for log in sorted({*logs, evolution}) for day in packable(log, today=today)]
