"""The sections of the workflow's prompts; the same state gives the same text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from consumer.documents.wire import Wire
from consumer.documents.wording import as_json, tagged
from consumer.documents.workflow.models import (
    Observation,
    RequestContext,
    TaskDefinition,
)
from consumer.documents.workflow.shelf import Shelf

Section = tuple[str, str]


def request_section(request: RequestContext) -> Section:
    """What the user asked for."""
    return "Request", tagged("request", request.prompt)


def wishes_section(wishes: Mapping[str, Any]) -> Section:
    """How the result should be."""
    return "Wishes", as_json(dict(wishes))


def documents_section(shelf: Shelf) -> Section:
    """What is in reach, a line each."""
    lines = [
        f"- {one.reference} ({one.document.mime_type}, {one.document.size} bytes) {one.label}"
        for one in shelf.entries
    ]
    return "Documents", "\n".join(lines)


def actions_section(schemas: Sequence[Mapping[str, Any]]) -> Section:
    """What can be done."""
    return "Actions", as_json(list(schemas))


def task_section(task: TaskDefinition) -> Section:
    """What is to be done."""
    return "Task", as_json(plain(task))


def history_section(observations: Sequence[Observation]) -> Section:
    """What was done in this task so far; validations in short."""
    told = as_json([_observed(one) for one in observations]) if observations else ""
    return "History", told


def lines_section(title: str, lines: Iterable[str]) -> Section:
    """A list of one-line statements."""
    return title, "\n".join(f"- {' '.join(line.split())}" for line in lines if line.strip())


def plain(record: Wire) -> dict[str, Any]:
    """Return a record under the names of the wire, without what is unset."""
    return record.model_dump(mode="json", by_alias=True, exclude_none=True)


def _observed(observation: Observation) -> dict[str, Any]:
    said = plain(observation)
    if observation.validation is not None:
        checked = observation.validation
        said["validation"] = {
            "overallSuccess": checked.overall_success,
            "qualityScore": checked.quality_score,
            "gapType": checked.gap_type,
            "improvementSuggestions": list(checked.improvement_suggestions),
        }
    return said
