"""The quality of a draft, 0-10, from its form alone; the record keeps the older keys."""

from __future__ import annotations

import re
from typing import Any

_SENTENCE_END = re.compile(r"[.!?]+")
_MARKS = ("1.", "2.", "- ", "* ")
_RATINGS = ((9, "excellent"), (7, "gut"), (5, "okay"))


def draft_quality(text: str) -> dict[str, Any]:
    """Rate a draft by length, complexity, structure and clarity (`total_score` of 10)."""
    words = text.split()
    sentences = len(_SENTENCE_END.findall(text))
    mean = sum(map(len, words)) / len(words) if words else 0.0
    scores = {
        "length_score": _length(len(text)),
        "complexity_score": _complexity(sentences, len(words)),
        "structure_score": _structure(text),
        "clarity_score": _clarity(mean),
    }
    total = sum(scores.values())
    stats = {
        "length": len(text),
        "sentences": sentences,
        "words": len(words),
        "avg_word_length": round(mean, 2),
    }
    return {
        **scores,
        "total_score": total,
        "max_score": 10,
        "quality_rating": _rating(total),
        "stats": stats,
    }


def _length(count: int) -> int:
    if 100 <= count <= 500:
        return 3
    if 50 <= count < 100 or 500 < count <= 800:
        return 2
    return 0 if count < 50 or count > 1000 else 1


def _complexity(sentences: int, words: int) -> int:
    if sentences >= 3 and words >= 50:
        return 3
    if sentences >= 2 and words >= 30:
        return 2
    return 1 if sentences >= 1 else 0


def _structure(text: str) -> int:
    return int("\n" in text) + int(any(mark in text for mark in _MARKS))


def _clarity(mean_word: float) -> int:
    if 4 <= mean_word <= 7:
        return 2
    return 1 if 3 <= mean_word < 4 or 7 < mean_word <= 9 else 0


def _rating(total: int) -> str:
    return next((name for least, name in _RATINGS if total >= least), "schwach")
