from __future__ import annotations

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


def test_the_call_that_could_exceed_the_budget_is_not_made() -> None:
    """Spent and reserved together never pass the ceiling."""
    budget = Budget(Ledger(), daily=1.0)
    budget.reserve(0.6)
    with pytest.raises(BudgetReached, match=r"daily budget of 1\.00 USD"):
        budget.reserve(0.5)


def test_what_a_call_did_not_cost_is_free_again() -> None:
    """A reservation gives way to the true cost."""
    ledger = Ledger()
    budget = Budget(ledger, daily=1.0)
    budget.reserve(0.9)
    budget.settle(0.9, 0.1)
    budget.reserve(0.9)
    assert ledger.total == pytest.approx(0.1)


def test_spending_is_remembered_without_a_ceiling() -> None:
    """The ledger knows what was spent even when nothing limits it."""
    ledger = Ledger()
    budget = Budget(ledger, daily=None)
    budget.reserve(100.0)
    budget.settle(100.0, 2.5)
    assert ledger.total == 2.5


def test_a_call_without_an_answer_costs_nothing() -> None:
    """An unknown or absent cost adds nothing."""
    ledger = Ledger()
    Budget(ledger, daily=5.0).settle(0.0, None)
    assert ledger.total == 0.0
