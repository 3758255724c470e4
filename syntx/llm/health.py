"""Whether an endpoint may be asked now: a cool-down after failures, a stop after a bad key."""

from __future__ import annotations

from syntx.errors import ModelUnavailable, NotAuthorised, RateLimited, SyntxError, Temporary

REFUSALS = 3
"""So many refusals of our key in a row close an endpoint; a single one may be its hiccup."""


class Health:
    """Remembers what an endpoint's last calls came to; times are seconds of one clock."""

    def __init__(self, endpoint: str, cool_down: float, cool_down_after: int) -> None:
        self._endpoint = endpoint
        self._cool_down = cool_down
        self._after = cool_down_after
        self._failures = self._refusals = 0
        self._closed_until = float("-inf")
        self._refusal: NotAuthorised | None = None
        self._last = ""

    def cooling(self, now: float) -> bool:
        """Tell whether the endpoint is left alone now."""
        return now < self._closed_until

    def check(self, now: float) -> None:
        """Raise what asking now would come to, if the endpoint is left alone."""
        if not self.cooling(now):
            return
        if self._refusal is not None:
            known = self._refusal
            raise NotAuthorised(f"{known.message} (not asked again)", fix=known.fix)
        raise ModelUnavailable(
            f"{self._endpoint} failed {self._failures} times in a row; "
            f"it is left alone for another {self._closed_until - now:.0f} s{self._last}",
            fix="start or mend the endpoint, or ask another model",
        )

    def succeeded(self) -> None:
        """Note that a call was answered."""
        self._failures = self._refusals = 0
        self._refusal = None
        self._closed_until = float("-inf")

    def failed(self, error: SyntxError, now: float) -> None:
        """Note a failed call; too many of a kind in a row close the endpoint."""
        if isinstance(error, NotAuthorised):
            self._refusals += 1
            if self._refusals >= REFUSALS:
                self._refusal = error
                self._closed_until = now + self._cool_down
        elif isinstance(error, Temporary) and not isinstance(error, RateLimited):
            # An endpoint that says "slow down" is well; only silence and faults count.
            self._last = f" (last: {error.message})"
            self._count(now)
        else:
            self._failures = 0

    def _count(self, now: float) -> None:
        self._refusal = None
        self._failures += 1
        if self._failures >= self._after:
            self._closed_until = now + self._cool_down
