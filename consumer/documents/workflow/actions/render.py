"""Turn a generated document into a file."""

from __future__ import annotations

import asyncio

from pydantic import Field

from consumer.documents.failing import Unusable
from consumer.documents.generation.models import UnifiedJsonDocument
from consumer.documents.rendering import render
from consumer.documents.wire import Parameters
from consumer.documents.workflow.desk import Desk
from consumer.documents.workflow.documents import file_name_of, latest_document, restored
from consumer.documents.workflow.models import ActionResult
from consumer.documents.workflow.references import References

NAME = "document.render"
WORD = "file"
DESCRIPTION = "Render the generated document as a file: docx, pdf, xlsx, html, md, csv, txt, json."


class RenderParameters(Parameters):
    """Which document, as what."""

    format: str | None = Field(default=None, description="the file's format; none: the task's")
    title: str | None = Field(default=None, description="none: the document's own")
    document_list: References = Field(
        default=(), description="reference to a generated document; none: the latest"
    )


async def run(parameters: RenderParameters, desk: Desk) -> ActionResult:
    """Yield the file; personal data stands in it again."""
    source = latest_document(desk, parameters.document_list)
    format_ = desk.task.format or parameters.format
    if format_ is None:
        raise Unusable("no format is asked for", fix="give `format`")
    document = restored(desk, UnifiedJsonDocument.model_validate_json(desk.shelf.read(source)))
    title = parameters.title or desk.wishes.title
    if title and desk.neutralizer is not None:
        title = desk.neutralizer.restore(title)
    made = await asyncio.to_thread(render, document, format_, title)
    name = file_name_of(desk, document, made.suffix)
    file = desk.document(
        name, made.data, made.mime_type, NAME, [source], resultType=format_, notes=list(made.notes)
    )
    return ActionResult(success=True, documents=(file,), result_label=desk.label)
