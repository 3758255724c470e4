"""What has come back from the reading process so far."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import Any

from consumer.documents.extraction.finding import Problem
from consumer.documents.extraction.models import ContentExtracted, ContentPart, TypeGroup
from consumer.documents.needing import MissingExtra

_LONG = 1_000_000
_HARMLESS = frozenset({"empty", "wrong_suffix"})


class Received:
    """Parts gathered from lines; more than `most` bytes of them are a burst, and no more taken."""

    def __init__(self, name: str, document_id: str, most: int) -> None:
        self._name = name
        self._id = document_id
        self._left = most
        self._open = bytearray()
        self._parts: list[ContentPart] = []
        self._mime_type: str | None = None
        self.ended = False
        self.burst = False

    async def take(self, data: bytes) -> None:
        """Take in bytes; long lines are parsed beside the event loop."""
        self._left -= len(data)
        self.burst = self._left < 0
        *whole, rest = data.split(b"\n")
        for piece in whole:
            self._open += piece
            line, self._open = bytes(self._open), bytearray()
            if len(line) > _LONG:
                await asyncio.to_thread(self._line, line)
            else:
                self._line(line)
        self._open += rest

    def trouble(self, problem: Problem, note: str) -> None:
        """Add a note of our own, behind all parts."""
        part = ContentPart(
            id=f"{self._id}-{len(self._parts) + 1:04d}",
            label="note",
            type_group=TypeGroup.STRUCTURE,
            mime_type="text/plain",
            metadata={"problem": problem, "note": note},
        )
        self._parts.append(part)

    def extracted(self, size: int) -> ContentExtracted:
        """Return all parts and their summary; `size` is that of the file in bytes."""
        groups = Counter(part.type_group.value for part in self._parts)
        problems = [_told(part) for part in self._parts if "problem" in part.metadata]
        summary: dict[str, Any] = {
            "name": self._name,
            "mimeType": self._mime_type,
            "bytes": size,
            "parts": len(self._parts),
            "groups": dict(sorted(groups.items())),
            "characters": sum(len(part.data) for part in self._parts),
            "complete": all(one["problem"] in _HARMLESS for one in problems),
            "problems": problems,
        }
        return ContentExtracted(id=self._id, parts=tuple(self._parts), summary=summary)

    def _line(self, line: bytes) -> None:
        message = json.loads(line)
        if "part" in message:
            self._parts.append(ContentPart.model_validate(message["part"]))
        elif "missing" in message:
            told = message["missing"]
            raise MissingExtra(told["message"], fix=told["fix"])
        elif "end" in message:
            self.ended = True
            self._mime_type = message["end"]["mimeType"]


def _told(part: ContentPart) -> dict[str, Any]:
    return {"partId": part.id, "problem": part.metadata["problem"], "note": part.metadata["note"]}
