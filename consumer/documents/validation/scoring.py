"""The quality of a document in numbers: what counts how much, and how far a judge may move it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from consumer.documents.validation.places import Finding

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"criteria": 0.35, "kpis": 0.25, "structure": 0.20, "format": 0.10, "data_type": 0.10}
)
"""Shares of the score; where nobody asked for one of them, the others share its part."""

PRICES: Mapping[str, float] = MappingProxyType({"error": 0.25, "gap": 0.15, "remark": 0.03})
"""What one finding takes off the share of the structure."""

JUDGE_SHARE = 0.15
"""How far, up or down, a judge may move the score."""


def structure_share(findings: Iterable[Finding]) -> float:
    """Return 1 for a structure without findings, down to 0."""
    return max(0.0, 1.0 - sum(PRICES[finding.weight] for finding in findings))


def quality(shares: Mapping[str, float | None], judged: float | None = None) -> float:
    """Return the weighted score in 0..1; None is what nobody asked for.

    A judge's own score moves it by at most JUDGE_SHARE.
    """
    asked = {name: share for name, share in shares.items() if share is not None}
    weight = sum(WEIGHTS[name] for name in asked)
    score = sum(WEIGHTS[name] * _within(share) for name, share in asked.items()) / (weight or 1.0)
    if judged is not None:
        score += max(-JUDGE_SHARE, min(JUDGE_SHARE, judged - score))
    return round(_within(score), 4)


def _within(share: float) -> float:
    return max(0.0, min(1.0, share))
