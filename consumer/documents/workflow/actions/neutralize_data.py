"""Replace personal data in extracted contents by placeholders."""

from __future__ import annotations

import asyncio

from pydantic import Field

from consumer.documents.extraction.models import ContentExtracted
from consumer.documents.failing import Unusable
from consumer.documents.wire import Parameters
from consumer.documents.workflow.desk import Desk
from consumer.documents.workflow.models import ActionDocument, ActionResult, ChatDocument
from consumer.documents.workflow.references import References
from consumer.documents.workflow.shelf import CONTENT, is_neutral, sources_of

NAME = "context.neutralizeData"
WORD = "neutral"
DESCRIPTION = "Replace personal data in extracted contents by placeholders; the structure stays."


class NeutralizeDataParameters(Parameters):
    """Which contents."""

    document_list: References = Field(
        default=(), description="references to extracted contents; none: all of them"
    )


async def run(parameters: NeutralizeDataParameters, desk: Desk) -> ActionResult:
    """Give each content a neutral version of the same parts under the same IDs."""
    if desk.neutralizer is None:
        raise Unusable("this job does not neutralize", fix="set `neutralize: true` in its job.yaml")
    contents = [
        one for one in desk.contents(parameters.document_list or None) if not is_neutral(one)
    ]
    if not contents:
        raise Unusable("there is no content to neutralize; extract it first")
    made = [await asyncio.to_thread(_neutral, one, desk) for one in contents]
    return ActionResult(success=True, documents=tuple(made), result_label=desk.label)


def _neutral(document: ChatDocument, desk: Desk) -> ActionDocument:
    content = ContentExtracted.model_validate_json(desk.shelf.read(document))
    neutral = content.model_copy(update={"parts": desk.parts([document]), "summary": None})
    name = document.file_name.removesuffix(".content.json") + ".neutral.json"
    made = desk.document(name, neutral.to_wire(), CONTENT, NAME, neutral=True)
    # The neutral version stands for the same source as the one it replaces.
    metadata = {
        **made.validation_metadata,
        "sourceDocuments": list(sources_of(document)),
        "source": document.validation_metadata.get("source", document.file_name),
    }
    return made.model_copy(update={"validation_metadata": metadata})
