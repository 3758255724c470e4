"""A model that writes a document it knows, in parts, and answers what is missing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from consumer.documents.generation.accumulation import Piece

Conversation = tuple[tuple[str, str], ...]
Writer = Callable[..., Any]

_DELIVERED = re.compile(r"# Delivered\n(.*?)\n\n# ", re.DOTALL)
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")


def _told(number: int) -> str:
    return f'Zeile "{number}" \\ über 😀 und alles, was dazu zu sagen ist'


def a_document(rows: int = 40, paragraph: str = "Über Größe und Maß, „so“ 😀.") -> dict[str, Any]:
    """Return a document with a paragraph, a table and a list."""
    table = {"headers": ["n", "text"], "rows": [[n, _told(n)] for n in range(rows)]}
    sections = [
        {"id": "s1", "content_type": "paragraph", "order": 1, "elements": [{"text": paragraph}]},
        {"id": "s2", "content_type": "table", "order": 2, "elements": [table]},
        {"id": "s3", "content_type": "list", "order": 3, "elements": [{"items": ["a", "b"]}]},
    ]
    return {"metadata": {"title": "Maße"}, "documents": [{"sections": sections}]}


class KnowingWriter:
    """Delivers `text` in answers of `size` characters; `spoil` changes what follows a cut.

    After it was asked what is missing somewhere, it goes on with that answer only.
    """

    def __init__(self, text: str, size: int, spoil: Callable[[str, str], str] | None) -> None:
        self.text, self.size, self.spoil = text, size, spoil
        self.asked: list[str] = []
        self._stream, self._at = text, 0

    async def __call__(self, purpose: str, conversation: Conversation) -> Piece:
        """Answer as asked."""
        self.asked.append(purpose)
        if purpose == "append":
            return self._append(conversation[-1][1])
        before, rest = self._stream[: self._at], self._stream[self._at :]
        part = rest[: self.size] or "That was all."
        self._at += len(part)
        cut = len(part) < len(rest)
        if purpose == "continue" and self.spoil is not None:
            part = self.spoil(before, part)
        return Piece(part, cut)

    def _append(self, question: str) -> Piece:
        found = _DELIVERED.search(question)
        assert found is not None
        told = json.loads(found[1])
        value = json.loads(self.text)
        for name, index in _STEP.findall(told["path"]):
            value = value[int(index) if index else name]
        if "keys" in told:
            rest: Any = {key: one for key, one in value.items() if key not in told["keys"]}
        else:
            rest = value[told["count"] :]
        self._stream, self._at = json.dumps(rest), self.size
        return Piece(self._stream[: self.size], self._at < len(self._stream))


@pytest.fixture
def writer() -> Writer:
    """Give a way to make a model that knows a text."""

    def make(text: str, size: int, spoil: Callable[[str, str], str] | None = None) -> KnowingWriter:
        return KnowingWriter(text, size, spoil)

    return make


@pytest.fixture
def document() -> dict[str, Any]:
    """Give a document with a paragraph, a table and a list."""
    return a_document()


@pytest.fixture
def make_document() -> Callable[..., dict[str, Any]]:
    """Give a way to make documents."""
    return a_document
