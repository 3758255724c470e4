"""The documents an action can reach: what came with the request, and what was yielded so far."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from consumer.documents.failing import Unusable
from consumer.documents.workflow.folder import JobFolder
from consumer.documents.workflow.models import ChatDocument, ChatWorkflow
from consumer.documents.workflow.references import (
    DocumentItemReference,
    DocumentReference,
    parse_reference,
)

CONTENT = "application/vnd.syntx.content+json"
"""What was extracted from one document (`ContentExtracted`)."""
DOCUMENT = "application/vnd.syntx.document+json"
"""A generated document (`UnifiedJsonDocument`)."""
VALIDATION = "application/vnd.syntx.validation+json"
FINDINGS = "text/markdown"
"""What an analysis or a search found, as text."""

ATTACHED = "attachments"
"""The label of what came with the request."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A document under its label, and the message that carries it, if any."""

    label: str
    document: ChatDocument
    message_id: str | None = None

    @property
    def reference(self) -> str:
        """The reference prompts and plans use."""
        return DocumentItemReference(self.document.id, self.document.file_name).to_string()


class Shelf:
    """All documents in reach, the older ones first."""

    def __init__(self, folder: JobFolder, entries: Iterable[Entry]) -> None:
        self._folder = folder
        self.entries = tuple(entries)

    @classmethod
    def of(cls, workflow: ChatWorkflow, folder: JobFolder) -> Shelf:
        """Return what the messages carry, and what the running task yielded."""
        sent = [
            Entry(message.documents_label or message.id, document, message.id)
            for message in workflow.messages
            for document in message.documents
        ]
        return cls(folder, (*sent, *(Entry(one.label, one.document) for one in workflow.held)))

    def read(self, document: ChatDocument) -> bytes:
        """Return a document's bytes; raises Unusable where somebody took them away."""
        try:
            return self._folder.read(document.file)
        except FileNotFoundError as error:
            raise Unusable(f"{document.file} is gone") from error

    def find(self, references: Sequence[str]) -> tuple[ChatDocument, ...]:
        """Return the documents references name; raises Unusable for those that name none."""
        found: dict[str, ChatDocument] = {}
        for text in references:
            try:
                entries = self._matching(parse_reference(text))
            except ValueError as error:
                raise Unusable(str(error)) from error
            if not entries:
                known = ", ".join(entry.reference for entry in self.entries) or "none"
                raise Unusable(f"no document is named {text}", fix=f"use one of: {known}")
            found.update((entry.document.id, entry.document) for entry in entries)
        return tuple(found.values())

    def of_type(self, *mime_types: str) -> tuple[ChatDocument, ...]:
        """Return all documents of the given MIME types."""
        return tuple(one.document for one in self.entries if one.document.mime_type in mime_types)

    @property
    def attachments(self) -> tuple[ChatDocument, ...]:
        """What came with the request."""
        return tuple(one.document for one in self.entries if one.label == ATTACHED)

    @property
    def unread(self) -> tuple[ChatDocument, ...]:
        """The attachments nothing was extracted from yet."""
        read = {source for one in self.of_type(CONTENT) for source in sources_of(one)}
        return tuple(one for one in self.attachments if one.id not in read)

    @property
    def contents(self) -> tuple[ChatDocument, ...]:
        """What was extracted, each in its latest version: the neutral one where there is one."""
        latest: dict[tuple[str, ...], ChatDocument] = {}
        for one in self.of_type(CONTENT):
            latest[sources_of(one)] = one
        return tuple(latest.values())

    def _matching(self, reference: DocumentReference) -> list[Entry]:
        if isinstance(reference, DocumentItemReference):
            return [one for one in self.entries if one.document.id == reference.document_id]
        return [
            one
            for one in self.entries
            if one.label == reference.label and reference.message_id in (None, one.message_id)
        ]


def sources_of(document: ChatDocument) -> tuple[str, ...]:
    """Return the IDs of the documents this one was made from."""
    return tuple(document.validation_metadata.get("sourceDocuments", ()))


def is_neutral(document: ChatDocument) -> bool:
    """Whether personal data was replaced in it."""
    return bool(document.validation_metadata.get("neutral"))
