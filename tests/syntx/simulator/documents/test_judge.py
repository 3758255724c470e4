"""Playing the judge of a document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from document_prompts import PARTS, asking

Read = Callable[..., Any]
CRITERIA = "1. Die Umsätze der Filialen werden genannt\n2. Quantenphysik wird ausführlich erklärt"


def test_each_criterion_is_measured_against_the_document(read: Read) -> None:
    """What the document speaks of is met, what it leaves out is not."""
    document = read(asking("writer", "write", parts=PARTS))
    found = read(asking("judge", "judge", document=document, criteria=CRITERIA))

    assert [each["met"] for each in found["criteriaMapping"]] == [True, False]
    assert found["overallSuccess"] is False
    assert found["gapType"] == "missing_data"
    assert "Quantenphysik" in found["improvementSuggestions"][0]


def test_an_empty_document_is_no_success(read: Read) -> None:
    """Nothing said is nothing met."""
    empty = {"metadata": {"title": "T"}, "documents": []}
    found = read(asking("judge", "judge", document=empty, criteria=CRITERIA))

    assert found["overallSuccess"] is False
    assert found["qualityScore"] < 0.5
