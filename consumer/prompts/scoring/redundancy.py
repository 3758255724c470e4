"""Non-redundancy: no field says what another said, and nothing runs in circles."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from itertools import pairwise

from consumer.prompts.scoring.part import Material, Part
from consumer.prompts.scoring.words import ramp

_ONE_COPY = 0.25  # what is left when a single field only repeats another
# Bytes of text, and the compressed share that plain German or English prose of that size has.
_USUAL = (
    (0, 1.0),
    (200, 0.75),
    (500, 0.62),
    (1000, 0.54),
    (2000, 0.48),
    (5000, 0.42),
    (20000, 0.36),
)


def non_redundancy(material: Material) -> Part:
    """Score repetition between fields, inside the answer, and by how well it compresses."""
    shares = _copied(material.field_words.values())
    copied = max(shares, default=0.0)
    mean = sum(shares) / max(1, len(shares))
    repeated = _repeated(material.all_words)
    density = _density(material.legible_answer)
    value = (
        max(_ONE_COPY, ramp(copied, 0.9, 0.3))
        * ramp(mean, 0.5, 0.1)
        * ramp(repeated, 0.45, 0.2)
        * ramp(density, 0.45, 0.8)
    )
    reason = f"{copied:.0%} copied between fields, {repeated:.0%} of four-word runs repeated"
    measures = {
        "copied": round(copied, 3),
        "repetition": round(repeated, 3),
        "density": round(density, 3),
    }
    return Part(value, reason, measures)


def _copied(fields: Iterable[list[str]]) -> list[float]:
    """Return per field the share of its five-word runs that stand in an earlier field."""
    seen: set[tuple[str, ...]] = set()
    shares = []
    for found in fields:
        runs = set(_runs(found, min(5, max(1, len(found)))))
        shares.append(len(runs & seen) / len(runs) if len(found) >= 2 else 0.0)
        seen |= runs
    return shares


def _repeated(found: list[str]) -> float:
    runs = list(_runs(found, 4))
    return 1 - len(set(runs)) / len(runs) if runs else 0.0


def _runs(found: list[str], length: int) -> Iterable[tuple[str, ...]]:
    return zip(*(found[offset:] for offset in range(length)), strict=False)


def _density(text: str) -> float:
    """Return the compressed size against what prose of that length compresses to."""
    raw = text.encode("utf-8", "replace")
    if len(raw) < 200:
        return 1.0
    return len(zlib.compress(raw, 6)) / len(raw) / _usual(len(raw))


def _usual(size: int) -> float:
    for (low, high_share), (high, low_share) in pairwise(_USUAL):
        if size < high:
            return high_share + (low_share - high_share) * (size - low) / (high - low)
    return _USUAL[-1][1]
