"""What a model answers to the question what follows in a container, added to it.

Models give elements once more that they gave before, and lists hold equal elements side by side:
one answer does not tell which it is. Where its first elements stand at the end of the list already,
the last ones are asked for again; where they stand in the second answer shows what is new.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from consumer.documents.generation.frames import Frame
from consumer.documents.generation.json_texts import repair_broken_json
from consumer.documents.generation.prefixes import Broken, Reader
from consumer.documents.generation.wrapping import ends_well, readings


@dataclass(frozen=True, slots=True)
class Appended:
    """A trial that has read what was added, `text`; `closed` where the container is whole now.

    No reader: nothing could be added, for the `reason`; `doubtful` where the answer may repeat what
    there is, which asking once more for the last elements (`in_question`) tells.
    """

    reader: Reader | None
    text: str = ""
    closed: bool = False
    changes: tuple[str, ...] = ()
    reason: str = ""
    doubtful: bool = False


NOTHING = Appended(None, reason="the answer is no continuation of the document")
DOUBTFUL = Appended(None, reason="the answer may repeat what there is", doubtful=True)


def in_question(had: Sequence[Any]) -> int:
    """Return how many last elements of a list it takes that they stand in it only once."""
    backwards = list(had[::-1])
    longest = 0
    for start in range(1, len(backwards)):
        if longest >= len(backwards) - start:
            break
        pairs = zip(backwards, backwards[start:], strict=False)
        alike = next((n for n, (one, other) in enumerate(pairs) if one != other), None)
        longest = max(longest, len(backwards) - start if alike is None else alike)
    return min(len(backwards), longest + 1)


def append(before: Reader, answer: str, *, cut: bool, again: bool = False) -> Appended:
    """Read the elements or members that follow in the innermost container; it is not changed.

    `cut` tells that the answer was cut: what was mended then stays open. `again` tells that the
    elements `in_question` were asked for, too.
    """
    bracket = "[" if before.frames[-1].is_list else "{"
    for reading in readings(answer):
        bare = reading.lstrip()
        found = _fed(before, bare) if bare.startswith(bracket) else NOTHING
        if found.reader is not None:
            return _without_repetition(before, found, again=again)
    mended = repair_broken_json(answer)
    value, told = mended.value, mended.changes
    name = before.frames[-2].key
    if bracket == "[" and isinstance(value, dict) and list(value) == [name]:
        value = value[name]
        told = (*told, "list taken out of an object")
    if not isinstance(value, list if bracket == "[" else dict):
        return NOTHING
    laid = json.dumps(value, ensure_ascii=False)
    fed = _fed(before, laid[:-1] if cut else laid)
    return _without_repetition(before, replace(fed, changes=told), again=again)


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


def _without_repetition(before: Reader, found: Appended, *, again: bool) -> Appended:
    """Return what was added without elements or members that the model gave once more."""
    if found.reader is None:
        return found
    had, overlay = before.frames[-1].container, found.reader.overlays[-1]
    if isinstance(had, dict):
        return _without_members(before, found, had, overlay)
    whole = overlay.container[:-1] if overlay.holds_open else overlay.container
    if again:
        repeated = _up_to_the_end(had, whole)
        if repeated is None:
            return replace(DOUBTFUL, doubtful=False)
        return _anew(before, found, whole[repeated:])
    repeated = _repeated(had, whole)
    if repeated and _identified(had):
        return _anew(before, found, whole[repeated:])
    if repeated or (not found.closed and _goes_no_further(had, whole, found.text)):
        return DOUBTFUL
    return found


def _without_members(
    before: Reader, found: Appended, had: dict[str, Any], overlay: Frame
) -> Appended:
    if not any(key in had for key in overlay.container):
        return found
    rest = {key: value for key, value in overlay.container.items() if key not in had}
    if not found.closed and overlay.holds_open:
        rest.pop(overlay.key, None)
    return _anew(before, found, rest)


def _anew(before: Reader, found: Appended, rest: Any) -> Appended:
    if not found.closed and not rest:
        return replace(NOTHING, reason="the answer begins anew and goes no further")
    laid = json.dumps(rest, ensure_ascii=False)
    again = _fed(before, laid if found.closed else laid[:-1])
    return replace(again, changes=found.changes)


def _repeated(had: list[Any], added: list[Any]) -> int:
    """Return how many first elements are the last ones that there are, the fewest; 0 for none."""
    most = min(len(had), len(added))
    return next((n for n in range(1, most + 1) if added[:n] == had[-n:]), 0)


def _up_to_the_end(had: list[Any], added: list[Any]) -> int | None:
    """Return where in a second answer the list as it is ends, None where it is not in it."""
    size = in_question(had)
    kept, asked = had[: len(had) - size], had[len(had) - size :]
    for before in range(min(len(kept), len(added) - size) + 1):
        if added[before : before + size] == asked and added[:before] == kept[len(kept) - before :]:
            return before + size
    return None


def _goes_no_further(had: list[Any], whole: list[Any], text: str) -> bool:
    """Say whether all of a cut answer stands in the list already."""
    if whole:
        starts = (at for at, one in enumerate(had) if one == whole[0])
        return any(had[at : at + len(whole)] == whole for at in starts)
    begun = _squeezed(text.lstrip(", \n"))
    laid = (json.dumps(one, ensure_ascii=ascii_only) for one in had for ascii_only in (True, False))
    return any(_squeezed(one).startswith(begun) for one in laid)


def _identified(had: list[Any]) -> bool:
    """Say whether elements have ids that tell them apart."""
    ids = [str(one["id"]) for one in had if isinstance(one, dict) and "id" in one]
    return len(ids) == len(had) == len(set(ids))


def _squeezed(text: str) -> str:
    return "".join(text.split())
