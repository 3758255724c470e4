"""Take out of documents what is in them; no model is asked."""

from __future__ import annotations

import asyncio

from pydantic import Field, field_validator

from consumer.documents.extraction.extracting import extract
from consumer.documents.extraction.models import ContentExtracted, ExtractionOptions
from consumer.documents.failing import Unusable
from consumer.documents.wire import Parameters
from consumer.documents.workflow.desk import Desk
from consumer.documents.workflow.folder import ATTACHMENTS, readable_name
from consumer.documents.workflow.models import ActionDocument, ActionResult, ChatDocument
from consumer.documents.workflow.references import References
from consumer.documents.workflow.shelf import CONTENT

NAME = "document.extractContent"
WORD = "content"
DESCRIPTION = "Extract texts, tables and metadata from documents. Others need this first."


class ExtractContentParameters(Parameters):
    """Which documents, and how."""

    document_list: References = Field(
        default=(), description="references; none: every document that was not extracted yet"
    )
    extraction_options: ExtractionOptions = Field(
        default=ExtractionOptions(), description="the defaults; a `prompt` is not used"
    )

    @field_validator("extraction_options")
    @classmethod
    def _followed(cls, options: ExtractionOptions) -> ExtractionOptions:
        given, usual = options.model_dump(by_alias=True), ExtractionOptions()
        known = usual.model_dump(by_alias=True) | {"prompt": options.prompt}
        odd = [name for name, value in given.items() if known.get(name) != value]
        if odd:
            raise ValueError(f"{', '.join(odd)} is not supported: documents are extracted whole")
        return options


async def run(parameters: ExtractContentParameters, desk: Desk) -> ActionResult:
    """Extract each document by itself; what could not be read is told in its own result."""
    references = parameters.document_list or desk.references
    named = [one for one in desk.shelf.find(references) if one in desk.shelf.attachments]
    documents = named or list(desk.shelf.unread)
    if not documents:
        raise Unusable("there is no document to extract from")
    found = [await _extracted(one, parameters.extraction_options, desk) for one in documents]
    return ActionResult(success=True, documents=tuple(found), result_label=desk.label)


async def _extracted(
    document: ChatDocument, options: ExtractionOptions, desk: Desk
) -> ActionDocument:
    content = await extract(
        desk.folder.path(document.file),
        name=readable_name(document.file.removeprefix(f"{ATTACHMENTS}/")),
        document_id=document.id,
        options=options,
        limits=desk.settings.extraction,
    )
    if desk.neutralizer is not None:
        # Names in its fields are known from here on, wherever they stand.
        await asyncio.to_thread(desk.neutralizer.parts, content.parts)
    return desk.document(
        f"{document.file_name}.content.json",
        content.to_wire(),
        CONTENT,
        NAME,
        [document],
        source=document.file_name,
        parts=len(content.parts),
        notes=_notes(content),
    )


def _notes(content: ContentExtracted) -> list[str]:
    """Return what a reader must know of the content: scans, locks, what is missing."""
    notes = [part.metadata["note"] for part in content.parts if part.metadata.get("note")]
    return [str(note) for note in dict.fromkeys(map(str, notes))][:20]
