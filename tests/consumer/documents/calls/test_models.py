"""Options and answers of calls under their names on the wire, within their bounds."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from consumer.documents.calls.models import (
    AiCallOptions,
    AiResponse,
    AiResponseMetadata,
    DocumentData,
    OperationType,
)

OPERATIONS = (
    *("plan", "dataAnalyse", "dataGenerate", "dataExtract"),
    *("imageAnalyse", "imageGenerate", "webSearch", "webCrawl"),
)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_is_accepted(operation: str) -> None:
    """Eight of them, and no other."""
    assert AiCallOptions.model_validate({"operationType": operation}).operation_type == operation
    assert len(OperationType) == len(OPERATIONS)


@pytest.mark.parametrize(
    ("key", "inside", "outside"),
    [
        ("safetyMargin", (0, 0.5), (-0.01, 0.51)),
        ("temperature", (0, 2), (-0.1, 2.1)),
        ("maxParts", (1, 1000), (0, 1001)),
        ("maxCost", (0, 100), (-1,)),
        ("maxProcessingTime", (1,), (0,)),
        ("processingMode", ("basic", "detailed"), ("thorough",)),
        ("priority", ("speed", "cost"), ("cheap",)),
    ],
)
def test_bounds_are_kept(key: str, inside: tuple[Any, ...], outside: tuple[Any, ...]) -> None:
    """The edges are inside, what lies beyond is an error."""
    for value in inside:
        AiCallOptions.model_validate({"operationType": "plan", key: value})
    for value in outside:
        with pytest.raises(ValidationError, match=key):
            AiCallOptions.model_validate({"operationType": "plan", key: value})


def test_options_come_back_as_they_went() -> None:
    """Under their documented names, unknown keys included."""
    wire = {"operationType": "plan", "compressContext": False, "maxParts": None, "later": {"a": 1}}

    options = AiCallOptions.model_validate(wire)
    again = AiCallOptions.model_validate_json(options.to_wire())

    assert again == options
    assert {key: again.model_dump(by_alias=True)[key] for key in wire} == wire


def test_an_answer_comes_back_as_it_went() -> None:
    """Bytes of documents included."""
    response = AiResponse(
        content='{"a": "ü"}',
        metadata=AiResponseMetadata(model="m", operation_type=OperationType.PLAN, cost=0.1),
        documents=(
            DocumentData(
                document_name="a.bin", document_data=bytes(range(256)), mime_type="text/plain"
            ),
        ),
    )

    assert AiResponse.model_validate_json(response.to_wire()) == response
    assert response.to_json() == {"a": "ü"}


@pytest.mark.parametrize("content", ["[1]", "kein JSON", ""])
def test_content_that_is_no_object_is_an_error(content: str) -> None:
    """Rather than a wrong mapping."""
    with pytest.raises(ValueError):
        AiResponse(content=content).to_json()
