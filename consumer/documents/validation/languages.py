"""Which language a document is written in, told by the commonest words of each."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from consumer.documents.validation.places import Place
from consumer.documents.validation.visiting import Element, Visitor

MOST_CHARACTERS = 40_000
_LEAST_WORDS = 8
_LEAST_WORDS_OF_A_REQUEST = 2
_LEAD = 2.0
_WORD = re.compile(r"[^\W\d_]+")
_COMMON = {
    "de": "der die das und ist nicht mit für auf ein eine den dem des von zu im sich wird auch",
    "en": "the and is of to in that for with are was this be as by on from have which not",
    "fr": "le la les et est des une dans pour que qui sur avec pas sont du au ce par plus",
    "it": "il lo gli e di che per una con non sono della nel alla dei come più questo si è",
    "es": "el los las y es una por con para que del se no como más su al este son lo",
}
_VOTES = {code: frozenset(words.split()) for code, words in _COMMON.items()}


class Reading(Visitor):
    """Reads the first texts of a document, and tells their language."""

    def __init__(self) -> None:
        self._words: Counter[str] = Counter()
        self._left = MOST_CHARACTERS

    def element(self, place: Place, element: Element) -> None:
        """Read the text of an element."""
        text = element.values.get("text")
        if isinstance(text, str):
            self._read(text)

    def item(self, place: Place, number: int, item: Any) -> None:
        """Read an item of a list."""
        if isinstance(item, str):
            self._read(item)

    def language(self) -> str | None:
        """Return the code of the language; None when there is too little to tell."""
        return _told_by(self._words, _LEAST_WORDS)

    def _read(self, text: str) -> None:
        if self._left > 0:
            self._words.update(_WORD.findall(text[: self._left].casefold()))
            self._left -= len(text)


def language_of_request(text: str) -> str | None:
    """Return the code of the language a request is written in; None when it cannot be told."""
    words = Counter(_WORD.findall(text[:MOST_CHARACTERS].casefold()))
    return _told_by(words, _LEAST_WORDS_OF_A_REQUEST)


def _told_by(words: Counter[str], least: int) -> str | None:
    votes = {code: sum(words[word] for word in common) for code, common in _VOTES.items()}
    first, second = sorted(votes, key=votes.__getitem__, reverse=True)[:2]
    clear = votes[first] >= max(least, _LEAD * votes[second])
    return first if clear else None


def same_language(wished: str | None, found: str | None) -> bool:
    """Return whether a document is in the language wished for, as far as that can be told."""
    if not wished or found is None:
        return True
    code = wished.strip().casefold()[:2]
    return code not in _VOTES or code == found
