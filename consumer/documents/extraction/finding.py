"""What extractors are given and what they yield."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, BinaryIO, Literal

from consumer.documents.extraction.models import ContentPart, TypeGroup

Problem = Literal[
    "bomb",
    "crashed",
    "deep",
    "empty",
    "encrypted",
    "incomplete",
    "not_a_file",
    "scanned",
    "timeout",
    "truncated",
    "unknown_type",
    "unreadable",
    "wrong_suffix",
]
"""What can be wrong with a document, in one word."""

_UNFIT = re.compile("[\x00\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n?|\x0b|\x0c")


@dataclass(frozen=True)
class Source:
    """A document to be read: its bytes under a name; `unpacked_bytes` bounds what it may hold."""

    name: str
    data: bytes
    mime_type: str = "application/octet-stream"
    unpacked_bytes: int = 1_000_000_000
    ocr: bool = False

    @cached_property
    def suffix(self) -> str:
        """The end of the name from the last dot, in small letters; empty when there is none."""
        stem, dot, end = self.name.rpartition(".")
        return f".{end.lower()}" if dot and stem else ""

    def open(self) -> BinaryIO:
        """Open the bytes as a file."""
        return io.BytesIO(self.data)


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of a document, as an extractor yields it; see ContentPart."""

    label: str
    type_group: TypeGroup
    data: str = ""
    mime_type: str = "text/plain"
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inner:
    """A document inside the document: it is read in its turn, its parts stand below `label`."""

    label: str
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with the document, in one word and in a sentence."""

    problem: Problem
    note: str


class Unreadable(Exception):
    """An extractor gives up; what it found so far stands."""

    def __init__(self, problem: Problem, note: str) -> None:
        super().__init__(note)
        self.trouble = Trouble(problem, note)


Finding = Found | Inner | Trouble
Extractor = Callable[[Source], Iterable[Finding]]
"""Yields what stands in a document, in its order; raises Unreadable when it cannot go on."""


def text(label: str, data: str, **metadata: Any) -> Iterator[Found]:
    """Yield a text part, unless there is nothing but space."""
    if data.strip():
        yield Found(label, TypeGroup.TEXT, data.strip("\n"), "text/plain", metadata)


def table(label: str, rows: Iterable[Iterable[object]], **metadata: Any) -> Iterator[Found]:
    """Yield a table part in CSV without empty rows at its end, unless all cells are empty."""
    cells = [[_cell(cell) for cell in row] for row in rows]
    while cells and not any(cells[-1]):
        cells.pop()
    if not cells:
        return
    width = max(map(len, cells))
    for row in cells:
        row.extend([""] * (width - len(row)))
    shape = {"rows": len(cells), "columns": width}
    yield Found(label, TypeGroup.TABLE, as_csv(cells), "text/csv", {**shape, **metadata})


def properties(told: Mapping[str, object]) -> Iterator[Found]:
    """Yield what a document says of itself (title, author …), when it says something."""
    known = {name: fit(str(value)).strip() for name, value in told.items() if value}
    known = {name: value for name, value in known.items() if value}
    if known:
        lines = "\n".join(f"{name}: {value}" for name, value in known.items())
        yield Found("properties", TypeGroup.STRUCTURE, lines, "text/plain", known)


def as_csv(rows: Iterable[Iterable[str]]) -> str:
    """Write rows as CSV with `\\n` at the end of each."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def fit(data: str) -> str:
    """Make text fit for JSON and models: no NUL, no halves of characters, `\\n` ends lines."""
    return _UNFIT.sub(
        lambda found: "" if found[0] == "\0" else "\ufffd", _LINE_ENDS.sub("\n", data)
    )


def fit_part(part: ContentPart) -> ContentPart:
    """Make label, text and metadata of a part fit."""
    told = {
        key: fit(value) if isinstance(value, str) else value for key, value in part.metadata.items()
    }
    return part.model_copy(
        update={"label": fit(part.label), "data": fit(part.data), "metadata": told}
    )


def _cell(value: object) -> str:
    if value is None:
        return ""
    told = str(value)
    return (told if told.isprintable() else fit(told)).strip()
