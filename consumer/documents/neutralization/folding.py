"""Text as a reader sees it, with the way back to the characters it was written with.

Recognisers look at the folded text: full-width digits are digits, what is invisible is gone, and
`\\u00e4`, `&auml;`, `%C3%A4` and a word split at the end of a line are what they stand for.
"""

from __future__ import annotations

import html
import re
import unicodedata
import urllib.parse
from array import array
from bisect import bisect_right

Span = tuple[int, int]

_INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
_STEADY = "À-ÿ€§„“Ͱ-ͳΑ-ωЀ-ӿぁ-ゖァ-ヺ一-鿿가-힣"
"""What folding would leave as it is, and common."""
_ODD = re.compile(
    rf"[{_INVISIBLE}]+"
    r"|[^\W\d_][\u0300-\u036f]+"
    rf"|[^\x00-\x7f{_STEADY}]"
    r"|\\{1,8}u[dD][89abAB][0-9a-fA-F]{2}\\{1,8}u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|\\{1,8}(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[nrt/\"])"
    r"|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,7});"
    r"|(?:%[0-9a-fA-F]{2})+"
    r"|=[C-F][0-9A-F](?:=[89AB][0-9A-F]){1,3}|=\r?\n"
    r"|(?<=[a-zäöüß])-[ \t]*\r?\n[ \t]*(?=[a-zäöüß])"
)
_DASHES = dict.fromkeys("‐‑‒–—−", "-")
_NUMERIC_ESCAPE = re.compile(r"\\+[ux]([0-9a-fA-F]{2,4})")
_SIMPLE = {"n": "\n", "r": "\n", "t": "\t", "/": "/", '"': '"'}


class Folded:
    """A folded text that knows where each of its characters came from."""

    def __init__(self, text: str, starts: array[int], ends: array[int], shifts: array[int]) -> None:
        self.text = text
        self._starts = starts
        self._ends = ends
        self._shifts = shifts

    def source(self, start: int, end: int) -> Span:
        """Return where `text[start:end]` stands in what was folded; `end` is past `start`."""
        return self._begin(start), self._finish(end - 1)

    def _begin(self, position: int) -> int:
        index = bisect_right(self._starts, position) - 1
        if index < 0:
            return position
        if position < self._ends[index]:
            return self._shifts[2 * index]
        return position - self._ends[index] + self._shifts[2 * index + 1]

    def _finish(self, position: int) -> int:
        index = bisect_right(self._starts, position) - 1
        if index < 0:
            return position + 1
        if position < self._ends[index]:
            return self._shifts[2 * index + 1]
        return position - self._ends[index] + self._shifts[2 * index + 1] + 1


def fold(text: str) -> Folded:
    """Fold a text; linear in its length."""
    pieces: list[str] = []
    starts, ends, shifts = array("q"), array("q"), array("q")
    last = size = 0
    for match in _ODD.finditer(text):
        written = match[0]
        read = _read(written)
        if read == written:
            continue
        begin, end = match.span()
        pieces += (text[last:begin], read)
        size += begin - last
        starts.append(size)
        size += len(read)
        ends.append(size)
        shifts.extend((begin, end))
        last = end
    pieces.append(text[last:])
    return Folded("".join(pieces), starts, ends, shifts)


def _read(written: str) -> str:
    """Return what a written sequence stands for; itself, when it stands for nothing else."""
    first = written[0]
    if first == "&":
        return _folded_character(html.unescape(written))
    if first == "%":
        return _percent(written)
    if first == "=":
        return _quoted_printable(written)
    if first == "-":
        return ""
    if first == "\\":
        return _escape(written)
    return _folded_character(written)


def _folded_character(written: str) -> str:
    if all(unicodedata.category(one) in ("Cf", "Mn") for one in written):
        return ""
    folded = unicodedata.normalize("NFKC", written)
    # Ligatures and fractions may grow; a digit of any script becomes the digit it is.
    return "".join(_DASHES.get(one) or _digit(one) for one in folded)


def _digit(one: str) -> str:
    if one > "\x7f":
        if one.isdecimal():
            return str(unicodedata.decimal(one))
        if one.isspace():
            return "\n" if one in "\u2028\u2029\x85" else " "
    return one


def _percent(written: str) -> str:
    try:
        return urllib.parse.unquote(written, errors="strict")
    except UnicodeDecodeError:
        return written


def _quoted_printable(written: str) -> str:
    if written.endswith("\n"):
        return ""
    try:
        return bytes.fromhex(written.replace("=", "")).decode()
    except UnicodeDecodeError:
        return written


def _escape(written: str) -> str:
    numbers = _NUMERIC_ESCAPE.findall(written)
    if not numbers:
        return _SIMPLE[written[-1]]
    units = b"".join(int(number, 16).to_bytes(2, "big") for number in numbers)
    return _folded_character(units.decode("utf-16-be", errors="replace"))
