from __future__ import annotations

import pytest

from consumer.documents.workflow.formats import named_formats


@pytest.mark.parametrize(
    ("request_", "formats"),
    [
        ("Erstelle einen Bericht als PDF und als Excel-Tabelle.", ("pdf", "xlsx")),
        ("Write a report as a Word document, PDF and CSV file.", ("docx", "pdf", "csv")),
        ("Bitte im Format HTML.", ("html",)),
        ("Erkläre mir JSON und was PDF kann.", ()),
        ("Was steht in der PDF-Datei?", ()),
        ("Fasse das zusammen.", ()),
    ],
)
def test_formats_are_taken_from_the_words_of_a_request(
    request_: str, formats: tuple[str, ...]
) -> None:
    """Only where they say what the result should be, not where they are the topic."""
    assert named_formats(request_) == formats
