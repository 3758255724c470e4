"""JSON objects out of a planner's answers, fit to be kept."""

from __future__ import annotations

import re
from typing import Any

from consumer.documents.generation.json_texts import repair_broken_json

_HALF = re.compile("[\ud800-\udfff]")


def read_object(answer: str) -> dict[str, Any] | None:
    """Return the object in an answer, None where there is none.

    Halves of surrogate pairs, which no file can hold, become U+FFFD.
    """
    found = repair_broken_json(answer).value
    sound = _sound(found) if isinstance(found, dict) else None
    return sound if isinstance(sound, dict) else None


def _sound(value: Any) -> Any:
    if isinstance(value, str):
        return _HALF.sub("\ufffd", value)
    if isinstance(value, list):
        return [_sound(one) for one in value]
    if isinstance(value, dict):
        return {_HALF.sub("\ufffd", str(key)): _sound(one) for key, one in value.items()}
    return value
