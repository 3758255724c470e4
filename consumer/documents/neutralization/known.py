"""Finding again what is known, however it is written: case, spaces, umlauts, genitive, hyphens.

Known texts and the text searched are compared word by word, so what stands between the words does
not count, and the time is that of one walk through the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from consumer.documents.neutralization.findings import Finding, Kind
from consumer.documents.neutralization.vocabulary import ALSO_WORDS, NEVER_NAMES, PARTICLES

_WORD = re.compile(r"[^\W_]+")
_GAP = re.compile(r"[\s_.,;:'\"/()|<>+@·-]{0,12}")
_DIGITS = re.compile(r"(?<!\d)\d(?:[ \t./()\n-]{0,3}\d){6,40}(?!\d)")
_INITIAL = re.compile(r"(?:^|[^\w])([A-ZÄÖÜ]\.[ ]?)$")
_NOT_DIGIT = re.compile(r"\D+")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_BARE = str.maketrans(
    dict(zip("äöüáàâãåéèêëíìîïóòôõúùûýçñøšžćčłğ", "aouaaaaaeeeeiiiioooouuuycnoszcclg", strict=True))
    | dict(zip("ışęąśźżńřťďůěőűășțđţ", "iseaszznrtdueouastdt", strict=True))
    | {"ß": "ss"}
)
_HONORIFICS = ("Herr", "Herrn", "Frau", "Mr", "Mrs", "Ms")
"""Before a surname that is an everyday word as well, they tell that a known person is meant."""
_SHORTEST_ANY_CASE = 5
"""Letters; a single word shorter than that is a name only when it begins with a capital."""

Words = tuple[str, ...]
Beginnings = dict[str, list[tuple[Words, Kind]]]
"""What begins with one word, by its second word; under the empty one, what has no second."""


def normal(word: str) -> str:
    """Return a word without case, and with umlauts spelled out."""
    return word.lower().translate(_UMLAUTS)


class Known:
    """All that is to be found again."""

    def __init__(self, known: Iterable[tuple[Kind, str]] = ()) -> None:
        self._sequences: dict[str, Beginnings] = {}
        self._digits: dict[str, Kind] = {}
        self._literals: dict[str, Kind] = {}
        self._seen: set[tuple[Kind, str]] = set()
        for kind, text in known:
            self.add(kind, text)

    def __len__(self) -> int:
        return len(self._seen)

    def __contains__(self, known: tuple[Kind, str]) -> bool:
        return known in self._seen

    def add(self, kind: Kind, text: str) -> None:
        """Know a text from now on, and, if it names a person, the parts of the name."""
        if (kind, text) in self._seen:
            return
        self._seen.add((kind, text))
        words = tuple(_WORD.findall(text))
        if not words:
            return
        if kind is Kind.PERSON:
            self._add_person(words)
        else:
            self._add_other(kind, text, words)
        if any(one >= "\u0e00" for one in text):
            self._literals[text] = kind

    def find(self, text: str) -> Iterator[Finding]:
        """Find what is known in a folded text."""
        yield from self._find_words(text)
        if self._digits:
            yield from self._find_digits(text)
        for literal, kind in self._literals.items():
            start = text.find(literal)
            while start >= 0:
                yield Finding(start, start + len(literal), kind)
                start = text.find(literal, start + len(literal))

    def _add_person(self, words: Words) -> None:
        core = [word for word in words if word.lower() not in PARTICLES]
        self._enter(words, Kind.PERSON)
        if len(core) > 1:
            self._enter(("".join(words),), Kind.PERSON)
        if len(core) == 2:
            self._enter((core[1], core[0]), Kind.PERSON)
        if len(core) > 1 and core[-1].lower() in NEVER_NAMES:
            for before in (*_HONORIFICS, core[0][0]):
                self._enter((before, core[-1]), Kind.PERSON)
        for word in core:
            if len(word) > 1 and word.lower() not in NEVER_NAMES:
                self._enter((word,), Kind.PERSON)

    def _add_other(self, kind: Kind, text: str, words: Words) -> None:
        if sum(map(len, words)) < 6:
            return
        self._enter(words, kind)
        if len(words) > 1:
            self._enter(("".join(words),), kind)
        digits = _NOT_DIGIT.sub("", text)
        if len(digits) >= 7:
            self._digits[digits] = kind

    def _enter(self, words: Words, kind: Kind) -> None:
        for spelled in {
            tuple(normal(word) for word in words),
            tuple(word.lower().translate(_BARE) for word in words),
        }:
            beginnings = self._sequences.setdefault(spelled[0], {})
            entries = beginnings.setdefault("".join(spelled[1:2]), [])
            if (spelled, kind) not in entries:
                entries.append((spelled, kind))
                entries.sort(key=lambda entry: -len(entry[0]))

    def _find_words(self, text: str) -> Iterator[Finding]:
        sequences = self._sequences
        if not sequences:
            return
        done = 0
        for match in _WORD.finditer(text):
            word = match[0].lower().translate(_UMLAUTS)
            entries = sequences.get(word)
            if entries is None and word[-1] == "s":
                entries = sequences.get(word[:-1])
            if entries is None or match.start() < done:
                continue
            found = _first_of(text, match, _alike(text, match, entries))
            if found is not None:
                done = found.end
                yield found

    def _find_digits(self, text: str) -> Iterator[Finding]:
        for match in _DIGITS.finditer(text):
            digits = _NOT_DIGIT.sub("", match[0])
            kind = self._digits.get(digits)
            if kind is not None:
                yield Finding(match.start(), match.end(), kind)


def _alike(text: str, first: re.Match[str], entries: Beginnings) -> Iterator[tuple[Words, Kind]]:
    """Yield what has the second word that stands in the text, the longest first."""
    second = _next_word(text, first)
    if second is not None:
        word = normal(second[0])
        yield from entries.get(word, ())
        if word[-1] == "s":
            yield from entries.get(word[:-1], ())
    yield from entries.get("", ())


def _next_word(text: str, word: re.Match[str]) -> re.Match[str] | None:
    gap = _GAP.match(text, word.end())
    return _WORD.match(text, gap.end() if gap else word.end())


def _first_of(
    text: str, match: re.Match[str], entries: Iterable[tuple[Words, Kind]]
) -> Finding | None:
    for words, kind in entries:
        end = _end_of(text, match, words)
        if end is None:
            continue
        if kind is Kind.PERSON and len(words) == 1 and not _may_be_name(match[0]):
            continue
        return Finding(_with_initial(text, match.start(), kind), end, kind)
    return None


def _end_of(text: str, first: re.Match[str], words: Words) -> int | None:
    """Return where the words end that begin with `first`, without a genitive's s, or None."""
    match: re.Match[str] | None = first
    for index, expected in enumerate(words):
        if index:
            assert match is not None
            match = _next_word(text, match)
        if match is None:
            return None
        word = normal(match[0])
        if word == expected:
            continue
        if index == len(words) - 1 and word == expected + "s":
            return match.end() - 1
        return None
    assert match is not None
    return match.end()


def _may_be_name(word: str) -> bool:
    """Whether a single word that is part of a name is meant as one here."""
    if word[0].isupper():
        return True
    return len(word) >= _SHORTEST_ANY_CASE and word.lower() not in ALSO_WORDS


def _with_initial(text: str, start: int, kind: Kind) -> int:
    """Return where a name begins whose first name is but a letter: `M. Muster`."""
    if kind is not Kind.PERSON:
        return start
    initial = _INITIAL.search(text[max(0, start - 4) : start])
    return start - len(initial[1]) if initial else start
