"""Substance: per field, content words that nobody gave the model and no earlier field used."""

from __future__ import annotations

import math

from consumer.prompts.scoring.part import Material, Part
from consumer.prompts.scoring.words import stems
from syntx.wrappers import Field

_PLENTY = 2  # times its least number of words: so many new content words a field needs
_LEAST_PLENTY = 10
_EASE = 0.35
_TAKEN_UP = 0.3  # what a word counts that an earlier field said already


def substance(material: Material) -> Part:
    """Score half by the weighted mean over the fields, half by the poorest that was answered."""
    given, seen = material.given_stems, set[str]()
    new: dict[str, float] = {}
    for key, found in material.field_words.items():
        own = stems(found) - given
        new[key] = len(own - seen) + _TAKEN_UP * len(own & seen)
        seen |= own
    fields = material.wrapper.fields
    if not new:
        return Part(0.0, "there is no text to judge", {"new_words": new})
    values = {field.key: _saturated(new.get(field.key, 0) / _plenty(field)) for field in fields}
    mean = sum(values[key] * weight for key, weight in material.weights.items())
    answered = [field for field in fields if field.key in new]
    poorest = min(answered, key=lambda field: values[field.key])
    share = sum(material.weights[field.key] for field in answered)
    value = 0.5 * mean + 0.5 * values[poorest.key] * share
    counts = {key: round(count) for key, count in new.items()}
    least = counts.get(poorest.key, 0)
    words = f"{least} content word{'' if least == 1 else 's'}"
    reason = f"poorest field is {poorest.heading} with {words} of its own"
    return Part(value, reason, {"new_words": counts})


def _plenty(field: Field) -> float:
    return max(_LEAST_PLENTY, _PLENTY * field.min_words)


def _saturated(share: float) -> float:
    return min(1.0, (1 - math.exp(-share / _EASE)) / (1 - math.exp(-1 / _EASE)))
