"""Length and tokens: near what the wrapper asks for, and nothing around the fields."""

from __future__ import annotations

import math

from consumer.prompts.scoring.part import Material, Part
from consumer.prompts.scoring.words import ramp, words

_USUAL = 6  # an ordinary field has this many times its least number of words
_WIDE = math.log(5)  # within a factor of five of the target, length costs nothing
_SPREAD = math.log(2.5)
_LEAST_AROUND = 0.4
_DROWNED = (0.9, 0.8)  # shares of text around the fields: drowned in it, and barely bearable
_LEAST = 0.003


def length(material: Material) -> Part:
    """Score the number of words against the target, log-normally, and text around the fields."""
    counts = {key: len(found) for key, found in material.field_words.items()}
    total = sum(counts.values())
    target = sum(_USUAL * max(1, field.min_words) for field in material.wrapper.fields)
    if not total:
        return Part(0.0, "the fields hold no words", {"words": counts})
    away = max(0.0, abs(math.log(max(1, total) / target)) - _WIDE)
    before = len(words(material.parsed.preamble))
    after = len(words(material.parsed.trailing))
    around = (before + after) / max(1, total + before + after)
    tidy = max(_LEAST_AROUND, ramp(around, 0.8, 0.1)) * max(_LEAST, ramp(around, *_DROWNED))
    value = math.exp(-((away / _SPREAD) ** 2) / 2) * tidy
    short = [field.heading for field in material.wrapper.fields
             if 0 < counts.get(field.key, 0) < field.min_words]  # fmt: skip
    reason = f"{total} words in the fields (target {target}), {before} before, {after} after"
    if short:
        reason += ", short: " + ", ".join(short)
    measures = {"words": counts, "preamble_words": before, "trailing_words": after}
    return Part(value, reason, measures)
