"""Playing the judge of two answers: more said, with less repetition, is better."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

_ANSWER = re.compile(r'^ANSWER ([AB]): (".*")$', re.MULTILINE)
_WORD = re.compile(r"[^\W\d_]{4,}")
_PLENTY = 50  # distinct words beyond which an answer says enough
_VARIED = 0.75  # share of distinct words of varied prose
_MUCH, _LITTLE = 0.35, 0.12


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two answers to choose between."""

    first: str
    second: str


def read_comparison(text: str) -> Comparison | None:
    """Return the two answers of a request to compare them, or None if it is none."""
    found = dict(_ANSWER.findall(text))
    try:
        return Comparison(json.loads(found["A"]), json.loads(found["B"]))
    except (KeyError, ValueError):
        return None


def compare(asked: Comparison) -> str:
    """Return the digit of the better answer: 1 for much better the first, 5 for the second."""
    lead = _worth(asked.first) - _worth(asked.second)
    size = abs(lead)
    steps = 2 if size >= _MUCH else 1 if size >= _LITTLE else 0
    return str(3 - steps if lead > 0 else 3 + steps)


def _worth(text: str) -> float:
    found = _WORD.findall(text.casefold())
    distinct = len(set(found))
    return min(1.0, distinct / _PLENTY) * min(1.0, distinct / max(1, len(found)) / _VARIED)
