"""Documents to check."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from consumer.documents.generation.models import UnifiedJsonDocument

Make = Callable[..., UnifiedJsonDocument]


@pytest.fixture
def make() -> Make:
    """Give a function that makes a document of sections: (content type, element, fields)."""

    def document(*sections: tuple[str, Any], **metadata: Any) -> UnifiedJsonDocument:
        made = [
            {
                "id": f"s{number}",
                "content_type": kind,
                "title": f"Teil {number}",
                "order": number,
                "elements": elements if isinstance(elements, list) else [elements],
            }
            for number, (kind, elements) in enumerate(sections, 1)
        ]
        value = {"metadata": {"title": "Titel", **metadata}, "documents": [{"sections": made}]}
        return UnifiedJsonDocument.model_validate(value)

    return document


@pytest.fixture
def sound(make: Make) -> UnifiedJsonDocument:
    """A document nothing is wrong with."""
    return make(
        ("heading", {"text": "Umsätze der Filialen", "level": 1}),
        ("paragraph", {"text": "Die Filiale in Köln ist mit dem Gewinn nicht allein."}),
        ("heading", {"text": "Zahlen", "level": 2}),
        ("table", {"headers": ["Ort", "Umsatz"], "rows": [["Köln", "10"], ["Bonn", "12"]]}),
        ("heading", {"text": "Risiken", "level": 2}),
        ("list", {"items": ["Der Einkauf ist und bleibt teuer", {"text": "Mieten"}]}),
    )
