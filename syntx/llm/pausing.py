"""How long to pause before the next try, and when to stop trying; pure decisions."""

from __future__ import annotations

from dataclasses import dataclass

from syntx.errors import Temporary

LONGEST_PAUSE = 3600.0
"""Seconds; an endpoint that asks for more is better asked again by a later job."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential pauses with full jitter: `first`, doubled each time, at most `most` (seconds)."""

    first: float
    most: float

    def pause(self, tries: int, error: Temporary, chance: float) -> float:
        """Return the pause after `tries` failed tries, `chance` in 0..1 being the jitter.

        It is never shorter than the endpoint asked for.
        """
        ceiling = min(self.most, self.first * 2.0 ** min(tries - 1, 60))
        asked = error.delay or 0.0
        # On top of what was asked, else all waiting callers come back at the same instant.
        return asked + ceiling * chance


def worth_waiting(pause: float, left: float | None) -> bool:
    """Tell whether a pause ends before the deadline, `left` seconds from now (None: none)."""
    return pause < (LONGEST_PAUSE if left is None else left)
