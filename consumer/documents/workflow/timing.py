"""How long a job may still be worked at: what earlier runs took counts."""

from __future__ import annotations

import time
from collections.abc import Callable


class Stopwatch:
    """Counts the seconds of all runs of a job, of which there are `limit`; begins at once."""

    def __init__(
        self, limit: float, used: float = 0.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.limit = limit
        self._clock = clock
        self._began = clock() - used

    @property
    def used(self) -> float:
        """The seconds used so far."""
        return self._clock() - self._began

    @property
    def left(self) -> float:
        """The seconds that are left, 0 or less when the time is up."""
        return self.limit - self.used

    def begin_anew(self) -> None:
        """Forget what was used."""
        self._began = self._clock()
