"""The curve of the generations, taken out of the lines of their log (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from syntx.top.view import Gain, Generation


def generations(records: Sequence[Mapping[str, Any]]) -> tuple[Generation, ...]:
    """Return how each generation did, oldest first; a line tells of the one scored before it."""
    found: dict[int, Generation] = {}
    for record in records:
        told = record.get("previous")
        if isinstance(told, dict) and isinstance(number := told.get("generation"), int):
            found[number] = Generation(
                number,
                _whole(told.get("n")),
                mean=_number(told.get("mean")),
                control=_number(told.get("control")),
                steered=_number(told.get("steered")),
            )
    return tuple(found[number] for number in sorted(found))


def gain(records: Sequence[Mapping[str, Any]]) -> Gain | None:
    """Return what steering gains by the newest line that tells of it."""
    for record in reversed(records):
        told = record.get("lift")
        if isinstance(told, dict):
            return Gain(
                difference=_number(told.get("difference")),
                low=_number(told.get("low")),
                high=_number(told.get("high")),
                n_steered=_whole(told.get("n_steered")),
                n_control=_whole(told.get("n_control")),
            )
    return None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
