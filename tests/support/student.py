"""Student's t by numerical integration, to check what the code works out in closed form."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist, variance


def margin(one: Sequence[float], other: Sequence[float], z: float) -> float:
    """Return Welch's half-width where `z` is the normal quantile that t stands in for."""
    parts = [variance(each) / len(each) for each in (one, other)]
    whole = sum(parts)
    if not whole:
        return 0.0
    sizes = len(one) - 1, len(other) - 1
    df = whole**2 / sum(part**2 / size for part, size in zip(parts, sizes, strict=True))
    return quantile(NormalDist().cdf(z), df) * math.sqrt(whole)


def quantile(p: float, df: float) -> float:
    """Return the quantile of Student's t with `df` degrees of freedom, for p above a half."""
    low, high = 0.0, 100.0
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (middle, high) if 0.5 + _area(middle, df) < p else (low, middle)
    return low


def _area(end: float, df: float, steps: int = 400) -> float:
    """Integrate the density from 0 to `end` by Simpson's rule."""
    scale = math.exp(math.lgamma((df + 1) / 2) - math.lgamma(df / 2)) / math.sqrt(df * math.pi)
    width = end / steps
    weights = [1, *([4, 2] * (steps // 2))[:-1], 1]
    points = ((1 + (k * width) ** 2 / df) ** (-(df + 1) / 2) for k in range(steps + 1))
    return scale * width / 3 * sum(w * y for w, y in zip(weights, points, strict=True))
