"""Documents read in this process, as most tests of extractors want them."""

from __future__ import annotations

from consumer.documents.extraction.finding import Source
from consumer.documents.extraction.models import ContentPart
from consumer.documents.extraction.reading import Reading


def read(name: str, data: bytes, *, ocr: bool = False) -> list[ContentPart]:
    """All parts of a document."""
    return list(Reading("doc").parts(Source(name=name, data=data, ocr=ocr)))


def data_of(parts: list[ContentPart]) -> str:
    """All text of all parts."""
    return "\n".join(part.data for part in parts if part.data)


def problems(parts: list[ContentPart]) -> list[str]:
    """What is wrong, one word each."""
    return [part.metadata["problem"] for part in parts if "problem" in part.metadata]


def notes(parts: list[ContentPart]) -> list[str]:
    """All notes on parts."""
    return [part.metadata["note"] for part in parts if "note" in part.metadata]
