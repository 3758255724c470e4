"""References to documents: `docList:label`, `docList:message:label`, `docItem:id[:file name]`.

A colon or percent sign inside a name is written `%3A` or `%25`, a control character likewise, so
that every reference reads back as what it was made from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator

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


def listed(value: object) -> object:
    """Return a list of references as texts: `{"references": […]}` or a single one is a list too.

    An entry may be an object, `{messageId?, label}` or `{documentId, fileName?}`; what is none of
    these stays as it is, for whoever checks the list.
    """
    if isinstance(value, Mapping) and isinstance(value.get("references"), list | tuple):
        value = value["references"]
    if isinstance(value, str):
        return (value,)
    return tuple(map(_as_text, value)) if isinstance(value, list | tuple) else value


References = Annotated[tuple[str, ...], BeforeValidator(listed)]
"""A DocumentReferenceList: references as texts, read from any shape that `listed` knows."""


def _as_text(entry: object) -> object:
    if not isinstance(entry, Mapping):
        return entry
    told = {name: value for name, value in entry.items() if value is not None}
    match told:
        case {"label": str(label), "messageId": str(message)} if label and message:
            return DocumentListReference(label, message).to_string()
        case {"label": str(label)} if label and "messageId" not in told:
            return DocumentListReference(label).to_string()
        case {"documentId": str(document), "fileName": str(file)} if document and file:
            return DocumentItemReference(document, file).to_string()
        case {"documentId": str(document)} if document and "fileName" not in told:
            return DocumentItemReference(document).to_string()
    return entry


def _escape(name: str) -> str:
    return _UNSAFE.sub(lambda found: f"%{ord(found.group()):02X}", name)


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text)
