"""The generated document on its way through a task: found, restored, named."""

from __future__ import annotations

from collections.abc import Sequence

from consumer.documents.failing import Unusable
from consumer.documents.generation.models import UnifiedJsonDocument
from consumer.documents.workflow.desk import Desk
from consumer.documents.workflow.models import ChatDocument
from consumer.documents.workflow.names import with_suffix
from consumer.documents.workflow.shelf import DOCUMENT


def latest_document(desk: Desk, references: Sequence[str] = ()) -> ChatDocument:
    """Return the generated document the action was given, else the latest; raises Unusable."""
    named = desk.named(DOCUMENT, references=references or None)
    found = named or desk.shelf.of_type(DOCUMENT)
    if not found:
        raise Unusable("there is no generated document yet")
    return found[-1]


def restored(desk: Desk, document: UnifiedJsonDocument) -> UnifiedJsonDocument:
    """Return the document with personal data in place of the placeholders."""
    if desk.neutralizer is None:
        return document
    values = document.model_dump(mode="json", by_alias=True)
    return UnifiedJsonDocument.model_validate(desk.neutralizer.restore_json(values))


def file_name_of(desk: Desk, document: UnifiedJsonDocument, suffix: str) -> str:
    """Return a safe file name: by the job's title, else the document's own name, else its title.

    A name that a model made of placeholders cannot be restored; the title can.
    """
    metadata = document.metadata or {}
    own = [metadata.get("filename"), metadata.get("title")]
    if desk.neutralizer is not None:
        own.reverse()
        title = desk.neutralizer.restore(desk.wishes.title or "")
    else:
        title = desk.wishes.title or ""
    wanted = next(filter(None, [title, *own]), "document")
    return with_suffix(str(wanted), suffix.lstrip("."))
