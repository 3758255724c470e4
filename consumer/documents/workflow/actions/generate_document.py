"""Let a model write the document as JSON, however many answers it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from pydantic import Field

from consumer.documents.calls.models import OperationType
from consumer.documents.failing import Unusable
from consumer.documents.generation.accumulation import (
    Ask,
    Generation,
    GenerationOrder,
    Piece,
    generate,
)
from consumer.documents.generation.generators import write_prompt
from consumer.documents.generation.models import GenerationKind
from consumer.documents.wire import Parameters
from consumer.documents.workflow.desk import Desk
from consumer.documents.workflow.models import ActionResult
from consumer.documents.workflow.reading import told_contents
from consumer.documents.workflow.references import References
from consumer.documents.workflow.shelf import DOCUMENT
from syntx.llm.contract import Message

NAME = "ai.generateDocument"
WORD = "document"
DESCRIPTION = "Let a model write the document the task asks for, from the contents and findings."


class GenerateDocumentParameters(Parameters):
    """What kind of document, from what."""

    kind: GenerationKind | None = Field(default=None, description="none: the job's")
    title: str | None = Field(default=None, description="none: the job's")
    language: str | None = Field(default=None, description="none: the job's")
    document_list: References = Field(
        default=(), description="references to extracted contents and findings; none: all of them"
    )


async def run(parameters: GenerateDocumentParameters, desk: Desk) -> ActionResult:
    """Yield the document; an incomplete one counts, and its check will say what is missing."""
    contents = desk.contents(parameters.document_list or None)
    material = await told_contents(desk, contents)
    made = await generate(_asker(desk), _order(parameters, desk, material))
    if made.document is None:
        raise Unusable(f"no document came of {made.parts} answers: {made.reason}")
    document = desk.document(
        "document.json",
        made.document.to_wire(),
        DOCUMENT,
        NAME,
        contents,
        complete=made.complete,
        repaired=made.repaired,
        answers=made.parts,
        kpis=[kpi.model_dump(mode="json", by_alias=True) for kpi in made.kpis],
        notes=_notes(made),
    )
    return ActionResult(success=True, documents=(document,), result_label=desk.label)


def _order(parameters: GenerateDocumentParameters, desk: Desk, material: str) -> GenerationOrder:
    kind = parameters.kind or desk.wishes.kind
    title = desk.wishes.title or parameters.title or ""
    language = parameters.language or desk.wishes.language
    prompt = write_prompt(
        kind,
        desk.request.prompt,
        material,
        title=title,
        language=language,
        output_format=desk.task.format or "",
        kpis=desk.task.kpis,
        learnings=_lines(desk.learnings),
        suggestions=_lines(desk.suggestions),
    )
    most = desk.settings.max_parts
    return GenerationOrder(prompt, kind, title, language, desk.task.kpis, most)


def _lines(texts: Sequence[str]) -> list[str]:
    """Return texts in one line each: none can begin a section of the prompt."""
    return [" ".join(text.split()) for text in texts]


def _asker(desk: Desk) -> Ask:
    async def ask(
        purpose: str, messages: tuple[tuple[Literal["user", "assistant"], str], ...]
    ) -> Piece:
        said = tuple(Message(role, text) for role, text in messages)
        call = desk.call(purpose, "", OperationType.DATA_GENERATE)
        asked = replace(call, messages=said)
        if purpose == "continue":
            # The middle of a text may read like a refusal; one that does not fit is found out.
            answer = await desk.caller.ask_on(asked)
            return Piece(answer.text, answer.truncated, declined=answer.refused)
        answer = await desk.caller.ask(asked)
        return Piece(answer.text, answer.truncated)

    return ask


def _notes(made: Generation) -> list[str]:
    notes = [] if made.complete else [f"incomplete: {made.reason}"]
    return [*notes, *(f"repaired: {change}" for change in made.changes)]
