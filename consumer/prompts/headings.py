"""Telling headings from text: line by line, tolerant in form, strict in identity."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from syntx.wrappers import Field, heading_key

_LOOK_AT = 160  # no heading is longer; keeps every line's cost bounded
_SAID_AFTER_DASH = 3  # words that make what follows a dash the field's text
_MOST_LINES = 10_000  # no answer has more; what follows is text
_MAX_NAME_WORDS = 8

_MARKS = re.compile(
    r"""(?P<indent>[ \t>]*)
    (?P<bullet>[-*+•·▪●◦‣–—][ \t]+)?
    (?P<hashes>\#{1,6}[ \t]*)?
    (?P<open>\*{1,3}|_{2,3})?
    (?:(?:feld|field|abschnitt|section|teil|punkt)[ \t]+(?=\d))?
    (?P<number>\(?\d{1,2}(?:\\?[.):]|[ \t]?[-–—](?=[ \t])|\ufe0f?\u20e3|(?=[ \t]))(?!\d)[ \t]*)?
    (?P<inner>\*{1,3}[ \t]*|_{2,3}[ \t]*)?""",
    re.VERBOSE | re.IGNORECASE,
)
_CUT = re.compile(
    r"""(?P<colon>[ \t]*[:：])
    | (?P<dash>[ \t]+(?:[-–—=]+>?|→)(?=[ \t]|$)|[–—]|[-=]+[ \t]*$)
    | (?P<paren>[ \t]*[(\[])
    | (?P<bold>\*{1,3}|_{2,3})
    | (?P<end>[ \t]*\#*[ \t]*$)""",
    re.VERBOSE,
)
_AFTER = re.compile(
    r"""[ \t]*(?:[*_]{1,3})?
    (?P<paren>[ \t]*(?:\([^()]{1,40}\)|\[[^\[\]]{1,20}\]))?
    [ \t]*(?P<bold>[*_]{1,3})?
    [ \t]*(?P<mark>[:：]|(?:[-–—=]+>?|→)(?=[ \t]|$))?
    [ \t]*(?:[*_]{1,3}(?=[ \t]|$))?
    [ \t]*(?:\#+[ \t]*$)?""",
    re.VERBOSE,
)
_DECORATED = re.compile(r"[ \t]*(?:[-=~_*]{3,}|\#{1,6})[ \t]*(\w[^\n]*?)[ \t]*[-=~_*]{3,}[ \t]*")
_RULE = re.compile(r"[ \t]*(?:[-=~_*]{3,}|```\w*)[ \t]*")
_SIGMA = re.compile(r"[ΣσςS∑]?[ΣσςS∑][-–—\s]|sigma[-–—\s]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Names:
    """The names headings may bear: by normalised name, the field's key."""

    fields: Mapping[str, str]
    parts: frozenset[str]

    @staticmethod
    @lru_cache(maxsize=64)
    def of(fields: tuple[Field, ...]) -> Names:
        """Collect headings, aliases and sub-headings of these fields."""
        named: dict[str, str] = {}
        for field in fields:
            for name in (field.heading, *field.aliases):
                named.setdefault(heading_key(name), field.key)
        named.pop("", None)
        parts = frozenset(heading_key(part) for field in fields for part in field.parts)
        return Names(named, parts | frozenset(part[:5] for part in parts if part[:4] == "tier"))


@dataclass(frozen=True, slots=True)
class Heading:
    """A line formed as a heading; `key` is None when no field bears that name.

    `start` is where its line starts, `text_start` where the text after it does. `strength` is
    how clearly it is formed: 3 marked, 2 plain, 1 a list item, 0 nested.
    """

    key: str | None
    name: str
    start: int
    text_start: int
    strength: int
    number: int | None = None
    hashes: int = 0
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class _Marked:
    """A line taken apart: its marks, and the rest that may begin with a name."""

    line: str
    rest: str
    rest_start: int
    bullet: bool
    nested: bool
    hashes: int
    bold: bool
    number: int | None

    @property
    def formal(self) -> bool:
        return bool(self.hashes or self.number is not None or self.bold)

    @property
    def strength(self) -> int:
        if self.bullet or self.nested:
            return 0 if self.bullet and self.nested else 1
        return 3 if self.formal else 2


def is_rule(line: str) -> bool:
    """Whether a line only divides: dashes, equals signs, a code fence."""
    return len(line) < _LOOK_AT and _RULE.fullmatch(line) is not None


def headings(text: str, names: Names) -> Iterator[Heading]:
    """Yield every line formed as a heading, known or unknown, in order; linear in the text."""
    start = 0
    for full in text.splitlines(keepends=True)[:_MOST_LINES]:
        if not full.isspace():
            found = _heading(full[:_LOOK_AT].rstrip(), len(full.rstrip()), start, names)
            if found is not None:
                yield found
        start += len(full)


def _heading(line: str, length: int, start: int, names: Names) -> Heading | None:
    marked = _take_apart(line)
    if not marked.rest:
        return None
    return _known(marked, start, names) or _unknown(marked, length, start, names)


def _take_apart(line: str) -> _Marked:
    found = _MARKS.match(line)
    assert found is not None  # every part is optional
    number = re.sub(r"\D", "", found["number"] or "")
    return _Marked(
        line=line,
        rest=line[found.end() :],
        rest_start=found.end(),
        bullet=found["bullet"] is not None,
        nested=len(found["indent"].expandtabs(4)) >= 2 and ">" not in found["indent"],
        hashes=(found["hashes"] or "").count("#"),
        bold=bool(found["open"] or found["inner"]),
        number=int(number) if number else None,
    )


def _known(marked: _Marked, start: int, names: Names) -> Heading | None:
    for count, cut in enumerate(_CUT.finditer(marked.rest)):
        name = marked.rest[: cut.start()]
        key = names.fields.get(heading_key(name)) if name.strip() else None
        if key is not None:
            return _accepted(marked, name, key, start)
        if count >= 5:
            break
    return _shouted(marked, start, names)


def _accepted(marked: _Marked, name: str, key: str, start: int) -> Heading | None:
    """Judge the form around a known name: a sentence that begins with it is no heading."""
    after = _AFTER.match(marked.rest, len(name))
    assert after is not None
    alone = after.end() >= len(marked.rest)
    mark = after["mark"] or ""
    bold_name = marked.bold and marked.rest[len(name) :].lstrip().startswith(("*", "_"))
    marked_end = alone or mark in {":", "："} or bold_name
    loud = _is_loud(name)
    if marked.bullet and not (loud or mark) and marked.rest[after.end() :][:1].islower():
        return None  # "- **Tiefe** der Analyse": the list item is a sentence
    dashed = mark and len(marked.rest[after.end() :].split()) >= _SAID_AFTER_DASH
    if not (marked_end or (loud and not marked.bullet) or (marked.formal and mark) or dashed):
        return None
    text_start = start + marked.rest_start + after.end()
    number = marked.number
    return Heading(key, name.strip(), start, text_start, marked.strength, number, marked.hashes)


def _shouted(marked: _Marked, start: int, names: Names) -> Heading | None:
    """Find `1. TIEFE Der Text folgt` by its capitals, with nothing between name and text."""
    words = list(re.finditer(r"\S+", marked.rest))[:5]
    for count in range(len(words) - 1, 0, -1):
        name = marked.rest[: words[count - 1].end()]
        key = names.fields.get(heading_key(name))
        text = marked.rest[words[count - 1].end() :]
        ended = name[-1].isalnum() and not text.isupper()
        if key and ended and _is_loud(name) and not marked.bullet:
            text_start = start + marked.rest_start + len(name) + 1
            strength, number = marked.strength, marked.number
            return Heading(key, name, start, text_start, strength, number, marked.hashes)
    return None


def _is_loud(name: str) -> bool:
    letters = sum(sign.isalpha() for sign in name)
    return letters >= 4 and (name.isupper() or _SIGMA.match(name.lstrip()) is not None)


def _unknown(marked: _Marked, length: int, start: int, names: Names) -> Heading | None:
    cut = next(_CUT.finditer(marked.rest), None)
    name = (marked.rest if cut is None else marked.rest[: cut.start()]).strip()
    whole = marked.rest.strip().strip("*_# ").strip()
    key = heading_key(name)
    end = start + length
    if key in names.parts or key[:5] in names.parts:
        return Heading(None, name, start, end, marked.strength, is_part=True)
    decorated = _DECORATED.fullmatch(marked.line)
    if decorated is not None and _named(decorated[1]):
        return Heading(None, decorated[1].strip(" *_"), start, end, 3)
    if marked.bullet or marked.nested or not _named(name):
        return None
    alone = cut is None or not marked.rest[cut.end() :].strip(" *_#:")
    text_start = end if alone else start + marked.rest_start + (cut.end() if cut else 0)
    if marked.hashes:
        return Heading(None, whole, start, end, 3, marked.number, marked.hashes)
    return _unhashed(marked, name, whole, (start, text_start), alone)


def _unhashed(
    marked: _Marked, name: str, whole: str, span: tuple[int, int], alone: bool
) -> Heading | None:
    shouted = name.isupper() and sum(sign.isalpha() for sign in name) >= 5
    closed = marked.line.rstrip().endswith(("**", "__"))
    if marked.bold and closed and _named(whole) and not whole.endswith(":"):
        return Heading(None, whole, *span, 3, marked.number)
    separated = alone or ":" in marked.rest[len(name) : len(name) + 4]
    if shouted and separated and not any(sign.isdigit() for sign in name):
        return Heading(None, name, *span, 3, marked.number)
    if marked.number is not None and separated:
        return Heading(None, name, *span, 2, marked.number)
    return None


def _named(name: str) -> bool:
    words = name.split()
    return (
        0 < len(words) <= _MAX_NAME_WORDS
        and len(heading_key(name)) > 1
        and not name.rstrip(" *_").endswith((".", "!", "?", ",", ";"))
    )
