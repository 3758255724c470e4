"""What is wrong with texts: placeholders left over, the same said twice, an end that is cut."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from consumer.documents.validation.places import Finding, Findings, Place
from consumer.documents.validation.visiting import Element, Visitor

LEAST_REPEATED = 60
"""Characters; shorter texts may well stand twice."""
MOST_REMEMBERED = 200_000
_MARK = re.compile(r"[\[{]|TODO|TBD|FIXME|XXX|orem ipsum")
"""What every placeholder holds; quick to look for."""
_PLACEHOLDER = re.compile(
    r"\b(?i:lorem) ipsum\b|\b(?:TODO|TBD|FIXME|XXX+)\b|\[\[[A-Z][A-Z_]*_\d+\]\]|\{\{[^{}]{1,60}\}\}"
    r"|\[(?i:(?:hier |bitte )?(?:einfügen|ergänzen|insert|placeholder|platzhalter))[^\]]{0,60}\]"
)
_TEXTS = ("text", "caption", "source", "code")
_ENDED = re.compile(r"[.!?…:;][\"“”»«')\]*_]*\Z")
_HANGING = re.compile(
    r"(?:[,(\-–/]|\b(?:und|oder|der|die|das|ein|eine|mit|für|von|zu|and|or|the|a|of|to|with|for))\Z"
)
_FEW_WORDS = 8


class TextChecks(Visitor):
    """Checks paragraphs, quotes and headings for what should not be left in them."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._seen: set[bytes] = set()
        self._type: str | None = None
        self._last: tuple[Place, str] | None = None

    def metadata(self, values: Mapping[str, Any]) -> None:
        """Check the title."""
        report_placeholder(self._findings, Place(0), str(values.get("title") or ""), "title")

    def begin_document(self, place: Place) -> None:
        """Begin a document: nothing of it was said yet."""
        self._last = None

    def element(self, place: Place, element: Element) -> None:
        """Check the texts of an element."""
        for name in _TEXTS:
            value = element.values.get(name)
            if isinstance(value, str):
                report_placeholder(self._findings, place, value, name)
        text = element.values.get("text")
        if "level" in element.values:
            return
        if isinstance(text, str) and text.strip():
            self._repeated(place, text)
            self._hanging(place, text.strip())
            self._last = (place, text.strip())
        elif element.rows is not None or element.items is not None:
            self._last = None

    def end_document(self, place: Place, sections: int) -> None:
        """Check whether the last thing said is a whole sentence."""
        if self._last is None:
            return
        where, text = self._last
        if len(text.split()) >= _FEW_WORDS and not _ENDED.search(text) and not hangs(text):
            self._cut(where, text)

    def _hanging(self, place: Place, text: str) -> None:
        if len(text.split()) >= _FEW_WORDS and hangs(text):
            self._cut(place, text)

    def _cut(self, place: Place, text: str) -> None:
        issue = "the last sentence is cut"
        mend = f"{place}: finish the last sentence, which ends in '…{text[-30:]}'"
        self._findings.add("cut", Finding(place, issue, "gap", mend))

    def _repeated(self, place: Place, text: str) -> None:
        plain = " ".join(text.split()).casefold()
        if len(plain) < LEAST_REPEATED:
            return
        key = blake2b(plain.encode("utf-8", "replace"), digest_size=12).digest()
        if key in self._seen:
            issue = f"the paragraph beginning '{plain[:30]}…' stands there twice"
            mend = f"{place}: leave out the paragraph that repeats an earlier one"
            self._findings.add("repeated", Finding(place, issue, "remark", mend))
        elif len(self._seen) < MOST_REMEMBERED:
            self._seen.add(key)


def hangs(text: str) -> bool:
    """Return whether a text ends where no sentence can."""
    return _HANGING.search(text) is not None


def placeholder_in(text: str) -> str | None:
    """Return the first placeholder of a text, or None."""
    found = _PLACEHOLDER.search(text) if _MARK.search(text) else None
    return found.group() if found else None


def report_placeholder(findings: Findings, place: Place, text: str, where: str) -> None:
    """Report a placeholder that was left in a text."""
    found = placeholder_in(text)
    if found is not None:
        mend = f"{place}: write what belongs where {found!r} stands"
        issue = f"placeholder {found!r} left in the {where}"
        findings.add("placeholder", Finding(place, issue, "gap", mend))
