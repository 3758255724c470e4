"""What may be spent on a UTC day: a call is reserved before it is made."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Protocol

from syntx.errors import SyntxError


class BudgetReached(SyntxError):
    """The next call could exceed the day's budget; the plan waits for tomorrow."""

    exit_code = 75
    reason = "budget"


class Ledger(Protocol):
    """Remembers what was spent on a day, in USD."""

    def spent(self, day: str) -> float:
        """Return what was spent on a day (YYYY-MM-DD)."""

    def spend(self, day: str, cost: float) -> None:
        """Add to a day's spending."""


class Budget:
    """Lets calls pass while their most expensive outcome stays below the ceiling (USD)."""

    def __init__(self, ledger: Ledger, daily: float | None) -> None:
        self._ledger = ledger
        self._daily = daily
        self._reserved = 0.0
        self._settled = asyncio.Condition()

    async def reserve(self, most: float) -> None:
        """Set aside the most a call can cost, waiting for calls in flight that may cost less.

        Raises BudgetReached when what was spent leaves no room for it.
        """
        if self._daily is None:
            return
        async with self._settled:
            while (spent := self._ledger.spent(_today())) + self._reserved + most > self._daily:
                if self._reserved <= 0 or spent + most > self._daily:
                    raise BudgetReached(
                        f"the daily budget of {self._daily:g} USD is reached: "
                        f"{spent:.6f} USD spent, the next call could cost {most:.6f} USD",
                        fix="raise budget.daily in generator.yaml, or wait for the next UTC day",
                    )
                await self._settled.wait()
            self._reserved += most

    async def settle(self, most: float, cost: float | None) -> None:
        """Replace a reservation by what the call did cost (None: unknown, or no answer)."""
        try:
            if cost:
                self._ledger.spend(_today(), cost)
        finally:
            async with self._settled:
                self._reserved = max(0.0, self._reserved - most)
                self._settled.notify_all()


def _today() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d")
