"""Going on where a cut answer ended: exactly there, or with the elements that follow."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_STEP = re.compile(r"\.([A-Za-z_][\w-]*)|\[(\d+)\]|\['([^']*)'\]|\[\"([^\"]*)\"\]")
_FENCE = re.compile(r"\n?```\s*\Z")
_TAILS = (8_000, 200, 60)


@dataclass(frozen=True, slots=True)
class Continuation:
    """What follows, and what was said before it."""

    before: str
    text: str


def go_on(whole: str, tail: str, characters: int | None) -> Continuation:
    """Return what follows in the whole text after a tail of what was delivered.

    `characters` tells how much was delivered; of several places the nearest to it is taken.
    """
    tail = _FENCE.sub("", tail)
    if characters in (None, len(tail)) and whole.startswith(tail):
        return Continuation(tail, whole[len(tail) :])
    for length in _TAILS:
        end = _end_of(whole, tail[-length:], characters)
        if end is not None:
            return Continuation(whole[:end], whole[end:])
    end = min(len(whole), characters or 0)
    return Continuation(whole[:end], whole[end:])


def append(whole: str, path: str, count: int, last: Any) -> Continuation:
    """Return, as JSON arrays, the elements of a list that follow, and those before them."""
    listed = _found(json.loads(whole), path)
    if not isinstance(listed, list):
        return Continuation("[]", "[]")
    start = min(max(0, count), len(listed))
    if last is not None and (start == 0 or listed[start - 1] != last) and last in listed:
        start = len(listed) - listed[::-1].index(last)
    return Continuation(_as_json(listed[:start]), _as_json(listed[start:]))


def add_members(whole: str, path: str, keys: Sequence[str]) -> Continuation:
    """Return, as JSON objects, the members an object has besides some keys, and under them."""
    found = _found(json.loads(whole), path)
    members = found if isinstance(found, dict) else {}
    there = {key: value for key, value in members.items() if key in keys}
    lacking = {key: value for key, value in members.items() if key not in keys}
    return Continuation(_as_json(there), _as_json(lacking))


def _end_of(whole: str, tail: str, characters: int | None) -> int | None:
    if not tail:
        return None
    if characters is not None and whole[:characters].endswith(tail):
        return characters
    wanted = len(whole) if characters is None else characters
    return min(_ends(whole, tail), key=lambda end: abs(end - wanted), default=None)


def _ends(whole: str, tail: str) -> Iterator[int]:
    start = whole.find(tail)
    while start >= 0:
        yield start + len(tail)
        start = whole.find(tail, start + 1)


def _found(value: Any, path: str) -> Any:
    for name, place, single, double in _STEP.findall(path):
        try:
            value = value[int(place)] if place else value[name or single or double]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
