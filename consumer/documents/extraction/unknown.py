"""What nobody here can read: named, not lost from sight."""

from __future__ import annotations

from collections.abc import Iterator

from consumer.documents.extraction.finding import Finding, Found, Source, Trouble
from consumer.documents.extraction.models import TypeGroup


def extract(source: Source) -> Iterator[Finding]:
    """Yield a binary part with size and type, and say that its content is not read."""
    note = f"content of type {source.mime_type} is not read"
    told = {"bytes": len(source.data), "note": note}
    yield Found(source.name, TypeGroup.BINARY, "", source.mime_type, told)
    yield Trouble("unknown_type", note)
