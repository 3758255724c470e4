"""What the reading process and its parent tell each other: an order in the environment, lines back.

Each line is one JSON object: `{"part": …}` for each part, then `{"end": …}`, or `{"missing": …}`.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

ORDER = "SYNTX_EXTRACTION"
"""The environment variable that holds the order."""


class ReadingOrder(BaseModel):
    """What to read (it is on standard input), and what reading may take."""

    name: str
    document_id: str
    extractors: dict[str, str] = {}
    seconds: float
    memory_bytes: int
    unpacked_bytes: int
    ocr: bool


def line(kind: str, told: Any) -> bytes:
    """Return a message as one line."""
    return json.dumps({kind: told}, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
