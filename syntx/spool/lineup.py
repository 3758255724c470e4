"""The order of the queue in memory: the smallest names that wait, and retries by due time."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from datetime import datetime

from syntx.spool.layout import parse_due

LIMIT = 50_000


class Lineup:
    """The smallest waiting names; a name that another took meanwhile is found out by renaming."""

    def __init__(self, limit: int = LIMIT) -> None:
        self.truncated = False
        """Whether there may be waiting names that are not in here."""
        self._limit = limit
        self._heap: list[str] = []
        self._names: set[str] = set()
        self._high = ""
        self._since: set[str] = set()

    def __len__(self) -> int:
        return len(self._heap)

    @property
    def low(self) -> bool:
        """Whether so few are left that the folder should be read again."""
        return len(self._heap) <= self._limit // 10

    @property
    def first(self) -> str | None:
        """The smallest name, or None."""
        return self._heap[0] if self._heap else None

    def add(self, name: str) -> None:
        """Add a name that came to wait."""
        if name in self._names or (self.truncated and name > self._high):
            return
        self._names.add(name)
        self._since.add(name)
        heapq.heappush(self._heap, name)

    def pop(self) -> str:
        """Take the smallest name out; raises IndexError when there is none."""
        name = heapq.heappop(self._heap)
        self._names.discard(name)
        return name

    def scan_begins(self) -> None:
        """Remember from here on what is added, since the scan may not see it."""
        self._since.clear()

    def scan_ended(self, names: Iterable[str], *, truncated: bool) -> None:
        """Take over what a scan found; `truncated` says that there are larger names besides."""
        self._names = self._since.union(names)
        if len(self._names) > self._limit:
            self._names = set(heapq.nsmallest(self._limit, self._names))
            truncated = True
        self._since.clear()
        self._heap = sorted(self._names)
        self.truncated = truncated
        self._high = self._heap[-1] if self._heap else ""


class Delays:
    """Retries by when they are due, on the monotonic clock.

    A retry's name carries its due time in UTC; the wait is measured once, when the name is
    first seen, and capped, so that a jump of the clock neither strands nor stampedes jobs.
    """

    def __init__(
        self, max_delay: float, now: Callable[[], datetime], monotonic: Callable[[], float]
    ) -> None:
        self._max_delay = max_delay
        self._now = now
        self._monotonic = monotonic
        self._due: dict[str, float] = {}
        self._heap: list[tuple[float, str]] = []

    @property
    def next_due(self) -> float | None:
        """When the next retry is due on the monotonic clock, or None."""
        return self._heap[0][0] if self._heap else None

    def see(self, names: Iterable[str]) -> None:
        """Take over the names that lie in `retry/` now; those that tell no due time are none."""
        known, self._due = self._due, {}
        for name in names:
            # There may be very many, and to read a due time from a name is slow.
            if name in known:
                self._due[name] = known[name]
            elif parse_due(name) is not None:
                self._due[name] = self._deadline(name)
        self._heap = [(due, name) for name, due in self._due.items()]
        heapq.heapify(self._heap)

    def add(self, name: str) -> None:
        """Add a retry of our own."""
        if name not in self._due:
            self._due[name] = self._deadline(name)
            heapq.heappush(self._heap, (self._due[name], name))

    def pop_due(self) -> list[str]:
        """Take out the names that are due, in their order."""
        now = self._monotonic()
        due = []
        while self._heap and self._heap[0][0] <= now:
            _, name = heapq.heappop(self._heap)
            del self._due[name]
            due.append(name)
        return sorted(due)

    def _deadline(self, name: str) -> float:
        parsed = parse_due(name)
        left = 0.0 if parsed is None else (parsed[0] - self._now()).total_seconds()
        return self._monotonic() + min(max(left, 0.0), self._max_delay)
