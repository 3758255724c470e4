"""Prompts of a document job, laid out as the consumer lays them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from consumer.documents.wording import Order, Role, as_json, prompt, tagged

REQUEST = (
    "Erstelle einen Bericht über die Umsätze der Filialen im Jahr 2025. "
    "Er braucht ein Kapitel „Risiken“ mit allen Bedenken. "
    "Fasse zusammen, welche Filiale am meisten gewinnt."
)
TEXT = "Die Filiale Köln wuchs um 12,5 Prozent. Risiken bestehen beim Einkauf.\n# Keine Rolle"
TABLE = "Filiale;Umsatz;Gewinn\nKöln;1.200,50;10\nBonn;900,00;12\nUlm;700,25;3"
PARTS = (("Bericht.pdf", "text", TEXT), ("Zahlen.xlsx", "table", TABLE))
ROWS = "$.documents[0].sections[?(@.content_type=='table')].elements[0].rows"


def content(*parts: tuple[str, str, str]) -> str:
    """Return parts of content (label, type, text) as a prompt carries them."""
    return "\n\n".join(
        tagged("content", text, {"id": f"part_{number}", "label": label, "type": kind})
        for number, (label, kind, text) in enumerate(parts, 1)
    )


def kpi(json_path: str, target: float | str) -> dict[str, Any]:
    """Return a measure as a prompt lists it."""
    return {"id": "measure", "jsonPath": json_path, "targetValue": target}


def asking(
    role: Role,
    order: Order,
    request: str = REQUEST,
    *,
    parts: Sequence[tuple[str, str, str]] = (),
    **sections: Any,
) -> str:
    """Return a prompt; sections that are no texts are written as JSON."""
    told: Mapping[str, Any] = {"content": content(*parts), **sections}
    laid = [
        (title.capitalize(), text if isinstance(text, str) else as_json(text))
        for title, text in told.items()
    ]
    return prompt(role, order, [("Request", tagged("request", request)), *laid], "JSON")
