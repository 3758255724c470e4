"""How extracted contents reach a model: as they are, or, where too long, what matters in them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from consumer.documents.calls.budget import content_tokens, estimated_tokens
from consumer.documents.calls.contents import Piece, laid_out, readable
from consumer.documents.calls.models import AiCallOptions, OperationType
from consumer.documents.calls.pipeline import UNKNOWN_CONTEXT, Question, read_parts
from consumer.documents.extraction.models import ContentPart, TypeGroup
from consumer.documents.wording import tagged
from consumer.documents.workflow.desk import Desk
from consumer.documents.workflow.models import ChatDocument
from consumer.documents.workflow.sections import (
    Section,
    lines_section,
    task_section,
    wishes_section,
)
from consumer.documents.workflow.shelf import FINDINGS
from syntx.errors import ContextExceeded

SHARE = 0.6
"""The share of a model's room that contents may take: a cut answer needs room to go on."""
_PROMPT_TOKENS = 1_500
"""About what the rest of a write prompt takes."""


async def read_contents(
    desk: Desk, parts: Sequence[ContentPart], order: str, options: AiCallOptions
) -> str:
    """Return what models find in the parts for the task, however long they are."""
    sections: tuple[Section, ...] = (
        wishes_section(desk.wishes.told(desk.task.format)),
        task_section(desk.task),
        lines_section("Learnings", desk.learnings),
        ("Work", tagged("work", order)),
    )
    question = Question(
        request=desk.request.prompt,
        options=options,
        sections=sections,
        max_tokens=desk.settings.max_new_tokens,
    )
    return await read_parts(desk.caller, parts, question)


async def told_contents(desk: Desk, documents: Sequence[ChatDocument]) -> str:
    """Return contents and findings as a prompt's section has them, between tags."""
    return _laid(await _fitting(desk, documents))


async def _fitting(desk: Desk, documents: Sequence[ChatDocument]) -> list[ContentPart]:
    """Return contents and findings for the model that writes; too much of it is condensed."""
    findings = _findings(desk)
    parts = readable(await asyncio.to_thread(desk.parts, documents), None)
    whole = [*parts, *findings]
    room = _room(desk)
    if not parts or estimated_tokens(_laid(whole)) <= room:
        return whole
    if findings and estimated_tokens(_laid(findings)) <= room:
        return findings
    return [await _condensed(desk, findings or parts)]


def _room(desk: Desk) -> float:
    """Return the tokens for contents in a call to the model that writes; 0 where there are none."""
    call = desk.call("write", "", OperationType.DATA_GENERATE)
    target = desk.caller.chain(call)[0]
    context = target.context or UNKNOWN_CONTEXT
    margin = call.options.safety_margin
    try:
        return SHARE * content_tokens(context, _PROMPT_TOKENS, call.max_tokens, margin)
    except ContextExceeded:
        return 0.0


async def _condensed(desk: Desk, parts: Sequence[ContentPart]) -> ContentPart:
    options = AiCallOptions(
        operation_type=OperationType.DATA_ANALYSE,
        compress_context=True,
        process_documents_individually=False,
    )
    text = await read_contents(desk, parts, desk.task.objective, options)
    return _part("condensed", "what the documents say", text)


def _findings(desk: Desk) -> list[ContentPart]:
    """Return what was found so far as parts; personal data replaced where that is asked for."""
    clean = desk.neutralizer.clean if desk.neutralizer else str
    return [
        _part(one.id, one.file_name, clean(desk.shelf.read(one).decode("utf-8", "replace")))
        for one in desk.shelf.of_type(FINDINGS)
    ]


def _part(id_: str, label: str, text: str) -> ContentPart:
    return ContentPart(
        id=id_, label=label, type_group=TypeGroup.TEXT, mime_type=FINDINGS, data=text
    )


def _laid(parts: Sequence[ContentPart]) -> str:
    pieces = (Piece(number, 0, len(part.data)) for number, part in enumerate(parts))
    return "\n\n".join(laid_out(parts, piece) for piece in pieces)
