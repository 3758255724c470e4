"""Relevance: the answer is closer to its own prompt than to prompts about something else."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

from consumer.prompts.scoring.part import Material, Part
from consumer.prompts.scoring.reference import COMMON_WORDS, PROMPTS, TASK_WORDS
from consumer.prompts.scoring.words import is_content, ramp, shares, words
from syntx.wrappers import fold

_GRAM = 5
_NOISE = 0.02  # closeness that chance alone gives; keeps the ratio finite
_SAME_LANGUAGE = (3.0, 6.5)  # ratios where relevance starts and is full
_OTHER_LANGUAGE = (1.6, 3.2)  # across languages only names and cognates are shared
_COMMON = 2  # everyday words count as if they stood in so many reference prompts
_LEAST = 0.01


def relevance(material: Material) -> Part:
    """Score how much closer the fields are to the prompt than to the reference prompts."""
    asked = _weighed(_grams(material.prompt_words))
    said = _weighed(_grams(material.body_words))
    if not asked:
        return Part(1.0, "the prompt has no content words to compare with")
    if not said:
        return Part(_LEAST, "the fields have no content words to compare with")
    others = [_closeness(_weighed(grams), said) for grams in _references()]
    own = _closeness(asked, said)
    ratio = own / (sum(others) / len(others) + _NOISE)
    same = _language(material.prompt_words) in {_language(material.body_words), None}
    value = ramp(ratio, *(_SAME_LANGUAGE if same else _OTHER_LANGUAGE)) ** 2
    reason = f"{ratio:.1f} times as close to the prompt as to other prompts"
    return Part(max(_LEAST, value), reason, {"closeness": round(own, 3), "ratio": round(ratio, 2)})


@lru_cache(maxsize=1)
def _references() -> tuple[Mapping[str, int], ...]:
    return tuple(_grams(words(prompt)) for prompt in PROMPTS)


@lru_cache(maxsize=1)
def _spread() -> Mapping[str, int]:
    """Say in how many reference prompts each gram stands: common ones tell little."""
    spread = Counter(gram for grams in _references() for gram in grams)
    spread.update(dict.fromkeys(_grams(words(COMMON_WORDS)), _COMMON))
    return spread


@lru_cache(maxsize=1)
def _task_words() -> frozenset[str]:
    return frozenset(fold(TASK_WORDS).split())


def _grams(found: Iterable[str]) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    for word, times in Counter(found).items():
        if is_content(word) and word not in _task_words():
            for start in range(max(1, len(word) - _GRAM + 1)):
                counts[word[start : start + _GRAM]] += times
    return counts


def _weighed(grams: Mapping[str, int]) -> dict[str, float]:
    spread = _spread()
    return {
        gram: math.sqrt(times) / (1 + spread.get(gram, 0)) ** 2 for gram, times in grams.items()
    }


def _closeness(asked: Mapping[str, float], said: Mapping[str, float]) -> float:
    """Return the cosine of two weighed gram counts."""
    shared = sum(weight * said[gram] for gram, weight in asked.items() if gram in said)
    return shared / (_length(asked) * _length(said)) if shared else 0.0


def _length(weighed: Mapping[str, float]) -> float:
    return math.sqrt(sum(weight * weight for weight in weighed.values()))


def _language(found: list[str]) -> str | None:
    """Return the language with most function words, or None when there are hardly any."""
    share = shares(found)
    best = max(share, key=lambda language: share[language])
    return best if share[best] >= 0.08 else None
