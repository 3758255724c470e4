"""How full the queue is, and how many prompts are wanted then."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class QueueState(StrEnum):
    """How full the queue is."""

    STARVING = "STARVING"
    LOW = "LOW"
    BALANCED = "BALANCED"
    HIGH = "HIGH"
    OVERFLOW = "OVERFLOW"


class Thresholds(Protocol):
    """Inclusive upper bounds of waiting jobs for each state of the queue."""

    @property
    def starving(self) -> int:
        """The bound of a queue that starves."""

    @property
    def low(self) -> int:
        """The bound of a low one."""

    @property
    def balanced(self) -> int:
        """The bound of a balanced one."""

    @property
    def high(self) -> int:
        """The bound of a high one; above it is overflow."""


def queue_state(waiting: int, thresholds: Thresholds) -> QueueState:
    """Return the state for a number of waiting jobs; the bounds are inclusive."""
    bounds = (
        (thresholds.starving, QueueState.STARVING),
        (thresholds.low, QueueState.LOW),
        (thresholds.balanced, QueueState.BALANCED),
        (thresholds.high, QueueState.HIGH),
    )
    return next((state for bound, state in bounds if waiting <= bound), QueueState.OVERFLOW)


def demand(state: QueueState, production: object) -> int:
    """Return how many prompts are wanted in a state, as the attribute of its name says."""
    wanted: int = getattr(production, state.value.lower())
    return wanted
