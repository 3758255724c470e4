"""Whether an answer that begins a container anew says the same as before, and more."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from consumer.documents.generation.pieces import Pieces
from consumer.documents.generation.prefixes import Reader

_HEAD = 24
_FIRST_KEY = re.compile(r"\{\"(?:[^\"\\]|\\.)*\":")
_ABSENT = object()


def extends(before: Reader, depth: int, anew: Reader) -> bool:
    """Say whether the container at `depth`, read anew, has all it had, in its order, and more."""
    parent = anew.overlays[depth - 1]
    if not parent.container:
        return False
    fresh = parent.container[0] if parent.is_list else parent.container.get(parent.key, _ABSENT)
    if not _covers(before, depth, fresh):
        return False
    return anew.complete or _further(before, depth, fresh)


def begun_anew(before: Reader, text: Pieces, answer: str) -> int | None:
    """Return the depth of the open container that the answer opens like, the outermost first.

    An answer that opens as a container did may be that container once more.
    """
    bare = answer.lstrip()
    if bare[:1] not in ("{", "["):
        return None
    return next((depth for depth in opened_alike(before, text, bare, _HEAD)), None)


def opened_alike(before: Reader, text: Pieces, bare: str, most: int) -> Iterator[int]:
    """Yield the depths of open containers whose first characters, but for space, are the answer's.

    The outermost counts by its first key alone.
    """
    head = _squeezed(bare[: 4 * most])
    for depth in range(1, len(before.frames)):
        start = before.frames[depth].start
        there = _squeezed(text.between(start, start + 4 * most))
        size = min(most, len(head), len(there))
        alike = size > 1 and head[:size] == there[:size]
        if alike or (depth == 1 and _same_key(head, there)):
            yield depth


def has_evidence(before: Reader, depth: int) -> bool:
    """Say whether a container held enough for a comparison to mean something."""
    return any(frame.whole > 0 for frame in before.frames[depth:]) or len(before.pending) > 8


def _same_key(one: str, other: str) -> bool:
    first, second = _FIRST_KEY.match(one), _FIRST_KEY.match(other)
    return bool(first and second and first[0] == second[0])


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _covers(before: Reader, depth: int, fresh: Any) -> bool:
    """Compare what was there with what is there now, along what was open."""
    for at in range(depth, len(before.frames)):
        frame = before.frames[at]
        if not isinstance(fresh, type(frame.container)):
            return False
        if not _begins_with(fresh, frame.container, frame.whole):
            return False
        if frame.holds_open:
            fresh = _child(fresh, frame.key, frame.whole)
        elif not before.pending:
            return True
        else:
            return _pending_fits(before, fresh)
        if fresh is _ABSENT:
            return False
    return True


def _begins_with(fresh: Any, old: Any, whole: int) -> bool:
    if isinstance(old, list):
        return len(fresh) >= whole and bool(fresh[:whole] == old[:whole])
    kept = list(old.items())[:whole]
    return list(fresh.items())[:whole] == kept


def _pending_fits(before: Reader, fresh: Any) -> bool:
    """Say whether half a string at the end is the beginning of the one that stands there now."""
    frame = before.frames[-1]
    if not before.in_string:
        return True
    begun = _half_string(before.pending)
    if isinstance(fresh, dict) and frame.expects.name in ("KEY", "FIRST"):
        names = list(fresh)[frame.whole :]
        return bool(names) and names[0].startswith(begun)
    now = _child(fresh, frame.key, frame.whole)
    return isinstance(now, str) and now.startswith(begun)


def _half_string(raw: str) -> str:
    """Return what is certain of a string that is cut."""
    for drop in range(min(12, len(raw))):
        try:
            value = json.loads(raw[: len(raw) - drop] + '"', strict=False)
        except ValueError:
            continue
        if not ("\ud800" <= value[-1:] <= "\udbff"):
            return str(value)
    return ""


def _child(fresh: Any, key: str, whole: int) -> Any:
    if isinstance(fresh, list):
        return fresh[whole] if len(fresh) > whole else _ABSENT
    return fresh.get(key, _ABSENT)


def _further(before: Reader, depth: int, fresh: Any) -> bool:
    """Say whether there is now more than was whole before."""
    for frame in before.frames[depth:]:
        if len(fresh) > len(frame.container):
            return True
        if not frame.holds_open:
            return False
        fresh = _child(fresh, frame.key, frame.whole)
    return False
