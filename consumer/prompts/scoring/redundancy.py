"""Non-redundancy: no field says what another said, and nothing runs in circles."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from itertools import pairwise

from consumer.prompts.scoring.part import Material, Part
from consumer.prompts.scoring.words import ramp

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
    copied = _copied(material.field_words.values())
    repeated = _repeated(material.all_words)
    density = _density(material.answer)
    value = ramp(copied, 0.6, 0.2) * ramp(repeated, 0.45, 0.2) * ramp(density, 0.45, 0.8)
    reason = f"{copied:.0%} copied between fields, {repeated:.0%} of four-word runs repeated"
    measures = {
        "copied": round(copied, 3),
        "repetition": round(repeated, 3),
        "density": round(density, 3),
    }
    return Part(value, reason, measures)


def _copied(fields: Iterable[list[str]]) -> float:
    """Return the largest share of a field's five-word runs that stand in an earlier field."""
    seen: set[tuple[str, ...]] = set()
    worst = 0.0
    for found in fields:
        runs = set(_runs(found, min(5, max(1, len(found)))))
        if runs and len(found) >= 3:
            worst = max(worst, len(runs & seen) / len(runs))
        seen |= runs
    return worst


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
