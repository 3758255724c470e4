"""The language of a request, told by a few words."""

from __future__ import annotations

import pytest

from consumer.documents.validation.languages import language_of_request


@pytest.mark.parametrize(
    ("request_text", "language"),
    [
        ("Write a report about the sales in the third quarter with a table.", "en"),
        ("Schreibe einen Bericht über die Umsätze mit einer Tabelle je Region.", "de"),
        ("Écris un rapport sur les ventes du trimestre avec une table.", "fr"),
        ("Quartalsbericht 2026", None),
        ("", None),
    ],
)
def test_a_request_tells_its_language(request_text: str, language: str | None) -> None:
    """Two of the commonest words are enough; where there are none, nothing is claimed."""
    assert language_of_request(request_text) == language
