"""Replacing what is personal in one text after the other, until nothing is left to replace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from consumer.documents.failing import LeakBlocked
from consumer.documents.neutralization import names, placeholders, scanning, tables
from consumer.documents.neutralization.encoded import encoded
from consumer.documents.neutralization.findings import Finding, Kind
from consumer.documents.neutralization.folding import fold
from consumer.documents.neutralization.known import Known
from consumer.documents.neutralization.mapping import Mapping
from consumer.documents.neutralization.recognizers import recognised
from consumer.documents.neutralization.scanning import Piece, View

_ROUNDS = 20
"""How often a text is looked at anew: a placeholder may uncover what stood beside it."""
_BESIDE = 250
"""Characters on both sides of a new placeholder that are looked at anew."""


class Cleaner:
    """Replaces what is personal and learns on the way; `Mapping.save` is the caller's."""

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self.known = Known(mapping.known)
        for token in mapping.spread:
            self.known.add(Kind(token.rsplit("_", 1)[0]), mapping.originals[token])

    def learn(self, known: Iterable[tuple[Kind, str]]) -> None:
        """Know these texts from now on, also after a restart."""
        for kind, text in known:
            if self._mapping.learn([(kind, text)]):
                self.known.add(kind, text)

    def look_through(self, text: str, *, table: bool = False) -> None:
        """Learn the names in a text from outside, and what it has that looks like a placeholder."""
        seen = self._view(text, foreign=False)
        self._learn_names(seen.text, names.people(seen.text))
        if table:
            columns = tables.by_columns(text)
            self._learn_names(text, (found for found in columns if found.kind is Kind.PERSON))

    def put_aside(self, text: str) -> None:
        """What looks like a placeholder in a text is none, now and later."""
        self._mapping.put_aside(placeholders.tokens_in(fold(text).text))

    def clean(self, text: str, *, foreign: bool = False, table: bool = False) -> str:
        """Return the text with placeholders; in a `foreign` one nothing is a placeholder yet.

        Raises LeakBlocked when there is no end of it.
        """
        known = len(self.known)
        seen = self._view(text, foreign=foreign)
        cut = scanning.pieces(seen, self._findings(seen, text if table else None), table=table)
        for _ in range(_ROUNDS):
            if cut:
                text, changed = self._replaced(text, cut)
                cut = list(self._beside(text, changed, table))
            elif len(self.known) > known:
                known = len(self.known)
                seen = self._view(text, foreign=False)
                cut = scanning.pieces(seen, self.known.find(seen.text), table=table)
            else:
                return text
        raise LeakBlocked(
            "personal data could not be replaced to the end; nothing was sent",
            fix="the text seems made to defeat the replacing; look at what was submitted",
        )

    def _view(self, text: str, *, foreign: bool) -> View:
        seen = scanning.view(text, () if foreign else self._mapping.originals)
        for found in seen.strangers:
            looks = seen.folded.text[found.start : found.end]
            self._mapping.put_aside(placeholders.tokens_in(looks))
        return seen

    def _findings(self, seen: View, table: str | None = None) -> list[Finding]:
        found = []
        for one in recognised(seen.text):
            found.append(self._without_genitive(one, seen.text))
            self._learn_names(seen.text, found[-1:])
        if table is not None and len(seen.text) == len(table):
            found += tables.by_columns(seen.text)
        found += self.known.find(seen.text)
        found += encoded(seen.text, lambda inner: scanning.plainly(inner, self.known))
        return [*found, *seen.strangers]

    def _without_genitive(self, found: Finding, text: str) -> Finding:
        """Leave the s of `Frau Musters` where it is, when `Muster` is known."""
        name = text[found.start : found.end]
        if found.kind is Kind.PERSON and name[-1] == "s" and (found.kind, name[:-1]) in self.known:
            return replace(found, end=found.end - 1)
        return found

    def _beside(self, text: str, changed: list[int], table: bool) -> Iterator[Piece]:
        """Look anew at what stands beside new placeholders."""
        for start, end in _windows(text, changed):
            seen = self._view(text[start:end], foreign=False)
            for piece in scanning.pieces(seen, self._findings(seen), table=table):
                yield replace(piece, start=piece.start + start, end=piece.end + start)

    def _learn_names(self, text: str, findings: Iterable[Finding]) -> None:
        self.learn(
            (found.kind, text[found.start : found.end])
            for found in findings
            if found.spread and found.kind is Kind.PERSON
        )

    def _replaced(self, text: str, cut: Iterable[Piece]) -> tuple[str, list[int]]:
        """Return the text with placeholders, and where they stand in it."""
        parts: list[str] = []
        places: list[int] = []
        last = size = 0
        for piece in cut:
            token = self._mapping.token(piece.kind, piece.original, spread=piece.spread)
            if piece.spread:
                self.known.add(piece.kind, piece.original)
            placeholder = placeholders.written(token)
            parts += (text[last : piece.start], placeholder)
            size += piece.start - last
            places.append(size)
            size += len(placeholder)
            last = piece.end
        parts.append(text[last:])
        return "".join(parts), places


def _windows(text: str, places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Return the stretches around the places, from space to space, overlapping ones as one."""
    start = end = -1
    for place in places:
        first, last = _start(text, place - _BESIDE), _end(text, place + _BESIDE)
        if first > end:
            if end > 0:
                yield start, end
            start = first
        end = last
    if end > 0:
        yield start, end


def _start(text: str, position: int) -> int:
    if position <= 0:
        return 0
    space = text.rfind("\n", max(0, position - _BESIDE), position)
    return max(space, text.rfind(" ", max(0, position - _BESIDE), position), position - _BESIDE, 0)


def _end(text: str, position: int) -> int:
    space = text.find(" ", position, position + _BESIDE)
    return min(len(text), space if space >= 0 else position + _BESIDE)
