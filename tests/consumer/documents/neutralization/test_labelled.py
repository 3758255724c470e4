"""How much is found, and how much is taken for personal that is not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from consumer.documents.neutralization.known import Known
from consumer.documents.neutralization.scanning import Piece, personal, pieces, view

_HERE = Path(__file__).parent
_MARK = re.compile(r"\{\{(.+?)\}\}", re.DOTALL)


@dataclass
class Tally:
    """What was marked, found of it, and found beside it."""

    marked: int = 0
    right: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """The share of what is marked that is found to its last character."""
        return 1 - len(self.missed) / self.marked

    @property
    def precision(self) -> float:
        """The share of what is found that is marked."""
        return self.right / (self.right + len(self.wrong))


def _read(line: str) -> tuple[str, list[tuple[int, int]]]:
    text, marks, last = "", [], 0
    for match in _MARK.finditer(line):
        text += line[last : match.start()]
        marks.append((len(text), len(text) + len(match[1])))
        text += match[1]
        last = match.end()
    return text + line[last:], marks


def _found(text: str) -> list[Piece]:
    seen = view(text, ())
    return pieces(seen, personal(seen.text, Known()))


def tally(name: str) -> Tally:
    """Compare what is found in a labelled file with its marks."""
    counted = Tally()
    for line in (_HERE / name).read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        text, marks = _read(line.replace("\\n", "\n"))
        found = _found(text)
        for start, end in marks:
            counted.marked += 1
            covered = {at for one in found for at in range(one.start, one.end)}
            if not all(at in covered for at in range(start, end) if text[at].isalnum()):
                counted.missed.append(f"{text[start:end]!r} in {line!r}")
        for one in found:
            if any(one.start < end and start < one.end for start, end in marks):
                counted.right += 1
            else:
                counted.wrong.append(f"{text[one.start : one.end]!r} ({one.kind}) in {line!r}")
    return counted


@pytest.mark.parametrize(
    ("name", "recall"),
    [("labelled_first.txt", 0.98), ("labelled_second.txt", 0.98), ("labelled_third.txt", 0.75)],
)
def test_what_is_marked_is_found_and_little_else(name: str, recall: float) -> None:
    """Names with nothing beside them that says so are missed; little else is, or found wrongly."""
    counted = tally(name)

    assert counted.marked >= 40
    assert counted.recall >= recall, counted.missed
    assert counted.precision >= 0.95, counted.wrong
