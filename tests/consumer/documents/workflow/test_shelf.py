from __future__ import annotations

from pathlib import Path

import pytest

from consumer.documents.failing import Unusable
from consumer.documents.workflow.folder import JobFolder
from consumer.documents.workflow.models import (
    ChatDocument,
    ChatMessage,
    ChatWorkflow,
    HeldDocument,
)
from consumer.documents.workflow.shelf import CONTENT, Shelf


def _document(id_: str, mime_type: str = "text/plain", **metadata: object) -> ChatDocument:
    return ChatDocument(
        id=id_,
        file_name=f"{id_}.txt",
        mime_type=mime_type,
        size=1,
        file=f"attachments/{id_}.txt",
        validation_metadata={"actionName": "x", **metadata},
    )


def _message(id_: str, label: str, *documents: ChatDocument) -> ChatMessage:
    return ChatMessage(id=id_, documents_label=label, documents=documents)


def _shelf(*messages: ChatMessage, held: tuple[HeldDocument, ...] = ()) -> Shelf:
    workflow = ChatWorkflow(id="w", messages=list(messages), held=list(held))
    return Shelf.of(workflow, JobFolder(Path()))


def _found(shelf: Shelf, *references: str) -> list[str]:
    return [one.id for one in shelf.find(references)]


def test_documents_are_found_by_label_by_message_and_by_their_id() -> None:
    """A label of several messages names the documents of all of them."""
    shelf = _shelf(
        _message("m1", "results", _document("a"), _document("b")),
        _message("m2", "results", _document("c")),
    )

    assert _found(shelf, "docList:results") == ["a", "b", "c"]
    assert _found(shelf, "docList:m2:results") == ["c"]
    assert _found(shelf, "docItem:b:whatever.txt", "docItem:b") == ["b"]


def test_what_the_running_task_yielded_is_found_by_its_actions_label() -> None:
    """It is in no message yet."""
    label = "round1_task1_action1_content"
    shelf = _shelf(held=(HeldDocument(label=label, document=_document("a")),))

    assert _found(shelf, f"docList:{label}") == ["a"]


@pytest.mark.parametrize("reference", ["docItem:zz", "docList:zz", "docList:m9:results", "zz"])
def test_a_reference_that_names_nothing_is_told(reference: str) -> None:
    """Whoever chose it hears what there is, or which shapes there are."""
    with pytest.raises(Unusable) as error:
        _shelf(_message("m1", "results", _document("a"))).find([reference])

    assert "docItem:a:a.txt" in f"{error.value.fix}" or "docItem:ID" in error.value.message


def test_of_a_content_the_neutral_version_is_taken_and_its_source_counts_as_read() -> None:
    """Both versions name the attachment they are of."""
    plain = _document("p", CONTENT, sourceDocuments=["att_1"])
    neutral = _document("n", CONTENT, sourceDocuments=["att_1"], neutral=True)
    shelf = _shelf(
        _message("m0", "attachments", _document("att_1"), _document("att_2")),
        _message("m1", "results", plain, neutral),
    )

    assert [one.id for one in shelf.contents] == ["n"]
    assert [one.id for one in shelf.unread] == ["att_2"]
