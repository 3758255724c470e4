"""Breaking JSON the ways models do: every text in a way of its own, always the same one."""

from __future__ import annotations

import re
from collections.abc import Callable

from syntx.simulator.dice import digest

_SCALARS = {"true": "True", "false": "False", "null": "None"}
_WORD = re.compile(r"(?<=[:\[,\s])(true|false|null)(?=[\s,\]}])")
_CLOSING = re.compile(r"(?<=[\"\d\]}el])(\s*)([\]}])(?=\s*$)")


def break_json(text: str) -> str:
    """Return JSON text broken by one of the ways; what one cannot break loses its end."""
    first = digest("breaking", text) % len(_WAYS)
    for way in (*_WAYS[first:], *_WAYS[:first]):
        broken = way(text)
        if broken != text:
            return broken
    return text[:-1]


def _unclosed(text: str) -> str:
    return text.rstrip()[:-2]


def _trailing_comma(text: str) -> str:
    return _CLOSING.sub(r",\1\2", text)


def _commented(text: str) -> str:
    return text.replace("{", "{ // JSON\n", 1)


def _in_prose(text: str) -> str:
    return f"Hier ist das Ergebnis:\n\n{text}\n\nSag gern Bescheid, wenn etwas fehlt."


def _pythonic(text: str) -> str:
    return _WORD.sub(lambda found: _SCALARS[found[1]], text)


def _missing_comma(text: str) -> str:
    return re.sub(r'",(\s*")', r'"\1', text, count=1)


_WAYS: tuple[Callable[[str], str], ...] = (
    _unclosed,
    _trailing_comma,
    _commented,
    _in_prose,
    _pythonic,
    _missing_comma,
)
