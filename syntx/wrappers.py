"""Wrappers: the frames a prompt is put in, one text file each."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

PLACEHOLDER = "{{prompt}}"

_SIGMA_PREFIX = re.compile(r"^\s*(?:[σς∑]|sigma(?=[\s\-–—_]))[\s\-–—_]*")
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "ı": "i"})
_SPELLED_UMLAUT = re.compile(r"([aou])e")
_NOT_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Field:
    """One section a wrapper asks for; weights of a wrapper add up to 100."""

    key: str
    heading: str
    aliases: tuple[str, ...] = ()
    weight: float = 0.0
    min_words: int = 5
    parts: tuple[str, ...] = ()
    """Sub-headings asked for inside the section."""


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A wrapper as read from its file; `digest` is the hash of the file's bytes."""

    name: str
    text: str
    fields: tuple[Field, ...]
    digest: str
    version: str = "1"
    terminology: str = "custom"
    language: str = "de"
    marker: str = "###"
    """How its headings are written: `1.` or `###`."""

    def wrap(self, prompt: str) -> str:
        """Return the full prompt: the first ``{{prompt}}`` replaced literally, else at the end."""
        before, found, after = self.text.partition(PLACEHOLDER)
        if found:
            return f"{before}{prompt}{after}"
        return f"{self.text.rstrip()}\n\n{prompt}"


def fold(text: str) -> str:
    """Return `text` in one spelling: lower case, no accents, ä, ae and a alike."""
    lower = unicodedata.normalize("NFC", text).casefold().translate(_UMLAUTS)
    if not lower.isascii():
        decomposed = unicodedata.normalize("NFKD", lower)
        lower = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return _SPELLED_UMLAUT.sub(r"\1", lower)


def heading_key(heading: str) -> str:
    """Return what makes a heading the same: its letters and digits, spelling and Σ- aside."""
    return _NOT_LETTER.sub("", _SIGMA_PREFIX.sub("", fold(heading)))
