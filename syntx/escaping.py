"""Escaping what a terminal would obey: controls, and turns of the direction of writing (pure)."""

from __future__ import annotations

import json
import re
from typing import Any

_UNSEEN = (
    "\u007f-\u009f"  # delete, and controls of eight bits, which begin sequences as ESC does
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # what turns the direction of writing
    "\u2028\u2029\ufff9-\ufffb\U000e0000-\U000e007f"  # line ends and marks nobody sees
    "\ud800-\udfff"  # halves of a pair, which no terminal can be sent
)
_CONTROLS = re.compile(f"[\\x00-\\x08\\x0b-\\x1f{_UNSEEN}]")
_IN_JSON = re.compile(f"[{_UNSEEN}]")


def visible(text: str) -> str:
    """Return text with what a terminal would obey escaped: controls, and turns of direction.

    Line ends and tabs stay, as do the joiners that some scripts and emoji are written with.
    """
    return _CONTROLS.sub(lambda found: _escaped(ord(found[0])), text)


def visible_json(text: str) -> str:
    """Return JSON text of the same value with `\\u` escapes for what a terminal would obey."""
    return _IN_JSON.sub(lambda found: json.dumps(found[0])[1:-1], text)


def all_visible(value: Any) -> Any:
    """Return a copy of plain values in which every text is `visible`, keys too."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {all_visible(key): all_visible(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [all_visible(item) for item in value]
    return value


def _escaped(code: int) -> str:
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
