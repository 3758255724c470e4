"""JSON objects out of a planner's answers, fit to be kept."""

from __future__ import annotations

import re
from typing import Any

from consumer.documents.generation.json_texts import repair_broken_json, try_parse_json

MOST_LEVELS = 32
"""So deep may values be nested; what is kept is written and read by recursion."""
MOST_REPAIRED = 20_000
"""Characters; the time to mend a text grows with the square of its length, and worse."""

_HALF = re.compile("[\ud800-\udfff]")


def read_object(answer: str) -> dict[str, Any] | None:
    """Return the object in an answer, None where there is none, or none that can be kept.

    A long answer must be whole, a short one may be broken. Halves of surrogate pairs, which no
    file can hold, become U+FFFD.
    """
    read = repair_broken_json if len(answer) <= MOST_REPAIRED else try_parse_json
    found = read(answer).value
    try:
        sound = _sound(found, MOST_LEVELS) if isinstance(found, dict) else None
    except _TooDeep:
        return None
    return sound if isinstance(sound, dict) else None


class _TooDeep(Exception):
    """The value is nested deeper than may be kept."""


def _sound(value: Any, levels: int) -> Any:
    if isinstance(value, str):
        return _HALF.sub("\ufffd", value)
    if isinstance(value, list | dict) and not levels:
        raise _TooDeep
    if isinstance(value, list):
        return [_sound(one, levels - 1) for one in value]
    if isinstance(value, dict):
        return {
            _HALF.sub("\ufffd", str(key)): _sound(one, levels - 1) for key, one in value.items()
        }
    return value
