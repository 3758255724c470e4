"""Consistency: how far several answers to one prompt say the same in the same fields."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations

from consumer.prompts.scoring.part import Part
from consumer.prompts.scoring.words import ramp, words

_GRAM = 4
_FULL = 0.3  # closeness that good answers of one model to one prompt have
_LEAST = 0.05
_MOST = 200_000  # characters looked at, shared by all fields of all answers

Fields = Mapping[str, str]
"""The texts of an answer's fields by key; empty for an answer that was none."""


def consistency(answers: Sequence[Fields]) -> Part:
    """Score the mean likeness of all pairs: fields in common times how close their texts are.

    Raises ValueError for fewer than two answers.
    """
    if len(answers) < 2:
        raise ValueError("consistency takes at least two answers")
    room = _MOST // max(1, sum(map(len, answers)))
    grams = [{key: _grams(text[:room]) for key, text in one.items()} for one in answers]
    vectors = _weighed(grams)
    pairs = [_likeness(first, second) for first, second in combinations(vectors, 2)]
    shared = sum(pair[0] for pair in pairs) / len(pairs)
    close = sum(pair[1] for pair in pairs) / len(pairs)
    value = sum(share * ramp(near, 0.0, _FULL) for share, near in pairs) / len(pairs)
    reason = f"{len(answers)} answers share {shared:.0%} of their fields, {close:.0%} alike"
    measures = {"fields_shared": round(shared, 3), "answers_alike": round(close, 3)}
    return Part(max(_LEAST, value), reason, measures)


_Vector = Mapping[str, float]


def _grams(text: str) -> Counter[str]:
    joined = " ".join(words(text))
    return Counter(
        joined[start : start + _GRAM] for start in range(max(1, len(joined) - _GRAM + 1))
    )


def _weighed(answers: Sequence[Mapping[str, Counter[str]]]) -> list[dict[str, _Vector]]:
    """Weigh grams by their rarity among all fields of all answers, each vector of length one."""
    documents = [counts for one in answers for counts in one.values()]
    spread = Counter(gram for counts in documents for gram in counts)
    rarity = {
        gram: math.log((1 + len(documents)) / (1 + times)) + 1 for gram, times in spread.items()
    }
    return [
        {key: _unit({gram: n * rarity[gram] for gram, n in counts.items()})
         for key, counts in one.items()}
        for one in answers
    ]  # fmt: skip


def _unit(vector: dict[str, float]) -> _Vector:
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {gram: weight / length for gram, weight in vector.items()}


def _likeness(first: Mapping[str, _Vector], second: Mapping[str, _Vector]) -> tuple[float, float]:
    """Return the share of fields in common, and the mean cosine of those that are."""
    common = first.keys() & second.keys()
    if not common:
        return 0.0, 0.0
    cosines = [_cosine(first[key], second[key]) for key in sorted(common)]
    return len(common) / len(first.keys() | second.keys()), sum(cosines) / len(cosines)


def _cosine(first: _Vector, second: _Vector) -> float:
    if len(second) < len(first):
        first, second = second, first
    return sum(weight * second[gram] for gram, weight in first.items() if gram in second)
