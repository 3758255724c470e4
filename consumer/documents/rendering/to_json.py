"""The document as canonical JSON: sorted keys, one spelling for the same content."""

from __future__ import annotations

import json

from consumer.documents.rendering.cleaning import Notes, plain
from consumer.documents.rendering.models import Manuscript, Rendered


def render(manuscript: Manuscript) -> Rendered:
    """Write the document itself; NaN and infinity, which JSON has no word for, become texts."""
    notes = Notes()
    value = plain(manuscript.source.model_dump(by_alias=True), notes)
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1, sort_keys=True)
    return Rendered(f"{text}\n".encode(), "application/json", ".json", notes.told())
