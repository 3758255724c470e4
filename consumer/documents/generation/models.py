"""A document as JSON: sections with elements, the shape every renderer reads."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from consumer.documents.wire import Wire

CONTENT_TYPES = ("heading", "paragraph", "table", "list", "code", "image", "quote", "page_break")
"""The content types renderers know; any other is rendered as text.

Elements by content type: heading `{text, level 1-6}`, paragraph `{text}`, table `{caption?,
headers[], rows[][]}`, list `{items[] (text, or {text, items[]}), ordered?}`, code `{code,
language?}`, image `{altText, base64?, mimeType?}`, quote `{text, source?}`, page_break `{}`.
"""


class SectionStructure(Wire):
    """A section: its elements in their order."""

    id: str
    content_type: str = Field(alias="content_type")
    title: str | None = None
    order: int = 0
    elements: tuple[dict[str, Any], ...] = ()


class DocumentStructure(Wire):
    """One document; `metadata` may hold its own title and filename."""

    sections: tuple[SectionStructure, ...] = ()


class UnifiedJsonDocument(Wire):
    """What a generation yields; `metadata` has at least a `title`."""

    metadata: dict[str, Any] | None = None
    documents: tuple[DocumentStructure, ...] = ()
    statistics: dict[str, Any] | None = None


class KpiDefinition(Wire):
    """A measure of a document: what a JSONPath finds, and how much of it there should be."""

    id: str
    description: str = ""
    json_path: str
    target_value: int | float | str
    current_value: int | float | str | None = None
    tolerance: float = Field(default=0.0, ge=0)


class JsonAccumulationState(Wire):
    """A generation between two answers, all that is needed to go on after a restart.

    `accumulated_json_string` is the text as cut, the base for joining; `closed_json_string` is the
    same closed behind its last whole element, for reading. `all_sections` holds whole sections.
    """

    accumulated_json_string: str = ""
    closed_json_string: str = ""
    is_accumulation_mode: bool = False
    last_parsed_result: dict[str, Any] | None = None
    all_sections: tuple[dict[str, Any], ...] = ()
    kpis: tuple[KpiDefinition, ...] = ()
    parts: int = 0
    asking: Literal["write", "continue", "append", "nothing"] = "write"
    strict: bool = True
    climbing: bool = False
    refusals: int = 0
    measured: bool = False
    targets_met: bool = False
    appended_at: str = ""
    doubted: bool = False
    complete: bool = False
    reason: str = ""
    changes: tuple[str, ...] = ()
    said_percent: tuple[int, ...] = ()


GenerationKind = Literal["report", "analysis", "data"]
