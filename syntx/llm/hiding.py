"""Keeping a key out of what an endpoint said: as it is, encoded, turned round, or in part; pure."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from urllib.parse import quote

HIDDEN = "***"
SHORTEST_KEY = 8
"""Characters; anything shorter is a word that an answer may well hold."""
_PIECE = 8
"""So many characters of a key in a row tell too much of it."""


def without_key(text: str, key: str | None) -> str:
    """Return a text in which the whole key is hidden, however it is encoded."""
    if not key or len(key) < SHORTEST_KEY:
        return text
    for form in _forms(key):
        text = text.replace(form, HIDDEN)
    return text


def without_pieces(text: str, key: str | None) -> str:
    """Return a text in which the key is hidden, and every piece of it that is long enough."""
    if not key:
        return text
    clean = without_key(text.replace(key, HIDDEN), key)
    shown = bytearray(b"\1" * len(clean))
    for piece in _pieces(key):
        for found in re.finditer(f"(?={re.escape(piece)})", clean):
            shown[found.start() : found.start() + _PIECE] = bytes(_PIECE)
    return "".join(_joined(clean, shown))


def _forms(key: str) -> Iterator[str]:
    yield key
    yield key[::-1]
    yield quote(key, safe="")
    raw = key.encode("utf-8", "surrogateescape")
    yield raw.hex()
    for before in range(3):
        # What stands before the key in the encoded text shifts it; its edges are left out.
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            whole = encode(b"\0" * before + raw).decode()
            yield whole[(before * 8 + 5) // 6 : (before + len(raw)) * 8 // 6]


def _pieces(key: str) -> Iterator[str]:
    for form in {key, key[::-1]}:
        for start in range(len(form) - _PIECE + 1):
            yield form[start : start + _PIECE]


def _joined(text: str, shown: bytearray) -> Iterator[str]:
    """Yield the shown parts, and one mark for each part that is not."""
    for found in re.finditer(b"\0+|\1+", bytes(shown)):
        yield text[found.start() : found.end()] if found[0][0] else HIDDEN
