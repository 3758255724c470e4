"""What models put around a text that they were asked for bare."""

from __future__ import annotations

import re
from collections.abc import Iterator

from consumer.documents.generation.json_texts import FENCE
from consumer.documents.generation.tolerant_tokens import JSON_OPENING, OPENING

_PROSE = re.compile(r"[^\n{}\[\]\"]*[^\W\d_]{2}[^\n{}\[\]\"]*\n+")
_THINKING = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>\n*", re.DOTALL)


def readings(text: str) -> Iterator[str]:
    """Yield the ways to read a continuation: as it is, out of its fence, without lines of prose.

    No JSON has a line of prose, or one that opens a fence: a line break is no part of a string.
    Space at the seam may belong to a string and stays.
    """
    yield text
    bare = _THINKING.sub("", text)
    if bare != text:
        yield bare
    unfenced = _unfenced(bare)
    if unfenced is not None:
        yield unfenced
    prose = _PROSE.match(bare if unfenced is None else unfenced)
    if prose:
        rest = (bare if unfenced is None else unfenced)[prose.end() :]
        yield rest
        if (again := _PROSE.match(rest)) is not None:
            yield rest[again.end() :]


def opening_of(text: str) -> int | None:
    """Return where the JSON of a first answer begins: after fence and prose, at a bracket."""
    thinking = _THINKING.match(text)
    start = thinking.end() if thinking else 0
    fence = FENCE.search(text, start)
    first = _opening(text, start)
    if fence and (first is None or fence.end() <= first.start() or _is_prose(text, start, fence)):
        first = _opening(text, fence.end()) or first
    return first.start() if first else None


def _opening(text: str, start: int) -> re.Match[str] | None:
    return JSON_OPENING.search(text, start) or OPENING.search(text, start)


def ends_well(rest: str) -> bool:
    """Say whether what follows the whole value is space, the end of a fence, or a new line."""
    return not rest.strip() or rest.lstrip(" \t").startswith(("\n", "```", "~~~"))


def _is_prose(text: str, start: int, fence: re.Match[str]) -> bool:
    before = text[start : fence.start()]
    return '"' not in before


def _unfenced(text: str) -> str | None:
    marks = list(FENCE.finditer(text))
    if not marks:
        return None
    starts = [0] + [mark.end() + 1 for mark in marks]
    ends = [max(0, mark.start() - 1) for mark in marks] + [len(text)]
    blocks = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    return max(blocks, key=len)
