"""How a model is to be asked on behalf of a document job, and what came of it."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any

from pydantic import ConfigDict, Field

from consumer.documents.wire import Wire


class OperationType(StrEnum):
    """What a call is for; models are chosen by it."""

    PLAN = "plan"
    DATA_ANALYSE = "dataAnalyse"
    DATA_GENERATE = "dataGenerate"
    DATA_EXTRACT = "dataExtract"
    IMAGE_ANALYSE = "imageAnalyse"
    IMAGE_GENERATE = "imageGenerate"
    WEB_SEARCH = "webSearch"
    WEB_CRAWL = "webCrawl"


class Priority(StrEnum):
    """What counts most when a model is chosen."""

    SPEED = "speed"
    BALANCED = "balanced"
    QUALITY = "quality"
    COST = "cost"


class ProcessingMode(StrEnum):
    """How much a call may do: `basic` is one pass."""

    BASIC = "basic"
    ADVANCED = "advanced"
    DETAILED = "detailed"


class AiCallOptions(Wire):
    """Options of one call: cost in USD, time in seconds; `operation_type` has no default."""

    operation_type: OperationType
    priority: Priority = Priority.BALANCED
    compress_prompt: bool = True
    compress_context: bool = True
    process_documents_individually: bool = True
    max_cost: float | None = Field(default=None, ge=0)
    max_processing_time: int | None = Field(default=None, ge=1)
    processing_mode: ProcessingMode = ProcessingMode.BASIC
    result_format: str | None = None
    safety_margin: float = Field(default=0.1, ge=0, le=0.5)
    temperature: float | None = Field(default=None, ge=0, le=2)
    max_parts: int | None = Field(default=1000, ge=1, le=1000)


class AiResponseMetadata(Wire):
    """What a call took (cost in USD, duration in seconds) and how it ended."""

    model: str | None = None
    operation_type: OperationType | None = None
    finish_reason: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost: float | None = None
    duration: float | None = None
    parts: int = 1
    complete: bool = True
    repaired: bool = False
    simulated: bool = False


class DocumentData(Wire):
    """A generated document as bytes (base64 on the wire)."""

    document_name: str
    document_data: bytes
    mime_type: str

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")


class AiResponse(Wire):
    """What a model said, and what was made of it."""

    content: str
    metadata: AiResponseMetadata | None = None
    documents: tuple[DocumentData, ...] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the content as the JSON object it is; raises ValueError when it is none."""
        found = json.loads(self.content)
        if not isinstance(found, dict):
            raise ValueError("the content is JSON, but no object")
        return found
