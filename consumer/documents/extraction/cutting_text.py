"""Where a text may be cut: not inside a placeholder, nor what is read as one sign; pure."""

from __future__ import annotations

import re
import unicodedata

_PLACEHOLDER = re.compile(r"\[\[[A-Z]+(?:_[A-Z]+)*_\d+\]\]")
_LONGEST_PLACEHOLDER = 80
_LONGEST_SIGN = 64
"""Characters; a sign of more combining marks than that may be cut."""

_SEAMS = ("\n\n", "\n", ". ", "! ", "? ", "。", "; ", ", ", " ")
_GIVEN_UP = 3
"""A third of a piece may be left unused for the sake of a better seam."""

_JOINER = "\u200d"


def best_cut(text: str, start: int, most: int) -> int:
    """Return where to end a piece that begins at `start` and ends at `most` at the latest.

    The end of a paragraph is best, then that of a line, a sentence, a word. Returns `start` where
    nothing but a placeholder stands there, which is never cut.
    """
    if most >= len(text):
        return len(text)
    least = most - (most - start) // _GIVEN_UP
    for seam in _SEAMS:
        found = text.rfind(seam, least, most)
        if found >= 0:
            return safe_cut(text, start, found + len(seam))
    return safe_cut(text, start, most)


def safe_cut(text: str, start: int, end: int) -> int:
    """Return the last place up to `end` that parts neither a placeholder nor one sign.

    A sign that fills the whole piece is parted between its characters.
    """
    whole = _before_placeholder(text, start, end)
    place = _before_sign(text, start, whole)
    while place > start:
        outside = _before_placeholder(text, start, place)
        if outside == place:
            return place
        place = _before_sign(text, start, outside)
    return whole


def _before_placeholder(text: str, start: int, end: int) -> int:
    opening = text.rfind("[[", max(start, end - _LONGEST_PLACEHOLDER), end + 1)
    while opening >= 0:
        found = _PLACEHOLDER.match(text, opening)
        if found and found.start() < end < found.end():
            return opening
        # In "[[[PERSON_1]]" the placeholder begins one bracket later or earlier.
        opening = text.rfind("[[", max(start, end - _LONGEST_PLACEHOLDER), opening + 1)
    return end


def _before_sign(text: str, start: int, end: int) -> int:
    place = end
    while place > start and place < len(text) and _joined(text, start, place):
        place -= 1
        if end - place > _LONGEST_SIGN:
            return end
    return place


def _joined(text: str, start: int, place: int) -> bool:
    before, after = text[place - 1], text[place]
    if after < "\u0300":
        return before == "\r" and after == "\n"
    return (
        unicodedata.category(after) in ("Mn", "Mc", "Me")
        or _JOINER in (before, after)
        or "\u1160" <= after <= "\u11ff"
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or "\U000e0020" <= after <= "\U000e007f"
        or _inside_flag(text, start, place)
    )


def _inside_flag(text: str, start: int, place: int) -> bool:
    """Whether two regional indicators around the place are one flag."""
    if not _regional(text[place]):
        return False
    count = 0
    while place - count > start and _regional(text[place - count - 1]):
        count += 1
    return count % 2 == 1


def _regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
