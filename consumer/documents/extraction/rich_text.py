"""RTF: its text, headers, footers and notes with it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from consumer.documents.extraction.finding import Finding, Source, Trouble, text
from consumer.documents.needing import need

# The reader drops these destinations with all they hold; as paragraphs they stay.
_KEPT = re.compile(
    r"\\(?:\*\\)?(?:header[lrf]?|footer[lrf]?|footnote|annotation)\b ?(?!\\?[a-z]*\d)"
)


def extract(source: Source) -> Iterator[Finding]:
    """Yield the text; a cell is followed by `|`, a row by a line end."""
    rtf = need("striprtf.striprtf", "reading RTF")
    raw = source.data.decode("latin-1")
    yield from text("text", rtf.rtf_to_text(_KEPT.sub(r"\\par ", raw), errors="replace"))
    if raw.count("{") - raw.count("\\{") > raw.count("}") - raw.count("\\}"):
        yield Trouble("truncated", "the RTF ends before its groups are closed")
