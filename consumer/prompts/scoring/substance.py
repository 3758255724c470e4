"""Substance: per field, content words that nobody gave the model and no earlier field used."""

from __future__ import annotations

import math

from consumer.prompts.scoring.part import Material, Part
from consumer.prompts.scoring.words import stems

_PLENTY = 10  # distinct new content words in a field beyond which more earn nothing
_EASE = 3.5


def substance(material: Material) -> Part:
    """Score half by the weighted mean over the fields, half by the poorest field."""
    seen = set(material.given_stems)
    new: dict[str, int] = {}
    for key, found in material.field_words.items():
        fresh = stems(found) - seen
        new[key] = len(fresh)
        seen |= fresh
    fields = material.wrapper.fields
    if not new:
        return Part(0.0, "there is no text to judge", {"new_words": new})
    values = {field.key: _saturated(new.get(field.key, 0)) for field in fields}
    mean = sum(values[key] * weight for key, weight in material.weights.items())
    poorest = min(fields, key=lambda field: values[field.key])
    value = 0.5 * mean + 0.5 * values[poorest.key]
    count = new.get(poorest.key, 0)
    reason = f"poorest field is {poorest.heading} with {count} new content words"
    return Part(value, reason, {"new_words": new})


def _saturated(count: int) -> float:
    return min(1.0, (1 - math.exp(-count / _EASE)) / (1 - math.exp(-_PLENTY / _EASE)))
