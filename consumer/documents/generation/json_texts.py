"""JSON out of what models write: fences and prose taken off, small faults mended; never raises.

The ladder, from what changes nothing to what guesses: the text as it is; without byte order mark,
fence or prose; control characters allowed inside strings; a tolerant reading; `json-repair`.
Whatever was done stands in `changes`.
"""

from __future__ import annotations

import html
import json
import math
import re
from dataclasses import dataclass, replace
from typing import Any

from consumer.documents.generation.prefixes import Broken, Reader
from consumer.documents.generation.tolerant import Lost, read_tolerantly
from consumer.documents.generation.tolerant_tokens import JSON_OPENING, OPENING
from consumer.documents.needing import MissingExtra, need

FENCE = re.compile(r"^[ \t]*(?:```|~~~)[ \t]*[\w.+-]*[ \t]*$", re.MULTILINE)
"""A line that opens or closes a fence; no valid JSON has such a line."""

UNFENCED = "fence taken off"
UNMARKED = "byte order mark taken off"
_HARMLESS = frozenset((UNFENCED, UNMARKED))
_THINKING = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
MOST_GUESSED = 20_000
"""Characters; the time json-repair takes can grow with the square of the length, and worse."""
_ATTEMPTS = 200


@dataclass(frozen=True, slots=True)
class Parsed:
    """A value read from a text: `ok` is False where there was none (then `value` is None).

    `repaired` is True when more than a fence or a byte order mark was taken off, so that the value
    may differ from what was meant.
    """

    value: Any
    ok: bool = True
    changes: tuple[str, ...] = ()

    @property
    def repaired(self) -> bool:
        """Whether the JSON itself was changed, or chosen among other text."""
        return any(change not in _HARMLESS for change in self.changes)


NOTHING = Parsed(None, ok=False)


def extract_json_string(text: str) -> str:
    """Return the part of an answer that is JSON, or looks most like it; unchanged where none is."""
    bare = _without_thoughts(text).removeprefix("\ufeff").strip()
    fenced = _fenced(bare)
    if fenced is not None:
        return fenced.strip()
    spans = _values(bare)
    if spans:
        start, end = max(spans, key=lambda span: span[1] - span[0])
        return bare[start:end]
    opening = OPENING.search(bare)
    return bare[opening.start() :].strip() if opening else bare


def try_parse_json(text: str) -> Parsed:
    """Read JSON that is whole, taking off what stands around it; nothing inside is mended."""
    whole = _strict(text)
    if whole.ok:
        return whole
    changes = () if not text.lstrip().startswith("\ufeff") else (UNMARKED,)
    bare = _without_thoughts(text).strip().removeprefix("\ufeff").strip()
    fenced = _fenced(bare)
    if fenced is not None and (inner := _strict(fenced)).ok:
        around = _prose_around(bare, fenced)
        return _with(inner, *changes, UNFENCED, *around, *_thoughts(text))
    found = _strict(bare)
    if found.ok:
        return _with(found, *changes, *_thoughts(text))
    largest = _largest(bare)
    return _with(largest, *changes) if largest.ok else NOTHING


def repair_broken_json(text: str) -> Parsed:
    """Read JSON however broken it is, changing as little as possible; `ok` tells whether it was."""
    whole = _strict(text)
    if whole.ok:
        return _unpacked(whole)
    if '"' not in text and "&quot;" in text:
        return _with(repair_broken_json(html.unescape(text)), "HTML entities read")
    bare = _without_thoughts(text).strip().removeprefix("\ufeff").strip()
    inner = _fenced(bare)
    told = () if inner is None else (UNFENCED,)
    core = (bare if inner is None else inner).strip()
    read = try_parse_json(text)
    if read.ok:
        return read
    loose = _strict(core, strict=False)
    if loose.ok:
        return _with(loose, *told, "control characters in strings accepted")
    return _begun(core, told) or _tolerant(core, told) or _guessed(core, told)


