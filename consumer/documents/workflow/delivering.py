"""What the user finds in `outputs/` at the end; delivering again gives the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from consumer.documents.generation.models import UnifiedJsonDocument
from consumer.documents.validation.models import ValidationResult
from consumer.documents.wording import as_json
from consumer.documents.workflow.folder import OUTPUTS
from consumer.documents.workflow.merging import merged
from consumer.documents.workflow.models import (
    ChatDocument,
    ChatMessage,
    ChatWorkflow,
    TaskResult,
)
from consumer.documents.workflow.names import safe_name, unique
from consumer.documents.workflow.office import Office
from consumer.documents.workflow.shelf import DOCUMENT
from consumer.documents.workflow.versions import RENDER

DOCUMENT_FILE, VALIDATION_FILE, RECORD_FILE = "document.json", "validation.json", "workflow.json"


def deliver(office: Office) -> None:
    """Write all that was yielded, the record last; the workflow is finished then."""
    now = office.workflow
    sources = [document for one in now.results for document in _documents(now, one, DOCUMENT)]
    files = [document for one in now.results for document in files_of(now, one)]
    placed = [*_structured(office, sources), *_rendered(office, files)]
    checked = validation_of(now)
    if checked is not None:
        placed.append(_put(office, VALIDATION_FILE, _told(office, checked), "application/json"))
    office.keeper.tidy()
    messages = [*now.messages, _message(office, placed, checked)]
    done = now.model_copy(update={"messages": messages, "held": [], "finished": True})
    told = done.model_dump(mode="json", by_alias=True, exclude={"seconds"})
    record = as_json(told).encode()
    office.keeper.folder.write(f"{OUTPUTS}/{RECORD_FILE}", record, 0o640)
    # Only now: a state that says so is not delivered again.
    now.messages, now.held, now.finished = messages, [], True
    office.save()


def _told(office: Office, checked: ValidationResult) -> bytes:
    """Return the verdict for its reader, with personal data in place again."""
    values = checked.model_dump(mode="json", by_alias=True)
    if office.neutralizer is not None:
        values = office.neutralizer.restore_json(values)
    return as_json(values).encode()


def validation_of(workflow: ChatWorkflow) -> ValidationResult | None:
    """Return the check of everything together, None where nothing was checked."""
    found = [one.validation for one in workflow.results if one.validation is not None]
    return merged(found) if found else None


def files_of(workflow: ChatWorkflow, result: TaskResult) -> list[ChatDocument]:
    """Return the files a task yielded for the user."""
    return [
        one
        for one in _documents(workflow, result)
        if one.validation_metadata.get("actionName") == RENDER
    ]


def _documents(
    workflow: ChatWorkflow, result: TaskResult, mime_type: str | None = None
) -> list[ChatDocument]:
    wanted = set(result.documents)
    return [
        document
        for message in workflow.messages
        for document in message.documents
        if document.id in wanted and mime_type in (None, document.mime_type)
    ]


def _structured(office: Office, sources: Sequence[ChatDocument]) -> Iterator[ChatDocument]:
    """Write the documents as JSON, with personal data in place again."""
    taken: list[str] = []
    for source in sources:
        document = UnifiedJsonDocument.model_validate_json(office.shelf.read(source))
        values = document.model_dump(mode="json", by_alias=True)
        if office.neutralizer is not None:
            values = office.neutralizer.restore_json(values)
        name = unique(DOCUMENT_FILE, taken)
        taken.append(name)
        yield _put(office, name, as_json(values).encode(), "application/json", source)


def _rendered(office: Office, files: Sequence[ChatDocument]) -> Iterator[ChatDocument]:
    taken = [DOCUMENT_FILE, VALIDATION_FILE, RECORD_FILE]
    taken += [f"document-{number}.json" for number in range(2, len(files) + 2)]
    for file in files:
        name = unique(safe_name(file.file_name), taken)
        taken.append(name)
        yield _put(office, name, office.shelf.read(file), file.mime_type, file)


def _put(
    office: Office, name: str, data: bytes, mime_type: str, source: ChatDocument | None = None
) -> ChatDocument:
    file = f"{OUTPUTS}/{name}"
    office.keeper.folder.write(file, data, 0o640)
    return ChatDocument(
        id=f"out_{name}",
        file_name=name,
        mime_type=mime_type,
        size=len(data),
        file=file,
        validation_metadata=source.validation_metadata if source else {},
    )


def _message(
    office: Office, placed: Sequence[ChatDocument], checked: ValidationResult | None
) -> ChatMessage:
    now = office.workflow
    plan = now.understanding
    language = (plan.language if plan and plan.language else office.wishes.language).lower()
    names = ", ".join(one.file_name for one in placed if one.file_name != VALIDATION_FILE)
    quality = "–" if checked is None else f"{round(100 * checked.quality_score)} %"
    said = (
        f"Fertig: {names or 'nichts'}. Qualität: {quality}."
        if language.startswith("de")
        else f"Done: {names or 'nothing'}. Quality: {quality}."
    )
    return ChatMessage(
        id=f"msg_round{now.current_round}_delivery",
        message=said,
        documents_label=f"round{now.current_round}_delivery",
        documents=tuple(placed),
    )
