"""Alternatives of a pattern, written as words."""

from __future__ import annotations


def one_of(words: str) -> str:
    """Return a pattern that matches one of the words, themselves patterns; `_` is a space."""
    return f"(?:{'|'.join(word.replace('_', '[ ]') for word in words.split())})"
