"""What a simulator has done so far, for tests to count."""

from __future__ import annotations

from collections import Counter
from typing import Any


class Stats:
    """Counts calls by API, answers by kind, and faults by name."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.answers: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()

    def as_json(self) -> dict[str, Any]:
        """Return the counts as they go over the wire."""
        return {
            "calls": dict(self.calls),
            "answers": dict(self.answers),
            "faults": dict(self.faults),
            "total": self.calls.total(),
            "simulated": True,
        }
