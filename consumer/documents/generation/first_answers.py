"""The first answer to a write prompt: the JSON in it, whole or as far as it goes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from consumer.documents.generation.json_texts import repair_broken_json, try_parse_json
from consumer.documents.generation.prefixes import Broken, Reader
from consumer.documents.generation.wrapping import ends_well, opening_of


@dataclass(frozen=True, slots=True)
class First:
    """A reader of the text, which is JSON up to where it is cut; no reader: nothing to go on."""

    reader: Reader | None
    text: str = ""
    changes: tuple[str, ...] = ()


def read_first(answer: str, *, cut: bool) -> First:
    """Read a first answer; what is broken is mended, and told in `changes`."""
    start = opening_of(answer)
    if start is None:
        return First(None)
    text = answer[start:]
    for strict in (True, False):
        first = _read(text, strict=strict)
        if first is not None:
            return first
    whole = try_parse_json(answer)
    if whole.ok and not cut:
        return _anew(whole.value, whole.changes, closed=True)
    mended = repair_broken_json(answer)
    if not mended.ok:
        return First(None)
    return _anew(mended.value, mended.changes, closed=not cut)


def _read(text: str, *, strict: bool) -> First | None:
    reader = Reader(strict=strict)
    try:
        rest = reader.feed(text)
    except Broken:
        return None
    if not ends_well(rest):
        return None
    changes = () if strict else ("control characters in strings accepted",)
    if reader.doubled:
        changes = (*changes, "the last of equal keys taken")
    return First(reader, text[: len(text) - len(rest)], changes)


def _anew(value: Any, changes: tuple[str, ...], *, closed: bool) -> First:
    """Write mended JSON anew, its last containers open again where the answer was cut."""
    if not isinstance(value, (dict, list)):
        return First(None)
    text = json.dumps(value, ensure_ascii=False)
    if not closed:
        text = text.rstrip("]}")
    reader = Reader()
    reader.feed(text)
    return First(reader, text, changes)
