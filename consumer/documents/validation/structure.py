"""The structure of a document: what there is and how much of it, and none of its text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from consumer.documents.validation.places import Place
from consumer.documents.validation.visiting import Element, Visitor

MOST_SECTIONS = 500
MOST_HEADERS = 50
MOST_CHARACTERS = 120
"""Of titles, captions and headers; sections beyond the most are counted, not listed."""

_COUNTED = (
    "sections", "elements", "tables", "rows", "lists", "items", "headings", "texts", "characters"
)  # fmt: skip


class Structure(Visitor):
    """Counts documents, sections, tables and lists; `summary()` tells them."""

    def __init__(self) -> None:
        self._metadata: dict[str, Any] = {}
        self._documents: list[dict[str, Any]] = []
        self._sections_listed = 0
        self.document_count = 0
        self._elements: list[dict[str, Any]] = []
        self._characters = 0
        self.totals: dict[str, int] = dict.fromkeys(_COUNTED, 0)

    @property
    def empty(self) -> bool:
        """Whether nothing is said anywhere."""
        return not any(self.totals[name] for name in ("rows", "items", "characters"))

    def metadata(self, values: Mapping[str, Any]) -> None:
        """Keep the single values of the metadata."""
        self._metadata = {
            key[:MOST_CHARACTERS]: _short(value)
            for key, value in values.items()
            if not isinstance(value, (dict, list))
        }

    def begin_document(self, place: Place) -> None:
        """Count a document."""
        self.document_count += 1
        if len(self._documents) < MOST_SECTIONS:
            self._documents.append({"sectionCount": 0, "sections": []})

    def begin_section(self, place: Place) -> None:
        """Count a section."""
        self._elements, self._characters = [], 0
        self.totals["sections"] += 1

    def item(self, place: Place, number: int, item: Any) -> None:
        """Count what a list says."""
        self._characters += len(item) if isinstance(item, str) else 1

    def element(self, place: Place, element: Element) -> None:
        """Count a table, a list or a text."""
        self.totals["elements"] += 1
        texts = (value for value in element.values.values() if isinstance(value, str))
        said = sum(len(text.strip()) for text in texts)
        self._characters += said
        if element.rows is not None or element.headers:
            self._table(element)
        if element.items is not None:
            self.totals["lists"] += 1
            self.totals["items"] += element.items
            self._keep({"itemCount": element.items})
        text = element.values.get("text")
        if isinstance(text, str) and text.strip():
            self.totals["headings" if "level" in element.values else "texts"] += 1

    def section(self, place: Place, head: Mapping[str, Any], elements: int) -> None:
        """List a section by its fields and counts."""
        self.totals["characters"] += self._characters
        if place.document >= len(self._documents):
            return
        document = self._documents[place.document]
        document["sectionCount"] += 1
        if self._sections_listed >= MOST_SECTIONS:
            return
        self._sections_listed += 1
        fields = {name: _short(head.get(name)) for name in ("id", "content_type", "title", "order")}
        counts = {"elementCount": elements, "characters": self._characters}
        document["sections"].append({**fields, **counts, **self._merged()})

    def summary(self) -> dict[str, Any]:
        """Return metadata, each document with its sections, and the totals."""
        return {
            "metadata": self._metadata,
            "documents": self._documents,
            "statistics": {"documentCount": self.document_count, **self.totals},
        }

    def _table(self, element: Element) -> None:
        self.totals["tables"] += 1
        self.totals["rows"] += element.rows or 0
        self._keep(
            {
                "caption": _short(element.values.get("caption")),
                "columnCount": element.columns,
                "rowCount": element.rows or 0,
                "headers": [_short(cell) for cell in element.headers[:MOST_HEADERS]],
            }
        )

    def _keep(self, counted: dict[str, Any]) -> None:
        if len(self._elements) < MOST_SECTIONS:
            self._elements.append(counted)

    def _merged(self) -> dict[str, Any]:
        """Return the counts of a section's only table or list, or those of each of them."""
        if len(self._elements) == 1:
            return self._elements[0]
        return {"elements": self._elements} if self._elements else {}


def _short(value: Any) -> Any:
    return value[:MOST_CHARACTERS] if isinstance(value, str) else value
