"""Placeholders: `[[PERSON_1]]`, and the shapes in which a model gives them back."""

from __future__ import annotations

import re

from consumer.documents.neutralization.findings import Kind

_KINDS = "|".join(Kind)
_OPEN = r"(?:\\{0,4}\[){1,2}[ \t*_`]{0,3}"
_CLOSE = r"[ \t*_`]{0,3}(?:\\{0,4}\]){1,2}"
TOLERANT = re.compile(
    rf"{_OPEN}({_KINDS})[ \t]?(?:\\{{0,4}}_|-|:)?[ \t]?([0-9]{{1,9}}){_CLOSE}", re.IGNORECASE
)
"""A placeholder as written here, or as a model may have bent it; group 1 kind, group 2 number."""


def written(token: str) -> str:
    """Return how a token such as `PERSON_1` is written into a text."""
    return f"[[{token}]]"


def token_of(match: re.Match[str]) -> str:
    """Return the token that a match of `TOLERANT` stands for."""
    return f"{match[1].upper()}_{int(match[2])}"


def tokens_in(text: str) -> list[str]:
    """Return the tokens of all placeholders in a text, in their order."""
    return [token_of(match) for match in TOLERANT.finditer(text)]
