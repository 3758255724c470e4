"""Logs that grow, read further at each look: today's calls, and answers per minute."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from syntx.journal.files import Position, last_lines, read_since
from syntx.top.view import Today

MINUTES = 60
"""So many minutes of answers are shown."""

_FIRST_LINES, _MOST_LINES = 1 << 11, 1 << 17
"""So many of the newest lines are read at first, and at most, to reach back to a moment."""


class Calls:
    """Adds up the answered calls of the present day (UTC)."""

    def __init__(self, path: Path) -> None:
        self._log = _Growing(path)
        self._sums = Today("", 0, 0.0, "USD", 0, False, True)

    def read(self, now: datetime) -> Today:
        """Read what is new and return the sums of the day of `now`."""
        day = now.astimezone(UTC).date().isoformat()
        first = not self._sums.day
        if day != self._sums.day:
            self._sums = Today(day, 0, 0.0, self._sums.currency, 0, False, True)
        records = self._log.read(day)
        for record in records:
            if _moment(record)[:10] == day:
                self._sums = _with(self._sums, record)
        if first and len(records) >= _MOST_LINES and _moment(records[0]) >= day:
            self._sums = replace(self._sums, complete=False)
        return self._sums


class Answers:
    """Counts the answers of target models in each of the last minutes."""

    def __init__(self, path: Path) -> None:
        self._log = _Growing(path)
        self._minutes: Counter[str] = Counter()

    def read(self, now: datetime) -> tuple[int, ...]:
        """Read what is new and return the numbers of the last minutes, oldest first."""
        minutes = [_minute(now - timedelta(minutes=ago)) for ago in range(MINUTES - 1, -1, -1)]
        records = self._log.read(minutes[0])
        self._minutes.update(_moment(record)[:16] for record in records if record.get("success"))
        self._minutes = Counter({minute: self._minutes[minute] for minute in minutes})
        return tuple(self._minutes[minute] for minute in minutes)


class _Growing:
    """A log of which each line is read once, those behind some moment at first."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._position: Position | None = None

    def read(self, since: str) -> list[dict[str, Any]]:
        """Return what is new; at first what `since` (the beginning of a time, UTC) has seen."""
        if self._position is None:
            records, self._position = _reaching_back(self._path, since)
        else:
            records, self._position = read_since(self._path, self._position)
        return records


def _reaching_back(path: Path, since: str) -> tuple[list[dict[str, Any]], Position]:
    """Return the newest records, back to before `since` if there are not too many."""
    wanted = _FIRST_LINES
    while True:
        lines, position = last_lines(path, wanted)
        records = [record for record in map(_parsed, lines) if record is not None]
        is_all = len(lines) < wanted or wanted >= _MOST_LINES
        if is_all or (records and _moment(records[0]) < since):
            return records, position
        wanted *= 4


def _parsed(line: bytes) -> dict[str, Any] | None:
    """Return a record, or None for a torn line."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _moment(record: dict[str, Any]) -> str:
    return str(record.get("timestamp") or "")


def _minute(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()[:16]


def _with(sums: Today, record: dict[str, Any]) -> Today:
    cost = record.get("total_cost")
    known = float(cost) if isinstance(cost, int | float) else None
    return Today(
        sums.day,
        sums.calls + 1,
        sums.cost + (known or 0.0),
        str(record.get("currency") or sums.currency),
        sums.unpriced + (known is None),
        sums.simulated or bool(record.get("simulated")),
        sums.complete,
    )
