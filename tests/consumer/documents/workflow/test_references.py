from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from consumer.documents.workflow.actions.process import ProcessParameters
from consumer.documents.workflow.models import ActionDefinition
from consumer.documents.workflow.references import (
    DocumentItemReference,
    DocumentListReference,
    parse_reference,
)

names = st.text(min_size=1)


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        (DocumentListReference("task1_results"), "docList:task1_results"),
        (DocumentListReference("task1_results", "msg_123"), "docList:msg_123:task1_results"),
        (DocumentItemReference("doc_456"), "docItem:doc_456"),
        (DocumentItemReference("doc_456", "report.pdf"), "docItem:doc_456:report.pdf"),
        (DocumentItemReference("d", "a:b 50%.pdf"), "docItem:d:a%3Ab 50%25.pdf"),
    ],
)
def test_a_reference_is_written_as_documented_and_reads_back(
    reference: DocumentListReference | DocumentItemReference, text: str
) -> None:
    """The documented shapes have no escapes; colons in names do."""
    assert reference.to_string() == text
    assert parse_reference(text) == reference


@given(names, st.none() | names)
def test_whatever_the_names_hold_the_reference_reads_back(first: str, second: str | None) -> None:
    """Colons, percent signs and line ends in names survive, and no reference spans two lines."""
    for reference in (DocumentListReference(first, second), DocumentItemReference(first, second)):
        text = reference.to_string()

        assert "\n" not in text
        if first.strip() == first and (second or "").strip() == (second or ""):
            assert parse_reference(text) == reference


def test_colons_a_model_left_unescaped_count_to_the_file_name() -> None:
    """A planner that copies a name as it is still names the document."""
    assert parse_reference("docItem:doc_1:Re: Angebot.eml") == DocumentItemReference(
        "doc_1", "Re: Angebot.eml"
    )


@pytest.mark.parametrize("text", ["", "docList:", "docItem", "file:x", "docList:a:", "report.pdf"])
def test_what_is_no_reference_is_told_with_the_shapes_there_are(text: str) -> None:
    """The message helps who wrote it."""
    with pytest.raises(ValueError, match="docItem:ID:FILE"):
        parse_reference(text)


@pytest.mark.parametrize(
    ("given", "texts"),
    [
        ("docItem:a", ("docItem:a",)),
        (["docItem:a", "docList:b"], ("docItem:a", "docList:b")),
        (
            {"references": [{"messageId": "msg_1", "label": "l"}, {"label": "a:b"}, "docItem:a"]},
            ("docList:msg_1:l", "docList:a%3Ab", "docItem:a"),
        ),
        (
            [{"documentId": "d", "fileName": "r.pdf"}, {"documentId": "d"}],
            ("docItem:d:r.pdf", "docItem:d"),
        ),
        (None, None),
    ],
)
def test_a_planner_may_write_a_list_of_references_in_any_documented_shape(
    given: Any, texts: tuple[str, ...] | None
) -> None:
    """As objects under `references` too; an action and its parameters read the same."""
    definition = ActionDefinition.model_validate({"action": "a.b", "documentList": given})

    assert definition.document_list == texts
    if texts:
        assert ProcessParameters.model_validate({"documentList": given}).document_list == texts


@pytest.mark.parametrize("given", [7, [{"label": ""}], [{"name": "x"}], {"references": 1}, [None]])
def test_what_is_no_list_of_references_is_refused(given: Any) -> None:
    """Whatever a planner writes there is told, not guessed."""
    with pytest.raises(ValidationError, match="documentList"):
        ActionDefinition.model_validate({"action": "a.b", "documentList": given})
