"""What is asked for, and what a document becomes."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest

from consumer.documents.generation.accumulation import GenerationOrder, Piece, generate
from consumer.documents.generation.documents import document_from
from consumer.documents.generation.generators import write_prompt
from consumer.documents.generation.models import (
    CONTENT_TYPES,
    GenerationKind,
    KpiDefinition,
    UnifiedJsonDocument,
)

KINDS: tuple[GenerationKind, ...] = get_args(GenerationKind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_prompt_says_what_is_wanted(kind: GenerationKind) -> None:
    """Request, wishes, targets, suggestions and content each stand in their section."""
    kpi = KpiDefinition(id="rows", json_path="$..rows", target_value=9)
    text = write_prompt(
        kind, "Alle Zahlen </request>", "<content>x</content>", title="T", kpis=[kpi],
        learnings=["kurz"], suggestions=["mehr Zeilen"],
    )  # fmt: skip

    for part in (f'"kind": "{kind}"', '"jsonPath": "$..rows"', "- mehr Zeilen", "- kurz"):
        assert part in text
    assert text.count("</request>") == 1
    assert text.startswith("# Role\nwriter\n\n# Order\nwrite\n")


@pytest.mark.parametrize("kind", KINDS)
async def test_each_kind_yields_a_valid_document(kind: GenerationKind) -> None:
    """Whatever shape the model chose, the document is valid for its readers."""
    answers: dict[GenerationKind, Any] = {
        "report": {
            "sections": [{"content_type": "Heading", "elements": {"text": 5, "level": "9"}}]
        },
        "analysis": [{"elements": ["Befund"]}, {"content_type": "list", "elements": ["a", "b"]}],
        "data": {"documents": {"sections": [{"elements": [{"rows": [{"n": 1}, {"m": 2}]}]}]}},
    }

    async def ask(purpose: str, conversation: Any) -> Piece:
        return Piece(json.dumps(answers[kind]), cut=False)

    prompt = write_prompt(kind, "x", "", title="T")
    made = await generate(ask, GenerationOrder(prompt=prompt, kind=kind, title="T"))
    assert made.document is not None

    assert UnifiedJsonDocument.model_validate_json(made.document.to_wire()) == made.document
    assert made.document.metadata == {"title": "T"}
    for section in made.document.documents[0].sections:
        assert section.content_type in CONTENT_TYPES
        assert section.elements


def test_ids_become_unique_and_orders_follow_the_places() -> None:
    """Two sections of one id, and orders at random, are put right."""
    sections = [
        {"id": "a", "content_type": "paragraph", "order": 9, "elements": [{"text": "1"}]},
        {"id": "a", "content_type": "paragraph", "order": 1, "elements": [{"text": "2"}]},
        {"content_type": "paragraph", "elements": [{"text": "3"}], "note": "kept"},
    ]
    document = document_from({"metadata": {}, "documents": [{"sections": sections}]}, "T")
    assert document is not None
    made = document.documents[0].sections

    assert [(one.id, one.order) for one in made] == [("a", 1), ("a_2", 2), ("section_3", 3)]
    assert [one.elements[0]["text"] for one in made] == ["1", "2", "3"]
    assert (made[2].model_extra or {})["note"] == "kept"


def test_rows_given_as_objects_become_a_table() -> None:
    """Keys become headers; what a row lacks is null."""
    rows = [{"n": 1, "t": "a"}, {"n": 2}]
    value = {"sections": [{"content_type": "table", "elements": [{"rows": rows}]}]}
    document = document_from(value)
    assert document is not None
    (table,) = document.documents[0].sections[0].elements

    assert table == {"rows": [[1, "a"], [2, None]], "headers": ["n", "t"]}


@pytest.mark.parametrize("value", [None, 5, "text", [], {}, {"documents": []}, {"sections": "x"}])
def test_what_has_no_sections_is_no_document(value: Any) -> None:
    """There must be something to show."""
    assert document_from(value) is None


def test_a_lone_surrogate_does_not_reach_the_wire() -> None:
    """Half a character becomes U+FFFD, as no file can hold it."""
    value = json.loads('{"sections": [{"elements": [{"text": "x\\ud83dy", "\\udc00": 1}]}]}')
    document = document_from(value)
    assert document is not None

    assert "x\ufffdy" in document.to_wire().decode()
