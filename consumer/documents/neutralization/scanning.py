"""One look at one text: what is personal in it, and what is already a placeholder."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace

from consumer.documents.neutralization.encoded import encoded
from consumer.documents.neutralization.findings import Finding, Kind, united
from consumer.documents.neutralization.folding import Folded, fold
from consumer.documents.neutralization.known import Known
from consumer.documents.neutralization.placeholders import TOLERANT, token_of
from consumer.documents.neutralization.recognizers import recognised
from consumer.documents.neutralization.vocabulary import NEVER_NAMES

_HOLE = "\ue000"
"""Stands for a placeholder while recognisers look: no letter, no digit, no space."""
_DIVIDED = frozenset(Kind) - {Kind.URL, Kind.DATA, Kind.TEXT, Kind.EMAIL}
_CELLS = re.compile(r"[^;,|\t\"]+")
_CELLS_OF_TABLE = re.compile(r"[^;,|\t\"\n]+")


@dataclass(frozen=True, slots=True)
class View:
    """A folded text with holes for its placeholders, and what looks like one and is none."""

    folded: Folded
    text: str
    strangers: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """What is to be replaced: its place in the text as written, and what it says."""

    start: int
    end: int
    kind: Kind
    original: str
    spread: bool


def view(text: str, issued: Container[str]) -> View:
    """Fold a text and cut out its placeholders; those not `issued` are strangers."""
    folded = fold(text)
    strangers: list[Finding] = []

    def hole(match: re.Match[str]) -> str:
        if token_of(match) not in issued:
            strangers.append(Finding(*match.span(), Kind.TEXT, spread=False))
        return _HOLE * len(match[0])

    holed = TOLERANT.sub(hole, folded.text)
    return View(folded, holed, tuple(strangers))


def personal(text: str, known: Known, *, by_lines: bool = True) -> list[Finding]:
    """Find all that is personal in a folded text: recognised, known, or encoded."""
    found = [*recognised(text, by_lines=by_lines), *known.find(text)]
    return [*found, *encoded(text, lambda inner: plainly(inner, known))]


def plainly(text: str, known: Known) -> Iterator[Finding]:
    """Find what is personal in a text that was decoded; it is not decoded once more."""
    plain = fold(text).text
    yield from known.find(plain)
    yield from recognised(plain, by_lines=False)


def pieces(view: View, findings: Iterable[Finding], *, table: bool = False) -> list[Piece]:
    """Return what is to be replaced, in order; what reaches over cells is divided by them."""
    cut: list[Piece] = []
    for found in united(findings):
        for part in _divided(view.text, found, table):
            start, end = view.folded.source(part.start, part.end)
            if cut and start < cut[-1].end:
                start = cut[-1].end
            if start < end:
                original = view.folded.text[part.start : part.end]
                cut.append(Piece(start, end, part.kind, original, part.spread))
    return cut


def _divided(text: str, found: Finding, table: bool) -> list[Finding]:
    if found.kind not in _DIVIDED:
        return [found]
    cells = (_CELLS_OF_TABLE if table else _CELLS).finditer(text, found.start, found.end)
    parts = []
    for cell in cells:
        if any(one.isalnum() for one in cell[0]):
            lead = len(cell[0]) - len(cell[0].lstrip())
            end = cell.start() + len(cell[0].rstrip())
            parts.append(replace(found, start=cell.start() + lead, end=end))
    if len(parts) < 2:
        return parts
    return [replace(part, spread=part.spread and _is_name(text, part)) for part in parts]


def _is_name(text: str, part: Finding) -> bool:
    """Whether a part of a divided finding means the same person wherever else it stands."""
    return part.kind is Kind.PERSON and text[part.start : part.end].lower() not in NEVER_NAMES
