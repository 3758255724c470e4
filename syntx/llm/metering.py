"""What a call cost; pure."""

from __future__ import annotations

from syntx.llm.catalogue import Price
from syntx.llm.contract import Usage

_MILLION = 1_000_000


def input_cost_of(usage: Usage, price: Price | None) -> float | None:
    """Return what the prompt alone cost in USD, or None when that is unknown."""
    if price is None or usage.input is None:
        return None
    return round(usage.input * price.input / _MILLION, 12)


def cost_of(usage: Usage, price: Price | None) -> float | None:
    """Return USD, or None when the price or a token count is unknown."""
    if price is not None and price.input == price.output == 0:
        return 0.0
    if price is None or usage.input is None or usage.output is None:
        return None
    return round((usage.input * price.input + usage.output * price.output) / _MILLION, 12)
