"""Words parted at line ends: one word again, or a compound that keeps its hyphen."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

SIGN = "\x02"
"""What pdfium puts for a hyphen at the end of a line."""

_PARTED = re.compile(f"([^\\s{SIGN}]*){SIGN}\n?([^\\s{SIGN}]*)")
_WORD = re.compile(r"\w+")


class Hyphens:
    """What to do with hyphens at line ends, by the words that the PDF holds elsewhere."""

    def __init__(self, pdf: Any) -> None:
        self._pdf = pdf

    def mend(self, told: str) -> str:
        """Join what was parted; a text without such hyphens costs nothing."""
        if SIGN not in told:
            return told
        return _PARTED.sub(lambda parted: self._joined(parted[1], parted[2]), told)

    def _joined(self, start: str, end: str) -> str:
        """Keep the hyphen of names and numbers, and where each part is a word of its own."""
        first, last = _WORD.findall(start)[-1:], _WORD.findall(end)[:1]
        if not first or not last:
            return f"{start}-{end}"
        if f"{first[0]}{last[0]}" in self._vocabulary:
            return f"{start}{end}"
        apart = "-" in start or {first[0], last[0]} <= self._vocabulary
        return f"{start}-{end}" if apart or not last[0][0].islower() else f"{start}{end}"

    @cached_property
    def _vocabulary(self) -> set[str]:
        """All words of the PDF that stand in one line."""
        known: set[str] = set()
        for index in range(len(self._pdf)):
            try:
                words = self._pdf.get_page(index).get_textpage()
            except RuntimeError:  # a broken page has no words
                continue
            told = words.get_text_range(errors="replace").replace("\r\n", "\n")
            known.update(_WORD.findall(_PARTED.sub(" ", told.replace("\ufffe", SIGN))))
        return known
