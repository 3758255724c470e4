"""A reader of almost-JSON, as models write it; what it had to mend, it tells.

Comments, trailing, doubled and missing commas, other quotes, bare keys, Python's literals, raw line
breaks and unescaped quotes in strings, and an end that is missing. A value cut at the end of the
text is dropped: half a number is not a number.
"""

from __future__ import annotations

import re
from typing import Any

from consumer.documents.generation.tolerant_tokens import (
    COMMENT,
    CUT,
    JSON_OPENING,
    OPENING,
    QUOTES,
    SPACE,
    bare_value,
    string_at,
)

_DEPTH = 100
_DOTS = re.compile(r"\.{3,}|…")
_COLON = re.compile(r":|=>?")
_BARE_KEY = re.compile(r"[\w$][\w$.-]*")
_BODY = re.compile(r"""["'][^"'\n]*["']\s*:""")


class Lost(ValueError):
    """The text cannot be read as JSON, not even with indulgence."""


def read_tolerantly(text: str) -> tuple[Any, tuple[str, ...]]:
    """Return the object or list that a text holds and what was mended; raises Lost."""
    reader = _Reader(text)
    value = reader.root()
    if not reader.changes:
        reader.told("read with indulgence")
    return value, tuple(reader.changes)


class _Reader:
    """One pass over a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.changes: dict[str, None] = {}

    def told(self, change: str) -> None:
        """Note what was mended, once."""
        self.changes.setdefault(change)

    def root(self) -> Any:
        """Read the outermost value and skip what stands around it."""
        self.space()
        if _BODY.match(self.text, self.at):
            self.told("opening brace added")
            return self.members(0)
        text, at = self.text, self.at
        opening = JSON_OPENING.search(text, at) or OPENING.search(text, at)
        if opening is None:
            raise Lost("there is no object or list")
        if self.text[self.at : opening.start()].strip():
            self.told("text before taken off")
        self.at = opening.start()
        value = self.value(0, in_object=False)
        self.space()
        if self.text[self.at :].strip("]} \t\r\n;,`"):
            self.told("text after taken off")
        elif self.at < len(self.text):
            self.told("superfluous closing taken off")
        return value

    def value(self, depth: int, *, in_object: bool) -> Any:
        """Read a value where one stands; CUT where the text ends inside it."""
        if depth > _DEPTH:
            raise Lost("nested too deep")
        here = self.peek()
        if here in ("{", "["):
            self.at += 1
            return self.members(depth) if here == "{" else self.elements(depth)
        if here in QUOTES:
            return self.string(in_object)
        value, self.at, change = bare_value(self.text, self.at)
        if change:
            self.told(change)
        return value

    def string(self, in_object: bool) -> Any:
        """Read a string and those that are added to it with a plus."""
        value, self.at, change = string_at(self.text, self.at, in_object)
        if change:
            self.told(change)
        self.space()
        if value is not CUT and self.peek() == "+":
            self.at += 1
            self.space()
            if self.peek() in QUOTES:
                self.told("strings joined")
                more = self.string(in_object)
                return CUT if more is CUT else value + more
        return value

    def elements(self, depth: int) -> list[Any]:
        """Read a list, from after its bracket."""
        found: list[Any] = []
        while self.goes_on("]", bool(found)):
            start = self.at
            value = self.value(depth + 1, in_object=False)
            if value is not CUT:
                found.append(value)
            self.forward(start)
        return found

    def members(self, depth: int) -> dict[str, Any]:
        """Read an object, from after its brace."""
        found: dict[str, Any] = {}
        while self.goes_on("}", bool(found)):
            start = self.at
            key = self.key()
            self.space()
            colon = _COLON.match(self.text, self.at)
            if key is CUT or colon is None:
                if self.at >= len(self.text):
                    self.told("closed at the end")
                    break
                raise Lost(f"a key without value at character {start}")
            if colon[0] != ":":
                self.told("colon mended")
            self.at = colon.end()
            self.space()
            value = self.value(depth + 1, in_object=True) if self.peek() else CUT
            if value is not CUT:
                found[key] = value
            self.forward(start)
        return found

    def key(self) -> Any:
        """Read a key, quoted or bare."""
        if self.peek() in QUOTES:
            value, self.at, change = string_at(self.text, self.at, None)
            if change:
                self.told(change)
            return value
        bare = _BARE_KEY.match(self.text, self.at)
        if bare is None:
            raise Lost(f"no key at character {self.at}")
        self.told("keys quoted")
        self.at = bare.end()
        return bare[0]

    def goes_on(self, closing: str, begun: bool) -> bool:
        """Pass what separates; False when the container ends, by its bracket or with the text."""
        commas = self.separators()
        here = self.peek()
        if here == "":
            self.told("closed at the end")
            return False
        if here in ("]", "}"):
            if commas:
                self.told("trailing commas taken off")
            if here == closing:
                self.at += 1
            else:
                self.told("missing bracket added")
            return False
        if begun and not commas:
            self.told("missing commas added")
        if commas > 1 or (commas and not begun):
            self.told("superfluous commas taken off")
        return True

    def separators(self) -> int:
        """Pass commas, semicolons, space and dots that stand for what was left out."""
        commas = 0
        while True:
            self.space()
            dots = _DOTS.match(self.text, self.at)
            if dots:
                self.told("dots taken off")
                self.at = dots.end()
            elif self.peek() in (",", ";"):
                if self.peek() == ";":
                    self.told("semicolons became commas")
                commas += 1
                self.at += 1
            else:
                return commas

    def space(self) -> None:
        """Pass space and comments."""
        while True:
            self.at = SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]
            comment = COMMENT.match(self.text, self.at)
            if comment is None:
                return
            self.told("comments taken off")
            self.at = comment.end()

    def peek(self) -> str:
        """Return the next character, or nothing at the end."""
        return self.text[self.at : self.at + 1]

    def forward(self, start: int) -> None:
        """Refuse to stand still."""
        if self.at <= start:
            raise Lost(f"nothing to read at character {start}")
