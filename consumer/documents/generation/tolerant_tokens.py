"""Strings, numbers and words of almost-JSON."""

from __future__ import annotations

import json
import re
from typing import Any, Final

CUT: Final = object()
"""Stands for a value that the end of the text cut off."""

QUOTES: Final = {'"': '"', "'": "'", "“": "”", "„": "“”", "”": "”", "‘": "’", "`": "`", "«": "»"}
"""Characters that open a string, with those that close it."""

OPENING: Final = re.compile(r"[{\[]")
JSON_OPENING: Final = re.compile(
    r"[{\[]\s*(?:[\"'“„{\[\]}]|-?\d|(?:true|false|null)\b|[\w$-]+\s*:|/[/*]|\Z)"
)
"""A bracket followed by what may stand in JSON, be it broken: not one of prose."""

SPACE = re.compile(r"[\s\u00a0\u200b\u200c\u200d\u2060\ufeff\x00]*")
COMMENT = re.compile(r"//[^\n]*|/\*.*?(?:\*/|\Z)|#[^\n]*|<!--.*?(?:-->|\Z)", re.DOTALL)

_WORDS = {"true": True, "false": False, "null": None, "none": None, "undefined": None, "nil": None}
_NOT_FINITE = frozenset(("nan", "infinity", "-infinity", "inf", "-inf", "+infinity", "+inf"))
_BARE = re.compile(r"[^\s,;:{}\[\]\"]+(?:[ \t]+[^\s,;:{}\[\]\"/#]+)*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?\Z")
_ODD_NUMBER = re.compile(r"[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\Z")
_HEX = re.compile(r"[+-]?0[xX][0-9a-fA-F]+\Z")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r?\n|.)", re.DOTALL)
_PLAIN = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "/": "/"}
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")

_ENDS_VALUE = re.compile(
    r"\s*(?:\Z|[}\]]|/[/*]|\+\s*[\"']|\n\s*(?:[\"'{\[]|-?\d|(?:true|false|null)\b)|[,;]\s*(?:\Z|[\"'“„{}\[\]/#.…]))"
)
_ENDS_ELEMENT = re.compile(
    r"\s*[,;]\s*(?:[+-]?\d*\.?\d+(?:e[+-]?\d+)?(?:[ \t]*\n|\s*[,;\]])|[+-]?\d[\d.]*\Z|"
    r"(?:true|false|null|none|nan|undefined)(?:[ \t]*\n|\s*(?:[,;\]]|\Z))|[a-z]{1,4}\Z)",
    re.IGNORECASE,
)
_NEXT_KEY = re.compile(
    r"\s*[,;]\s*(?:\Z|}|/[/*]|#|[\w$-]+\s*:|([\"'“„])(?:[^\"'\\\n]|\\.)*(?:\Z|[\"'”“]\s*(?::|=|\Z)))"
)
_ENDS_KEY = re.compile(r"\s*(?:\Z|:|=)")


def string_at(text: str, at: int, in_object: bool | None) -> tuple[Any, int, str]:
    """Read the string that opens at `at`: its value or CUT, where it ends, what was mended.

    `in_object` tells how to know its end where quotes inside are not escaped: None for a key.
    """
    closing = QUOTES[text[at]]
    change = "" if text[at] == '"' else "other quotes became double quotes"
    position = at + 1
    while position < len(text):
        here = text[position]
        if here == "\\":
            position += 2
        elif here in closing:
            if _ends(text, position + 1, in_object):
                return (*_content(text[at + 1 : position], position + 1, change),)
            change = "quotes in strings escaped"
            position += 1
        else:
            position += 1
    return CUT, len(text), "closed at the end"


def bare_value(text: str, at: int) -> tuple[Any, int, str]:
    """Read a number or a word: its value or CUT, where it ends, what was mended."""
    found = _BARE.match(text, at)
    if found is None:
        return CUT, at, ""
    word, end = found[0].strip(), found.end()
    if end >= len(text):
        return CUT, end, "closed at the end"
    if word in ("true", "false", "null"):
        return _WORDS[word], end, ""
    if word.lower() in _WORDS:
        return _WORDS[word.lower()], end, "literals mended"
    if word.lower() in _NOT_FINITE:
        return None, end, f"{word} became null"
    return _number(word, end)


def _number(word: str, end: int) -> tuple[Any, int, str]:
    if _NUMBER.match(word):
        return json.loads(word), end, ""
    if _HEX.match(word):
        return int(word, 16), end, "numbers mended"
    if _ODD_NUMBER.match(word):
        plain = word.replace("_", "").lstrip("+")
        whole = re.fullmatch(r"-?\d+", plain)
        return (int(plain) if whole else float(plain)), end, "numbers mended"
    return word, end, "words quoted"


def _ends(text: str, at: int, in_object: bool | None) -> bool:
    """Say whether a quote just before `at` closes its string, by what follows it."""
    if in_object is None:
        return _ENDS_KEY.match(text, at) is not None
    if in_object:
        after = SPACE.match(text, at)
        following = text[after.end() : after.end() + 1] if after else ""
        if following in (",", ";"):
            return _NEXT_KEY.match(text, at) is not None
        return _ENDS_VALUE.match(text, at) is not None
    return bool(_ENDS_VALUE.match(text, at) or _ENDS_ELEMENT.match(text, at))


def _content(raw: str, end: int, change: str) -> tuple[str, int, str]:
    """Return what a string says: escapes read, unknown ones kept as they stand."""
    told = change
    if any(ord(character) < 0x20 for character in raw):
        told = told or "line breaks in strings escaped"
    odd = False

    def read(found: re.Match[str]) -> str:
        nonlocal odd
        code = found[1]
        if code[0] == "u" and len(code) == 5:
            return chr(int(code[1:], 16))
        if code in _PLAIN:
            return _PLAIN[code]
        odd = True
        if code[0] == "x" and len(code) == 3:
            return chr(int(code[1:], 16))
        if code in ("'", "\n", "\r\n"):
            return "" if code != "'" else "'"
        return found[0]

    value = _ESCAPE.sub(read, raw)
    paired = _PAIR.sub(lambda two: two[0].encode("utf-16", "surrogatepass").decode("utf-16"), value)
    return paired, end, told or ("escapes mended" if odd else "")
