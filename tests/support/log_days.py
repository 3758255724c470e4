"""Logs of many days, made quickly, and what is in them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from syntx.journal.appending import Journal, Unreadable, to_line
from syntx.journal.files import read_all


def day(number: int, first: str = "2026-09-01") -> str:
    """Return a day, counted from the first one."""
    return str(date.fromisoformat(first) + timedelta(number))


def line(number: int | str, on: str) -> bytes:
    """Return a line of that day."""
    return to_line({"event_id": str(number), "timestamp": f"{on}T12:00:00Z", "text": "ü" * 20})


def write(journal: Journal, *numbers: int | str, on: str) -> None:
    """Write lines of a day, one by one."""
    for number in numbers:
        journal.append_lines(line(number, on), day=on)


def write_days(path: Path, days: int, first: str = "2026-09-01") -> list[str]:
    """Write two lines a day; returns all IDs in their order."""
    journal = Journal(path)
    for number in range(days):
        write(journal, f"{number}a", f"{number}b", on=day(number, first))
    journal.close()
    return [f"{number}{half}" for number in range(days) for half in "ab"]


def ids(path: Path) -> list[str]:
    """Return the IDs of all lines in the order they are read; torn ones are None."""
    found = read_all(path)
    return ["torn" if isinstance(one, Unreadable) else str(one["event_id"]) for one in found]


def names(path: Path) -> list[str]:
    """Return what lies in the folder of a log."""
    return sorted(one.name for one in path.parent.iterdir())
