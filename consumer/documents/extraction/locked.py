"""Office files under a password."""

from __future__ import annotations

from collections.abc import Iterator

from consumer.documents.extraction.finding import Finding, Source, Unreadable


def extract(source: Source) -> Iterator[Finding]:
    """Say that the file is encrypted."""
    raise Unreadable("encrypted", "the file is encrypted; hand it in without a password")
    yield
