from __future__ import annotations

import asyncio

import pytest

from producer.budget import Budget, BudgetReached


class Ledger:
    """A ledger in memory, for one day."""

    def __init__(self) -> None:
        self.total = 0.0

    def spent(self, day: str) -> float:
        return self.total

    def spend(self, day: str, cost: float) -> None:
        self.total += cost


async def test_the_call_that_could_exceed_the_budget_is_not_made() -> None:
    """Spent and reserved together never pass the ceiling."""
    ledger = Ledger()
    budget = Budget(ledger, daily=1.0)
    await budget.reserve(0.6)
    await budget.settle(0.6, 0.6)
    with pytest.raises(BudgetReached, match="daily budget of 1 USD"):
        await budget.reserve(0.5)


async def test_a_call_waits_for_those_in_flight() -> None:
    """A reservation that may turn out cheaper holds the next call back, and no longer."""
    budget = Budget(Ledger(), daily=1.0)
    await budget.reserve(0.6)
    second = asyncio.create_task(budget.reserve(0.6))
    await asyncio.sleep(0)
    assert not second.done()
    await budget.settle(0.6, 0.1)
    await second


async def test_what_a_call_did_not_cost_is_free_again() -> None:
    """A reservation gives way to the true cost."""
    ledger = Ledger()
    budget = Budget(ledger, daily=1.0)
    await budget.reserve(0.9)
    await budget.settle(0.9, 0.1)
    await budget.reserve(0.9)
    assert ledger.total == pytest.approx(0.1)


async def test_spending_is_remembered_without_a_ceiling() -> None:
    """The ledger knows what was spent even when nothing limits it."""
    ledger = Ledger()
    budget = Budget(ledger, daily=None)
    await budget.reserve(100.0)
    await budget.settle(100.0, 2.5)
    assert ledger.total == 2.5


async def test_a_call_without_an_answer_costs_nothing() -> None:
    """An unknown or absent cost adds nothing."""
    ledger = Ledger()
    await Budget(ledger, daily=5.0).settle(0.0, None)
    assert ledger.total == 0.0
