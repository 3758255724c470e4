"""Reading several candidates out of one answer."""

from __future__ import annotations

import re

_MARK = re.compile(
    r"^[ \t#>*_-]*(?:(?:Kandidat|Variante|Prompt|Candidate)[ \t]*)?(\d{1,2})[ \t]*[.):][ \t*_]*",
    re.IGNORECASE | re.MULTILINE,
)
_FEWEST_WORDS = 12
_QUOTES = {"„": "“", '"': '"', "“": "”", "»": "«", "«": "»"}


def candidates(text: str, asked: int, *, cut: bool = False) -> tuple[str, ...]:
    """Return the candidates in an answer; a text without numbers is one, as it is.

    Those beyond what was `asked` are left out, and where the answer was `cut` off, its last one. A
    short numbered list inside one prompt is not taken for candidates.
    """
    if asked < 2:
        return (text,)
    # One mark more, or the last candidate would hold all that follow.
    marks = _in_order(text, asked + 1)
    if len(marks) > asked and len(text[marks[-1].end() :].split()) < _FEWEST_WORDS:
        marks.pop()
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    parts = [_bare(text[mark.end() : end]) for mark, end in zip(marks, ends, strict=bool(marks))]
    if len(parts) < 2 or min(len(part.split()) for part in parts[:-1]) < _FEWEST_WORDS:
        return () if cut else (text,)
    return tuple(parts[:-1] if cut else parts)[:asked]


def _in_order(text: str, most: int) -> list[re.Match[str]]:
    """Return the marks 1, 2, 3 … that follow each other, at most so many."""
    found: list[re.Match[str]] = []
    for mark in _MARK.finditer(text):
        if len(found) < most and int(mark.group(1)) == len(found) + 1:
            found.append(mark)
    return found


def _bare(part: str) -> str:
    text = part.strip().removesuffix("---").rstrip().removesuffix("**").strip()
    if text and _QUOTES.get(text[0]) == text[-1] and text[0] not in text[1:-1]:
        return text[1:-1].strip()
    return text
