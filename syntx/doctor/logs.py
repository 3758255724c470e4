"""Whether the logs are packed and have room."""

from __future__ import annotations

from collections.abc import Iterator

from syntx.doctor.report import Found, ok, skipped, warning
from syntx.doctor.space import packable
from syntx.doctor.subject import Subject


def look(subject: Subject) -> Iterator[Found]:
    """Give months that are over and not packed, where packing is wanted."""
    logs = subject.logs
    if not logs.is_dir():
        yield skipped(f"there are no logs in {logs} yet")
        return
    left = packable(logs) if subject.settings.system.logging.compress else []
    if left:
        size = sum(path.stat().st_size for path in left) / 1e6
        days = "1 day" if len(left) == 1 else f"{len(left)} days"
        text = f"{days} of past months ({size:,.1f} MB) wait to be packed in {logs}"
        yield warning(text, subject.calling.line("logs", "pack"))
    else:
        yield ok(f"{logs} is in order")
