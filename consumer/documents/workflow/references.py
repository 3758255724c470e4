"""References to documents: `docList:label`, `docList:message:label`, `docItem:id[:file name]`.

A colon or percent sign inside a name is written `%3A` or `%25`, a control character likewise, so
that every reference reads back as what it was made from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_UNSAFE = re.compile(r"[%:\x00-\x1f\x7f]")
_ESCAPED = re.compile(r"%(25|3A|7F|[01][0-9A-F])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DocumentListReference:
    """All documents under a label; of one message only where `message_id` is given."""

    label: str
    message_id: str | None = None

    def to_string(self) -> str:
        """Return the reference as plans and prompts write it."""
        parts = (self.label,) if self.message_id is None else (self.message_id, self.label)
        return ":".join(("docList", *map(_escape, parts)))


@dataclass(frozen=True, slots=True)
class DocumentItemReference:
    """One document by its ID; the file name is there for readers."""

    document_id: str
    file_name: str | None = None

    def to_string(self) -> str:
        """Return the reference as plans and prompts write it."""
        name = self.file_name
        parts = (self.document_id,) if name is None else (self.document_id, name)
        return ":".join(("docItem", *map(_escape, parts)))


DocumentReference = DocumentListReference | DocumentItemReference


def parse_reference(text: str) -> DocumentReference:
    """Read a reference; raises ValueError saying which shapes there are.

    Colons that a model left unescaped count to the last part.
    """
    kind, _, rest = text.strip().partition(":")
    first, colon, last = rest.partition(":")
    if kind not in ("docList", "docItem") or not first or (colon and not last):
        raise ValueError(
            f"{text!r} is no reference; it is docList:LABEL, docList:MESSAGE:LABEL, docItem:ID "
            "or docItem:ID:FILE"
        )
    if kind == "docItem":
        return DocumentItemReference(_unescape(first), _unescape(last) if colon else None)
    if colon:
        return DocumentListReference(_unescape(last), _unescape(first))
    return DocumentListReference(_unescape(first))


def to_strings(references: Iterable[DocumentReference]) -> tuple[str, ...]:
    """Return references as the texts an action definition lists."""
    return tuple(reference.to_string() for reference in references)


def _escape(name: str) -> str:
    return _UNSAFE.sub(lambda found: f"%{ord(found.group()):02X}", name)


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text)
