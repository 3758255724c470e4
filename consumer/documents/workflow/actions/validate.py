"""Check the generated document and the file made of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import Field

from consumer.documents.calls.models import OperationType
from consumer.documents.generation.kpis import measure
from consumer.documents.generation.models import UnifiedJsonDocument
from consumer.documents.validation.content import validate
from consumer.documents.validation.judge import judged
from consumer.documents.validation.wishes import RenderedFile, Wish
from consumer.documents.wire import Parameters
from consumer.documents.workflow.desk import Desk
from consumer.documents.workflow.documents import latest_document, restored
from consumer.documents.workflow.merging import as_incomplete
from consumer.documents.workflow.models import ActionResult, ChatDocument
from consumer.documents.workflow.references import References
from consumer.documents.workflow.shelf import VALIDATION
from consumer.documents.workflow.versions import versions_of

NAME = "document.validate"
WORD = "check"
DESCRIPTION = "Check the generated document and its file against request, criteria and measures."

_HEAD = 4_096
"""Bytes of a file that tell its format."""


class ValidateParameters(Parameters):
    """Which document, against what."""

    success_criteria: tuple[str, ...] = Field(
        default=(), description="criteria besides those of the task"
    )
    document_list: References = Field(
        default=(), description="reference to a generated document; none: the latest"
    )


async def run(parameters: ValidateParameters, desk: Desk) -> ActionResult:
    """Yield the verdict; it is the result's `validation` too."""
    source = latest_document(desk, parameters.document_list)
    document = UnifiedJsonDocument.model_validate_json(desk.shelf.read(source))
    neutral = _wish(parameters, desk)
    opinion = await _opinion(desk, document, neutral)
    whole, wish = restored(desk, document), _restored_wish(desk, neutral)
    subject = _subject(desk, source, whole)
    found = await asyncio.to_thread(validate, subject, wish, _files(desk), opinion)
    if source.validation_metadata.get("complete") is False:
        found = as_incomplete(found)
    values = whole.model_dump(mode="json", by_alias=True)
    measured = measure(values, desk.task.kpis) if desk.task.kpis else ()
    kpis = [one.kept().model_dump(mode="json", by_alias=True) for one in measured]
    made = desk.document("validation.json", found.to_wire(), VALIDATION, NAME, [source], kpis=kpis)
    return ActionResult(success=True, documents=(made,), result_label=desk.label, validation=found)


def _wish(parameters: ValidateParameters, desk: Desk) -> Wish:
    criteria = dict.fromkeys((*desk.task.success_criteria, *parameters.success_criteria))
    return Wish(
        format=desk.task.format,
        kpis=desk.task.kpis,
        criteria=tuple(criteria),
        language=desk.wishes.language,
        title=desk.request.title,
        kind=desk.wishes.kind,
    )


def _restored_wish(desk: Desk, wish: Wish) -> Wish:
    """Return the wish with personal data in it again, as the document that is checked has it."""
    if desk.neutralizer is None:
        return wish
    restore = desk.neutralizer.restore
    title = None if wish.title is None else restore(wish.title)
    return replace(wish, criteria=tuple(map(restore, wish.criteria)), title=title)


async def _opinion(
    desk: Desk, document: UnifiedJsonDocument, wish: Wish
) -> Mapping[str, Any] | None:
    """Ask the judges, if there are any, about the document as remote models may see it."""
    chain = desk.settings.models.judge
    if not chain or desk.simple:
        return None

    async def ask(text: str) -> str:
        call = desk.call("judge", text, OperationType.DATA_ANALYSE, models=chain)
        return (await desk.caller.ask(call)).text

    return await judged(
        ask, document, wish, request=desk.request.prompt, large_bytes=desk.settings.large_bytes
    )


def _subject(
    desk: Desk, source: ChatDocument, document: UnifiedJsonDocument
) -> UnifiedJsonDocument | Path:
    """Return what is checked: a large document as its file, which is read as a stream."""
    if desk.neutralizer is None and source.size > desk.settings.large_bytes:
        return desk.folder.path(source.file)
    return document


def _files(desk: Desk) -> tuple[RenderedFile, ...]:
    """Return the files of the latest version of this task's document."""
    versions = versions_of(desk.observations)
    labels = set(versions[-1].files) if versions else set()
    return tuple(
        RenderedFile(
            entry.document.file_name,
            entry.document.mime_type,
            desk.shelf.read(entry.document)[:_HEAD],
        )
        for entry in desk.shelf.entries
        if entry.label in labels
    )