def _unpacked(parsed: Parsed) -> Parsed:
    """Return the object or list that stands in a JSON string, if one does."""
    if not isinstance(parsed.value, str):
        return parsed
    inner = _strict(parsed.value)
    if not isinstance(inner.value, (dict, list)):
        return parsed
    return _with(inner, "taken out of a string")


def _begun(core: str, told: tuple[str, ...]) -> Parsed | None:
    """Read JSON that is sound as far as it goes, and only cut at its end."""
    opening = JSON_OPENING.search(core)
    if opening is None:
        return None
    reader = Reader()
    try:
        reader.feed(core[opening.start() :])
    except Broken:
        return None
    before = ("text around taken off",) if opening.start() else ()
    return Parsed(reader.value, changes=(*told, *before, "closed at the end"))


def _tolerant(core: str, told: tuple[str, ...]) -> Parsed | None:
    try:
        value, changes = read_tolerantly(core)
    except (Lost, RecursionError, ValueError):
        return None
    return Parsed(_finite(value), changes=(*told, *changes))


def _guessed(core: str, told: tuple[str, ...]) -> Parsed:
    if len(core) > MOST_GUESSED:
        return NOTHING
    try:
        repair = need("json_repair", "repairing JSON")
        value = _finite(repair.loads(core, stream_stable=True))
    except MissingExtra:
        raise
    except Exception:  # a repairer fed with noise may fail in any way; then there is no value
        return NOTHING
    if not isinstance(value, (dict, list)) or not value:
        return NOTHING
    return Parsed(value, changes=(*told, "rebuilt by json-repair"))


def _strict(text: str, *, strict: bool = True) -> Parsed:
    """Read a text that is one JSON value; NaN and infinities become null."""
    odd: list[str] = []

    def none_for(constant: str) -> None:
        odd.append(f"{constant} became null")

    try:
        value = json.loads(text, parse_constant=none_for, strict=strict)
    except (ValueError, RecursionError):
        return NOTHING
    return Parsed(value, changes=tuple(dict.fromkeys(odd)))


def _largest(text: str) -> Parsed:
    """Read the largest whole value in a text; where it holds others too, that is told."""
    spans = _values(text)
    if not spans:
        return NOTHING
    start, end = max(spans, key=lambda span: span[1] - span[0])
    told = "text around taken off" if len(spans) == 1 else "largest of several values taken"
    return _with(_strict(text[start:end]), told)


def _values(text: str) -> list[tuple[int, int]]:
    """Return where whole objects and lists of objects stand in a text, side by side."""
    decoder = json.JSONDecoder()
    spans: list[tuple[int, int]] = []
    at = 0
    for _ in range(_ATTEMPTS):
        opening = OPENING.search(text, at)
        if opening is None:
            break
        try:
            _, at = decoder.raw_decode(text, opening.start())
        except (ValueError, RecursionError):
            if JSON_OPENING.match(text, opening.start()):
                break  # what stands inside a broken value is not the value that was meant
            at = opening.end()
            continue
        spans.append((opening.start(), at))
    return spans


def _fenced(text: str) -> str | None:
    """Return what stands in the longest fence; an unclosed one reaches to the end."""
    marks = list(FENCE.finditer(text))
    if not marks:
        return None
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    blocks = [text[mark.end() : end] for mark, end in zip(marks, ends, strict=True)]
    return max(blocks[::2], key=len)


def _prose_around(text: str, inner: str) -> tuple[str, ...]:
    rest = FENCE.sub("", text).replace(FENCE.sub("", inner).strip(), "", 1).strip()
    return ("text around taken off",) if rest else ()


def _without_thoughts(text: str) -> str:
    return _THINKING.sub("", text, count=1)


def _thoughts(text: str) -> tuple[str, ...]:
    return ("text around taken off",) if _THINKING.match(text) else ()


def _with(parsed: Parsed, *changes: str) -> Parsed:
    return replace(parsed, changes=tuple(dict.fromkeys((*changes, *parsed.changes))))


def _finite(value: Any) -> Any:
    """Return the value with null for what JSON cannot say."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
