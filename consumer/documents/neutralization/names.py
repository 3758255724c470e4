"""Names of people: after salutations, below closings, in header lines, by their given names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from consumer.documents.neutralization.findings import Finding, Kind
from consumer.documents.neutralization.name_patterns import (
    AFTER_GIVEN,
    BESIDE,
    CAPITAL,
    CLOSING,
    EXACT_LABEL,
    GREETING,
    LABELLED,
    LAST_FIRST,
    LISTED,
    MAILBOX,
    NEXT_WORD,
    SALUTATION,
    SIGNED,
    TITLE,
)
from consumer.documents.neutralization.vocabulary import (
    NEVER_NAMES,
    NO_SURNAMES,
    PARTICLES,
    is_given,
)

_NO_PERSON = NO_SURNAMES | NEVER_NAMES
_MOST_WORDS = 12
_QUOTES = " \t\"'*_<>()[]|,;."


def people(text: str, *, by_lines: bool = True) -> Iterator[Finding]:
    """Find names; those that spread are sure enough to be looked for everywhere.

    Without `by_lines`, what depends on how lines follow each other is left out.
    """
    for match in SALUTATION.finditer(text):
        yield from _person(text, *match.span(1))
    yield from _with_given_name(text)
    for match in (
        *MAILBOX.finditer(text),
        *SIGNED.finditer(text),
        *BESIDE.finditer(text),
    ):
        yield from _named(match)
    for match in LAST_FIRST.finditer(text):
        surname = match[1].lower()
        if is_given(match[2]) and not is_given(match[1]) and surname not in _NO_PERSON:
            yield Finding(*match.span(), Kind.PERSON)
    yield from _labelled(text)
    if not by_lines:
        return
    for match in GREETING.finditer(text):
        yield from _named(match)
    for match in CLOSING.finditer(text):
        yield from _named(match)


def as_name(written: str) -> str | None:
    """Return a person's name out of what a header or an author field holds; None: not a name."""
    written = re.sub(r"<[^<>]*>|\([^()]*\)|\"", " ", written)
    written = re.sub(rf"^(?:{TITLE})+", "", written.strip(_QUOTES))
    words = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", written)
    if not 1 <= len(words) <= 6 or re.search(r"[\d@/\\:=]", written):
        return None
    if any(word.lower() in NEVER_NAMES for word in words):
        return None
    core = [word for word in words if word.lower() not in PARTICLES]
    if not core or not all(word[0].isupper() or not word[0].islower() for word in core):
        return None
    return re.sub(r"\s+", " ", written).strip(_QUOTES)


def stated_name(written: str) -> str | None:
    """Return who a mail header or an author field names, whatever the name looks like.

    None: an address, or a single everyday word, which would be replaced all over the text.
    """
    written = re.sub(r"<[^<>]*>|\([^()]*\)|\"", " ", written)
    name = re.sub(rf"^(?:{TITLE})+", "", " ".join(written.split()).strip(_QUOTES))
    words = name.split()
    if not 1 <= len(words) <= _MOST_WORDS or re.search(r"[@/\\]", name):
        return None
    if sum(one.isalpha() for one in name) < 2:
        return None
    return None if len(words) == 1 and name.lower() in NEVER_NAMES else name


def _named(match: re.Match[str]) -> Iterator[Finding]:
    if as_name(match[1]) is not None and len(match[1]) > 1:
        yield Finding(*match.span(1), Kind.PERSON)


def _person(text: str, start: int, end: int) -> Iterator[Finding]:
    """Find the name that begins after a salutation; a noun may follow it."""
    words = list(re.finditer(r"[^\s]+", text[start:end]))
    while words and words[0][0].lower() in NEVER_NAMES:
        words.pop(0)
    if not words:
        return
    taken = 0
    surname = False
    for word in words:
        plain = word[0].lower()
        if plain in NEVER_NAMES or (surname and not _ends_line(text, end)):
            break
        taken += 1
        surname = surname or not (
            plain in PARTICLES or is_given(word[0]) or len(plain.rstrip(".")) == 1
        )
    if taken:
        yield Finding(start + words[0].start(), start + words[taken - 1].end(), Kind.PERSON)


def _ends_line(text: str, end: int) -> bool:
    return end >= len(text) or text[end] in '\n,;|<("'


def _with_given_name(text: str) -> Iterator[Finding]:
    """Find a common given name with the capitalised name after it."""
    for match in CAPITAL.finditer(text):
        if not is_given(match[0]):
            continue
        rest = AFTER_GIVEN.match(text, match.end())
        if rest is None or ("\n" in rest[0] and rest[1]):
            continue
        words = [*re.split(r"[-\s]+", f"{match[0]} {rest[1]}"), *rest[2].split("-")]
        after = NEXT_WORD.match(text, rest.end())
        if after and after[1].lower() in NO_SURNAMES:
            continue
        if any(word.lower() in _NO_PERSON for word in words):
            continue
        yield Finding(match.start(), rest.end(), Kind.PERSON)


def _labelled(text: str) -> Iterator[Finding]:
    for match in LABELLED.finditer(text):
        exact = EXACT_LABEL.search(match[0][: match.start(1) - match.start()])
        for name in LISTED.finditer(match[1]):
            words = [word for word in name[1].split() if word.lower() not in PARTICLES]
            if as_name(name[1]) is None or (len(words) < 2 and not exact and "." not in name[1]):
                continue
            start = match.start(1) + name.start(1)
            sure = bool(exact) or any(is_given(word.rstrip(",")) for word in words)
            yield Finding(start, start + len(name[1]), Kind.PERSON, spread=sure)
