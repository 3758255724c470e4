"""What one action may use: the request, its task, documents in reach, and the way to models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from consumer.documents.calls.asking import Call, Caller
from consumer.documents.calls.models import AiCallOptions, OperationType
from consumer.documents.extraction.models import ContentExtracted, ContentPart
from consumer.documents.generation.models import GenerationKind
from consumer.documents.neutralization.neutralizer import Neutralizer
from consumer.documents.wording import Order, Role, prompt
from consumer.documents.workflow.folder import JobFolder
from consumer.documents.workflow.models import (
    ActionDocument,
    ChatDocument,
    Observation,
    RequestContext,
    TaskDefinition,
)
from consumer.documents.workflow.sections import Section
from consumer.documents.workflow.shelf import CONTENT, Shelf, is_neutral, sources_of
from syntx.llm.contract import Answer, Message
from syntx.settings.models import Documents


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the result should be; `accept` is the quality (0..1) that is good enough.

    `settled` formats were named by the job; others are what the request or the settings suggest.
    """

    formats: tuple[str, ...]
    settled: bool
    title: str | None
    language: str
    kind: GenerationKind
    neutralize: bool
    max_steps: int
    accept: float

    def told(self, format_: str | None = None) -> dict[str, Any]:
        """Return what prompts say of them; `format_` is that of the running task."""
        said: dict[str, Any] = {
            "title": self.title,
            "language": self.language,
            "kind": self.kind,
        }
        if format_ is not None or self.settled:
            said = {"format": format_ or self.formats[0], **said}
        if len(self.formats) > 1 and format_ is None and self.settled:
            said["formats"] = list(self.formats)
        if self.neutralize:
            said["neutralize"] = True
        return said


@dataclass(frozen=True, slots=True)
class Desk:
    """An action's place of work; `label` is what its results will be found under.

    `simple` work takes one call.
    """

    request: RequestContext
    wishes: Wishes
    task: TaskDefinition
    folder: JobFolder
    shelf: Shelf
    caller: Caller
    settings: Documents
    neutralizer: Neutralizer | None
    label: str
    references: tuple[str, ...] = ()
    observations: tuple[Observation, ...] = ()
    learnings: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    simple: bool = False

    async def ask(
        self,
        role: Role,
        order: Order,
        sections: Sequence[Section],
        answer: str,
        operation: OperationType = OperationType.DATA_GENERATE,
    ) -> Answer:
        """Ask a model once with a prompt of the house's layout; raises what the caller raises."""
        return await self.caller.ask(
            self.call(order, prompt(role, order, sections, answer), operation)
        )

    async def ask_text(
        self, role: Role, order: Order, sections: Sequence[Section], answer: str
    ) -> Answer:
        """Ask for plain text, and on where the answer is cut."""
        text = prompt(role, order, sections, answer)
        return await self.caller.ask_text(self.call(order, text, OperationType.DATA_GENERATE))

    def call(
        self, purpose: str, text: str, operation: OperationType, models: tuple[str, ...] = ()
    ) -> Call:
        """Word a call of one message within the settings' limits; `models` is its own chain."""
        options = AiCallOptions(operation_type=operation, max_parts=self.settings.max_parts)
        messages = (Message("user", text),)
        return Call(purpose, messages, options, self.settings.max_new_tokens, models)

    def named(
        self, *mime_types: str, references: Sequence[str] | None = None
    ) -> tuple[ChatDocument, ...]:
        """Return the documents of these types that the action was given; raises Unusable."""
        given = self.references if references is None else references
        return tuple(one for one in self.shelf.find(given) if one.mime_type in mime_types)

    def contents(self, references: Sequence[str] | None = None) -> tuple[ChatDocument, ...]:
        """Return the extracted contents the action was given, all there are where none is named.

        An attachment that is named stands for what was extracted from it.
        """
        given = self.shelf.find(self.references if references is None else references)
        wanted = {one.id for one in given} | {
            source for one in given if one.mime_type == CONTENT for source in sources_of(one)
        }
        found = [one for one in self.shelf.contents if wanted & {one.id, *sources_of(one)}]
        return tuple(found) or self.shelf.contents

    def parts(self, documents: Sequence[ChatDocument]) -> tuple[ContentPart, ...]:
        """Return the parts of extracted contents, neutral ones where that is asked for."""
        return tuple(part for one in documents for part in self._parts_of(one))

    def _parts_of(self, document: ChatDocument) -> Iterator[ContentPart]:
        """Yield the parts of a content, each labelled with the document it is of."""
        name = str(document.validation_metadata.get("source", document.file_name))
        parts = ContentExtracted.model_validate_json(self.shelf.read(document)).parts
        if self.neutralizer is not None and not is_neutral(document):
            parts = tuple(self.neutralizer.parts(parts))
        for part in parts:
            label = part.label if part.label.startswith(name) else f"{name}: {part.label}"
            yield part.model_copy(update={"label": label})

    def document(
        self,
        name: str,
        data: bytes,
        mime_type: str,
        action: str,
        sources: Sequence[ChatDocument] = (),
        **told: Any,
    ) -> ActionDocument:
        """Make a document of the action's, with the metadata its check needs."""
        metadata = {
            "actionName": action,
            "sourceDocuments": [source.id for source in sources],
            **told,
        }
        return ActionDocument(
            document_name=name,
            document_data=data,
            mime_type=mime_type,
            validation_metadata=metadata,
        )
