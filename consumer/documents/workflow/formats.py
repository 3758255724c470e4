"""The formats a request names in its own words; pure."""

from __future__ import annotations

import re

_WORDS = {
    "docx": r"docx|word(?:[- ]?(?:datei|dokument|file|document))?",
    "pdf": r"pdf(?:[- ]?(?:datei|dokument|file|document))?",
    "xlsx": r"xlsx|excel(?:[- ]?(?:datei|tabelle|file|sheet))?",
    "html": r"html(?:[- ]?(?:datei|seite|file|page))?|webseite|web ?page",
    "md": r"markdown(?:[- ]?(?:datei|file))?",
    "csv": r"csv(?:[- ]?(?:datei|file))?",
    "txt": r"txt|textdatei|text ?file|plain text",
    "json": r"json(?:[- ]?(?:datei|file))?",
}
_ANY = "|".join(f"(?P<{name}>{words})" for name, words in _WORDS.items())
_ARTICLE = r"(?:an?\s+|eine?[nr]?\s+|the\s+)?"
_FIRST = re.compile(
    rf"\b(?:als|as|im\s+format|format:?|into|in)\s+{_ARTICLE}(?:{_ANY})\b", re.IGNORECASE
)
_NEXT = re.compile(
    rf"\s*(?:,|und|and|sowie|or|oder|&)\s*(?:als\s+|as\s+)?{_ARTICLE}(?:{_ANY})\b", re.IGNORECASE
)


def named_formats(request: str) -> tuple[str, ...]:
    """Return the formats asked for as in "als PDF und Excel", in their order."""
    found: dict[str, None] = {}
    for first in _FIRST.finditer(request):
        match: re.Match[str] | None = first
        while match is not None:
            found[str(match.lastgroup)] = None
            match = _NEXT.match(request, match.end())
    return tuple(found)
