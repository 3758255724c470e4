"""How many prompts are wanted now: the state of the queue decides."""

from __future__ import annotations

from enum import StrEnum

from syntx.settings.models import Production, Thresholds


class QueueState(StrEnum):
    """How full the queue is."""

    STARVING = "STARVING"
    LOW = "LOW"
    BALANCED = "BALANCED"
    HIGH = "HIGH"
    OVERFLOW = "OVERFLOW"


def queue_state(waiting: int, thresholds: Thresholds) -> QueueState:
    """Return the state for a number of waiting jobs; the bounds are inclusive."""
    bounds = (
        (thresholds.starving, QueueState.STARVING),
        (thresholds.low, QueueState.LOW),
        (thresholds.balanced, QueueState.BALANCED),
        (thresholds.high, QueueState.HIGH),
    )
    return next((state for bound, state in bounds if waiting <= bound), QueueState.OVERFLOW)


def demand(state: QueueState, production: Production) -> int:
    """Return how many prompts are wanted in a state of the queue."""
    wanted: int = getattr(production, state.value.lower())
    return wanted
