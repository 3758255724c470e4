"""What evolution.jsonl alone tells of a run: shares of styles, evenness, lift."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from observing import log_lines

from syntx.home import Home

WINDOW = 5
"""Every style has its share in so many generations after one another."""

Line = dict[str, Any]


def lines_of(home: Home) -> list[Line]:
    """Return the lines of a home's generations."""
    return log_lines(home, "evolution")


def style_shares(lines: Sequence[Line]) -> Iterator[dict[str, float]]:
    """Yield the share of every style in each window of generations."""
    styles = {style for line in lines for style in line["styles"]}
    for start in range(len(lines) - WINDOW + 1):
        counts: Counter[str] = Counter()
        for line in lines[start : start + WINDOW]:
            counts.update(line["styles"])
        yield {style: counts[style] / counts.total() for style in styles}


def least_share(lines: Sequence[Line]) -> float:
    """Return the smallest share any style ever had in a window."""
    return min(min(shares.values()) for shares in style_shares(lines))


def mono_style(lines: Sequence[Line]) -> list[int]:
    """Return the generations that used a single style."""
    return [line["generation"] for line in lines if len(line["styles"]) < 2]


def means(lines: Sequence[Line], arm: str) -> list[float]:
    """Return what an arm scored in each generation, as the following line tells it."""
    told = [line["previous"][arm] for line in lines if line["previous"]]
    return [mean for mean in told if mean is not None]
