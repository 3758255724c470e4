"""What each part of a score cost, worked out from what the score itself records."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from syntx.job import Score


@dataclass(frozen=True, slots=True)
class Item:
    """One part, gate or the fields' factor: its value, and the points lost by it.

    `weight` is None for a factor, `lost` None where the score does not record enough to tell.
    """

    name: str
    value: float
    weight: float | None
    lost: float | None
    reason: str


def account(score: Score) -> list[Item]:
    """Return every part and every factor below 1; the points lost sum to what 100 lacks.

    A loss is shared out by logarithms, as the parts are multiplied: each gets its share of the
    distance to a perfect answer.
    """
    present = _present(score)
    values = {**score.parts, **({"fields": present} if present < 1 else {})}
    lost = _shared(_distances(score, values), 100 - _own_total(score)) if score.weights else {}
    reasons = _reasons(score)
    return [
        Item(name, value, score.weights.get(name), lost.get(name), reasons.get(name, ""))
        for name, value in values.items()
    ]


def _own_total(score: Score) -> int:
    """Return the total the parts make, whatever stands in front of them."""
    return int(_measure(score, "score_total", score.total))


def _present(score: Score) -> float:
    return _measure(score, "present", score.completeness / 100)


def _measure(score: Score, name: str, otherwise: float) -> float:
    """Return a measure that is a number; what another program wrote there may be anything."""
    found = score.measures.get(name)
    return float(found) if isinstance(found, int | float) else otherwise


def _distances(score: Score, values: Mapping[str, float]) -> dict[str, float]:
    """Return how far each value holds the score down; what costs nothing for sure has 0."""
    parts = {
        name: weight * _distance(values.get(name, 1.0)) if weight else 0.0
        for name, weight in score.weights.items()
    }
    whole = sum(parts.values())
    calibrated = _distance(_measure(score, "calibrated", 1.0))
    if math.isinf(whole) or not whole:
        shared = parts
    else:
        shared = {name: calibrated * part / whole for name, part in parts.items()}
    factors = {name: _distance(value) for name, value in values.items() if name not in parts}
    return {**shared, **factors}


def _distance(value: float) -> float:
    return max(0.0, -math.log(value)) if value > 0 else math.inf


def _shared(distances: Mapping[str, float], points: float) -> dict[str, float]:
    endless = [name for name, far in distances.items() if math.isinf(far)]
    if endless:
        return {name: points / len(endless) if name in endless else 0.0 for name in distances}
    whole = sum(distances.values())
    if not whole:
        return dict.fromkeys(distances, 0.0)
    return {name: points * far / whole for name, far in distances.items()}


def _reasons(score: Score) -> dict[str, str]:
    """Read the reasons off the explanation, whose lines begin with the name they are about."""
    reasons = {}
    for line in score.explanation:
        head, _, reason = line.partition(": ")
        name, _, figure = head.partition(" ")
        if figure[:1].isdigit() or figure.startswith("×"):
            reasons[name] = reason.removesuffix(".")
    return reasons
