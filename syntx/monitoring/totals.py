"""What is counted from logs over the life of a home (pure)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from syntx.monitoring.definitions import DEFINITIONS

MOST_VALUES = 50
"""So many values of a label are told apart; further ones count as `other`."""
MOST_CHARACTERS = 80
OTHER, UNKNOWN = "other", "unknown"

_DAYS_KEPT = 32

Key = tuple[str, ...]
"""The name of a metric and the values of its labels, in their order."""


@dataclass(slots=True)
class Totals:
    """Counters, histograms (a count per bucket, +Inf among them, then the sum), costs by day."""

    counters: dict[Key, float] = field(default_factory=dict)
    histograms: dict[Key, list[float]] = field(default_factory=dict)
    days: dict[str, list[float]] = field(default_factory=dict)
    """USD by day, UTC: that of real calls, and that of simulated ones."""
    values: dict[str, list[str]] = field(default_factory=dict)
    """The values each label was seen with, so that they stay bounded."""

    def count(self, name: str, *labels: object, by: float = 1.0) -> None:
        """Add to a counter."""
        key = self._key(name, labels)
        self.counters[key] = self.counters.get(key, 0.0) + by

    def observe(self, name: str, *labels: object, value: float) -> None:
        """Add a value to a histogram."""
        key, bounds = self._key(name, labels), DEFINITIONS[name].buckets
        row = self.histograms.setdefault(key, [0.0] * (len(bounds) + 2))
        row[bisect_left(bounds, value)] += 1
        row[-1] += value

    def spend(self, day: str, usd: float, *, simulated: bool) -> None:
        """Add to the cost of a day; only the newest days are kept."""
        self.days.setdefault(day, [0.0, 0.0])[simulated] += usd
        for old in sorted(self.days)[:-_DAYS_KEPT]:
            del self.days[old]

    def _key(self, name: str, labels: tuple[object, ...]) -> Key:
        names = DEFINITIONS[name].labels
        return (name, *map(self._bounded, names, map(_plain, labels)))

    def _bounded(self, label: str, value: str) -> str:
        known = self.values.setdefault(label, [])
        if value in known or not value:
            return value
        if len(known) >= MOST_VALUES:
            return OTHER
        known.append(value)
        return value


def _plain(value: object) -> str:
    """Return a label's value without what a terminal would obey."""
    if isinstance(value, bool):
        return str(value).lower()
    text = UNKNOWN if value is None else str(value)[:MOST_CHARACTERS]
    return "".join(char if char.isprintable() else "?" for char in text)


def to_json(totals: Totals) -> dict[str, Any]:
    """Return totals as plain JSON values."""
    return {
        "counters": [[*key, value] for key, value in totals.counters.items()],
        "histograms": [[*key, row] for key, row in totals.histograms.items()],
        "days": totals.days,
        "values": totals.values,
    }


def from_json(data: Mapping[str, Any]) -> Totals:
    """Read totals back; raises ValueError, TypeError or KeyError where they are damaged."""
    totals = Totals()
    for *key, value in data["counters"]:
        totals.counters[_known(key)] = float(value)
    for *key, row in data["histograms"]:
        name, *_ = _known(key)
        if len(row) != len(DEFINITIONS[name].buckets) + 2:
            raise ValueError(f"{name} has other buckets")
        totals.histograms[_known(key)] = [float(value) for value in row]
    for day, (real, simulated) in data["days"].items():
        totals.days[str(day)] = [float(real), float(simulated)]
    totals.values = {str(label): [*map(str, seen)] for label, seen in data["values"].items()}
    return totals


def _known(key: list[Any]) -> Key:
    name, *labels = map(str, key)
    if len(labels) != len(DEFINITIONS[name].labels):
        raise ValueError(f"{name} has other labels")
    return (name, *labels)
