"""Text that every file format can hold, and values of any shape as text."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

Cell = str | int | float | bool | None
"""What a table holds: what was a number in JSON stays one."""

_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_UNSOUND = re.compile("[\ud800-\udfff\ufffe\uffff]")
_DEEPEST = 100


class Notes:
    """What a person should know about a rendering; the same thing said twice is counted."""

    def __init__(self) -> None:
        self._said: Counter[str] = Counter()

    def add(self, what: str, times: int = 1) -> None:
        """Say something, `times` times over."""
        self._said[what] += times

    def told(self) -> tuple[str, ...]:
        """Return what was said, in the order it was first said."""
        return tuple(
            what if times == 1 else f"{what} ({times} times)" for what, times in self._said.items()
        )


def clean(text: str, notes: Notes) -> str:
    """Return a text without what XML 1.0 forbids; all line breaks are newlines."""
    if text.isascii() and text.isprintable():
        return text
    text = _BREAKS.sub("\n", text)
    text, controls = _CONTROLS.subn("", text)
    if controls:
        notes.add("a control character was removed", controls)
    if not _UNSOUND.search(text):
        return text
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    sound, replaced = _UNSOUND.subn("\ufffd", joined)
    replaced += joined.count("\ufffd") - text.count("\ufffd")
    if replaced:
        notes.add("a character that is none was replaced by U+FFFD", replaced)
    return sound


def line(text: str) -> str:
    """Return a text in one line."""
    return " ".join(text.split())


def text_of(value: object, notes: Notes) -> str:
    """Return a value as text: nothing for null, numbers and the rest as JSON writes them."""
    if isinstance(value, str):
        return clean(value, notes)
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return whole(value)
    return json.dumps(plain(value, notes), ensure_ascii=False)


def cell_of(value: object, notes: Notes) -> Cell:
    """Return what a table cell shows for a value; numbers and booleans stay what they are."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping) and len(value) == 1:
        [(key, only)] = value.items()
        if key in ("text", "value"):
            return cell_of(only, notes) if not isinstance(only, Mapping) else text_of(only, notes)
    return text_of(value, notes)


def shown(cell: Cell) -> str:
    """Return a cell as text."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return cell if isinstance(cell, str) else whole(cell) if isinstance(cell, int) else repr(cell)


def whole(number: int) -> str:
    """Return an integer in digits, or in hexadecimal where Python refuses so many digits."""
    try:
        return str(number)
    except ValueError:
        return hex(number)


def plain(value: object, notes: Notes, depth: int = 0) -> Any:
    """Return a value of JSON's own types, its texts clean; what is too deep becomes a text."""
    if isinstance(value, str):
        return clean(value, notes)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value if value.bit_length() < 10_000 else hex(value)
    if value is None or isinstance(value, bool | float):
        return value
    if depth == _DEEPEST and isinstance(value, Mapping | list | tuple):
        notes.add(f"what is nested more than {_DEEPEST} deep was left out")
        return "…"
    if isinstance(value, Mapping):
        return {
            clean(str(key), notes): plain(held, notes, depth + 1) for key, held in value.items()
        }
    if isinstance(value, list | tuple):
        return [plain(held, notes, depth + 1) for held in value]
    return clean(str(value), notes)
