"""What is taken out of a document: parts in their order, under IDs that stay."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import Field

from consumer.documents.wire import Wire


class TypeGroup(StrEnum):
    """What kind of content a part holds."""

    TEXT = "text"
    TABLE = "table"
    STRUCTURE = "structure"
    CONTAINER = "container"
    IMAGE = "image"
    BINARY = "binary"


class ContentPart(Wire):
    """A piece of a document.

    `data` is text; of a table, CSV with a header line; of an image or of binary content, empty
    (`metadata` tells size and why). `metadata.note` says what a reader of it should know.
    """

    id: str
    parent_id: str | None = None
    label: str
    type_group: TypeGroup
    mime_type: str
    data: str = ""
    metadata: dict[str, Any] = Field(default={})


class ContentExtracted(Wire):
    """All parts of one document, in its order; `summary` counts them and tells what is missing."""

    id: str
    parts: tuple[ContentPart, ...] = ()
    summary: dict[str, Any] | None = None


class MergeStrategy(Wire):
    """How extracted parts become one text: in which order, grouped by what, joined by what."""

    group_by: str = "document"
    order_by: str = "position"
    separator: str = "\n\n"


class ExtractionOptions(Wire):
    """How documents are extracted, sizes in bytes: whole, whatever stands here."""

    prompt: str = ""
    process_documents_individually: bool = True
    image_max_pixels: int = Field(default=1024 * 1024, ge=1)
    image_quality: int = Field(default=85, ge=1, le=100)
    merge_strategy: MergeStrategy = MergeStrategy()
    chunk_allowed: bool | None = None
    max_size: int | None = Field(default=None, ge=1)
    text_chunk_size: int | None = Field(default=None, ge=1)
    image_chunk_size: int | None = Field(default=None, ge=1)
