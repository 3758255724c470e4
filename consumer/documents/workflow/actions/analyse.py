"""Let a model read extracted contents, however long they are, and say what matters."""

from __future__ import annotations

import asyncio

from pydantic import Field

from consumer.documents.calls.models import AiCallOptions, OperationType
from consumer.documents.failing import Unusable
from consumer.documents.wire import Parameters
from consumer.documents.workflow.desk import Desk
from consumer.documents.workflow.models import ActionResult
from consumer.documents.workflow.reading import read_contents
from consumer.documents.workflow.references import References
from consumer.documents.workflow.shelf import FINDINGS

NAME = "ai.analyse"
WORD = "findings"
DESCRIPTION = "Let a model read extracted contents and write down what matters for the task."


class AnalyseParameters(Parameters):
    """What to look for, and where."""

    ai_prompt: str = Field(default="", description="what to look for; none: the task's objective")
    document_list: References = Field(
        default=(), description="references to extracted contents; none: all of them"
    )
    compress_context: bool = Field(
        default=False, description="bring what was found in several pieces together in one text"
    )
    process_documents_individually: bool = Field(
        default=False, description="read each document apart"
    )


async def run(parameters: AnalyseParameters, desk: Desk) -> ActionResult:
    """Yield findings as text."""
    contents = desk.contents(parameters.document_list or None)
    parts = await asyncio.to_thread(desk.parts, contents)
    if not parts:
        raise Unusable("there is no content to analyse; extract it first")
    options = AiCallOptions(
        operation_type=OperationType.DATA_ANALYSE,
        compress_context=parameters.compress_context,
        process_documents_individually=parameters.process_documents_individually,
    )
    text = await read_contents(desk, parts, parameters.ai_prompt or desk.task.objective, options)
    if not text.strip():
        raise Unusable("the model found nothing in the content")
    made = desk.document("findings.md", text.encode(), FINDINGS, NAME, contents)
    return ActionResult(success=True, documents=(made,), result_label=desk.label)
