from __future__ import annotations

import pytest

from syntx.demand import demand, queue_state
from syntx.settings.models import Production, Thresholds


@pytest.mark.parametrize(
    ("waiting", "state", "prompts"),
    [
        (0, "STARVING", 20),
        (1, "LOW", 15),
        (4, "LOW", 15),
        (5, "BALANCED", 10),
        (24, "BALANCED", 10),
        (25, "HIGH", 0),
        (49, "HIGH", 0),
        (50, "OVERFLOW", 0),
    ],
)
def test_the_queue_says_how_many_prompts_are_wanted(waiting: int, state: str, prompts: int) -> None:
    """The bounds are inclusive, and each state has its number of prompts."""
    found = queue_state(waiting, Thresholds())
    assert (found, demand(found, Production())) == (state, prompts)


def test_bounds_come_from_the_settings() -> None:
    """Other thresholds give other states."""
    assert queue_state(9, Thresholds(starving=1, low=8, balanced=9, high=10)) == "BALANCED"
