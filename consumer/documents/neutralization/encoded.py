"""Personal data hidden in base64 or hexadecimal."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Iterator

from consumer.documents.neutralization.findings import Finding, Kind

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}+(?:\r?\n[A-Za-z0-9+/_-]{12,}+)*+={0,2}")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-fA-F]{2}[ :]?){8,}+")
_BREAK = re.compile(r"\s+")
_READABLE = 0.9
"""Share of characters that must be printable for bytes to be text."""


def encoded(text: str, recognise: Callable[[str], Iterable[Finding]]) -> Iterator[Finding]:
    """Find runs that hold personal data once decoded; such a run goes as a whole."""
    for match in _BASE64.finditer(text):
        run = _BREAK.sub("", match[0]).rstrip("=").translate({45: 43, 95: 47})
        if any(_holds(_from_base64(run[skip:]), recognise) for skip in range(4)):
            yield Finding(*match.span(), Kind.DATA, spread=False)
    for match in _HEX.finditer(text):
        digits = re.sub(r"[ :]", "", match[0])
        if _holds(bytes.fromhex(digits), recognise):
            yield Finding(
                match.start(), match.start() + len(match[0].rstrip()), Kind.DATA, spread=False
            )


def _from_base64(run: str) -> bytes:
    whole = run[: len(run) - (len(run) % 4 == 1)]
    try:
        return base64.b64decode(whole + "=" * (-len(whole) % 4))
    except (binascii.Error, ValueError):
        return b""


def _holds(data: bytes, recognise: Callable[[str], Iterable[Finding]]) -> bool:
    if len(data) < 6 or sum(one < 9 or 13 < one < 32 for one in data[:64]) > 2:
        return False
    text = data.decode("utf-8", errors="ignore")
    readable = sum(one.isprintable() or one in "\r\n\t" for one in text)
    if readable < _READABLE * len(data.decode("utf-8", errors="replace")):
        return False
    return any(True for _ in recognise(text))
