"""What a document is checked against, and the files that were made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from consumer.documents.generation.models import GenerationKind, KpiDefinition


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for; None and empty mean that nobody said."""

    format: str | None = None
    kpis: tuple[KpiDefinition, ...] = ()
    criteria: tuple[str, ...] = ()
    language: str | None = None
    title: str | None = None
    kind: GenerationKind | None = None


class RenderedFile(NamedTuple):
    """A file that was made of the document; `head` is its first bytes, empty when not at hand."""

    name: str
    mime_type: str
    head: bytes = b""
