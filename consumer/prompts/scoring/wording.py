"""Wording: varied words, glue between them, and sentences of a readable length."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from consumer.prompts.scoring.grammar import grammar
from consumer.prompts.scoring.part import Material, Part
from consumer.prompts.scoring.words import is_dangling, ramp, sentences, shares
from syntx.wrappers import fold

_WINDOW = 50
_SALAD = 0.004  # what is left of words in no order
_DIGITS_INSIDE = re.compile(r"[^\W\d_]\d+[^\W\d_]")
_CODED = (0.25, 0.12)  # digits inside words, per word: letters swapped for digits, and formulas
_NEXT_SENTENCE = re.compile(r"\w{3}[.!?]\s+(\w)")


def wording(material: Material) -> Part:
    """Score the moving type-token ratio, the share of function words and sentence length."""
    found = material.body_words
    if not found:
        return Part(0.0, "there are no words to judge", {"function_words": 0.0})
    variety = _variety(found)
    share = shares(found)
    glue = max(share.values())
    order = grammar("\n".join(material.texts.values()), is_german=share["de"] > share["en"])
    lines = [sentence.split() for text in material.texts.values() for sentence in sentences(text)]
    mean = len(found) / max(1, len(lines))
    value = (
        ramp(variety, 0.3, 0.6)
        * ramp(glue, 0.03, 0.2)
        * ramp(glue, 0.85, 0.65)
        * ramp(mean, 0.5, 3.5)
        * ramp(mean, 80, 40)
        * ramp(_coded(material, len(found)), *_CODED)
        * _well_ended(lines)
        * _well_begun(material.texts.values())
        * max(_SALAD, order)
    )
    reason = f"variety {variety:.2f}, function words {glue:.0%}, {mean:.0f} words a sentence"
    if order < 1:
        reason += ", words in an order that makes no sentence"
    measures = {
        "variety": round(variety, 3),
        "function_words": round(glue, 3),
        "word_order": round(order, 3),
    }
    return Part(value, reason, {**measures, "sentence_words": round(mean, 1)})


def _coded(material: Material, count: int) -> float:
    return sum(len(_DIGITS_INSIDE.findall(text)) for text in material.texts.values()) / count


def _variety(found: list[str]) -> float:
    """Return the mean share of distinct words over all windows of fifty."""
    size = min(_WINDOW, len(found))
    window = Counter(found[:size])
    total, count = len(window), 1
    for old, new in zip(found, found[size:], strict=False):
        window[new] += 1
        window[old] -= 1
        if not window[old]:
            del window[old]
        total += len(window)
        count += 1
    return total / count / size


def _well_begun(texts: Iterable[str]) -> float:
    """Punish sentences that begin in lower case, as shuffled words do; a field's first may."""
    listed = list(texts)
    if all(text == text.lower() for text in listed):
        return 1.0
    starts = [start for text in listed for start in _NEXT_SENTENCE.findall(text)]
    small = sum(start.islower() for start in starts)
    return ramp(small / len(starts), 0.5, 0.2) if len(starts) >= 3 else 1.0


def _well_ended(lines: list[list[str]]) -> float:
    """Punish sentences that break off at an article or conjunction, as shuffled words do."""
    broken = sum(is_dangling(fold(line[-1]).strip("\"'“”») ")) for line in lines if line)
    return ramp(broken / max(1, len(lines)), 0.5, 0.1)
