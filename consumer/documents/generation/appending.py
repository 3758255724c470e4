"""What a model answers to the question what follows in a container, added to it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Final

from consumer.documents.generation.json_texts import repair_broken_json
from consumer.documents.generation.prefixes import Broken, Reader
from consumer.documents.generation.wrapping import ends_well, readings


@dataclass(frozen=True, slots=True)
class Appended:
    """A trial that has read what was added, `text`; `closed` where the container is whole now.

    No reader: nothing could be added, for the `reason`.
    """

    reader: Reader | None
    text: str = ""
    closed: bool = False
    changes: tuple[str, ...] = ()
    reason: str = ""


UNSURE: Final = object()
_FEW = 3
_MANY = 10
NOTHING = Appended(None, reason="the answer is no continuation of the document")


def append(before: Reader, answer: str, *, cut: bool) -> Appended:
    """Read the elements or members that follow in the innermost container; it is not changed.

    `cut` tells that the answer was cut: what was mended then stays open.
    """
    bracket = "[" if before.frames[-1].is_list else "{"
    for reading in readings(answer):
        bare = reading.lstrip()
        found = _fed(before, bare) if bare.startswith(bracket) else NOTHING
        if found.reader is not None:
            return _without_repetition(before, found)
    mended = repair_broken_json(answer)
    value, told = mended.value, mended.changes
    name = before.frames[-2].key
    if bracket == "[" and isinstance(value, dict) and list(value) == [name]:
        value = value[name]
        told = (*told, "list taken out of an object")
    if not isinstance(value, list if bracket == "[" else dict):
        return NOTHING
    laid = json.dumps(value, ensure_ascii=False)
    again = _fed(before, laid[:-1] if cut else laid)
    return _without_repetition(before, replace(again, changes=told))


def _fed(before: Reader, laid: str) -> Appended:
    """Feed a list or object, without its first bracket, to the container that is open."""
    top = before.frames[-1]
    inner = laid[1:]
    ends = inner.lstrip()[:1] in ("]", "}")
    comma = "," if top.count and not ends else ""
    added = comma + inner
    trial = before.trial()
    floor = len(before.frames) - 1
    try:
        rest = trial.feed(added, floor)
    except Broken:
        return NOTHING
    closed = len(trial.frames) <= floor
    if not ends_well(rest) or not (closed or inner.strip()):
        return NOTHING
    return Appended(trial, added[: len(added) - len(rest)], closed)


def _without_repetition(before: Reader, found: Appended) -> Appended:
    """Return what was added without elements that the model gave once more."""
    if found.reader is None:
        return found
    overlay = found.reader.overlays[-1]
    rest = _new_of(before.frames[-1].container, overlay.container)
    if rest is None:
        return found
    if rest is UNSURE:
        return replace(NOTHING, reason="the answer may begin the list anew")
    if not found.closed and overlay.holds_open:
        rest = rest[:-1] if isinstance(rest, list) else dict(list(rest.items())[:-1])
    if not found.closed and not rest:
        return replace(NOTHING, reason="the answer begins anew and goes no further")
    laid = json.dumps(rest, ensure_ascii=False)
    again = _fed(before, laid if found.closed else laid[:-1])
    return replace(again, changes=found.changes)


def _new_of(had: Any, added: Any) -> Any:
    """Return what is new where the model began anew; None where all is, UNSURE where either may be.

    A list that goes on as it began need not begin anew: it may be one that repeats itself.
    """
    if isinstance(had, dict):
        if not any(key in had for key in added):
            return None
        return {key: value for key, value in added.items() if key not in had}
    if not had or added[: len(had)] != had:
        return None
    if isinstance(had[0], dict) and "id" in had[0]:
        return added[len(had) :]
    periodic = any(had[step:] == had[:-step] for step in range(1, len(had) // 2 + 1))
    if len(had) < _FEW or periodic:
        return None
    return added[len(had) :] if len(had) >= _MANY else UNSURE
