"""From any JSON that a model meant as a document to one that is valid for its readers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from consumer.documents.generation.elements import elements_of
from consumer.documents.generation.models import (
    CONTENT_TYPES,
    DocumentStructure,
    SectionStructure,
    UnifiedJsonDocument,
)

_SURROGATE = re.compile("[\ud800-\udfff]")
_ALIASES = {"pagebreak": "page_break", "text": "paragraph", "bullet_list": "list"}


def document_from(value: Any, title: str = "") -> UnifiedJsonDocument | None:
    """Return the document that parsed JSON holds, None where there is no section in it.

    Section ids become unique, orders follow the places, elements are given the shape of their
    content type; keys that nobody knows stay. A lone surrogate becomes U+FFFD. What is nested
    hundreds of levels deep is no document.
    """
    try:
        value = sound(value)
    except RecursionError:
        return None
    documents = _documents(value)
    taken: set[str] = set()
    structures = [_document(one, taken) for one in documents]
    if not any(one.sections for one in structures):
        return None
    given = value if isinstance(value, dict) and "documents" in value else {}
    metadata = given.get("metadata")
    known = dict(metadata) if isinstance(metadata, dict) else {}
    if not str(known.get("title") or "").strip():
        known["title"] = title or _first_heading(structures)
    statistics = given.get("statistics")
    others = {k: v for k, v in given.items() if k not in ("metadata", "documents", "statistics")}
    return UnifiedJsonDocument(
        metadata=known,
        documents=tuple(structures),
        statistics=statistics if isinstance(statistics, dict) else None,
        **others,
    )


def _documents(value: Any) -> list[dict[str, Any]]:
    """Find the documents: as such, as one document, as a bare list of sections, as one section."""
    if isinstance(value, list):
        if any(isinstance(one, dict) and "sections" in one for one in value):
            return [one for one in value if isinstance(one, dict)]
        return [{"sections": value}]
    if not isinstance(value, dict):
        return []
    documents = value.get("documents")
    if isinstance(documents, dict):
        return [documents]
    if isinstance(documents, list):
        return [one for one in documents if isinstance(one, dict)]
    if isinstance(value.get("sections"), list):
        return [value]
    return [{"sections": [value]}] if "elements" in value or "content_type" in value else []


def _document(value: dict[str, Any], taken: set[str]) -> DocumentStructure:
    given = value.get("sections")
    sections = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    others = {key: one for key, one in value.items() if key != "sections"}
    made = tuple(_section(one, place, taken) for place, one in enumerate(sections, 1))
    return DocumentStructure(sections=made, **others)


def _section(value: dict[str, Any], place: int, taken: set[str]) -> SectionStructure:
    kind = _kind(value)
    title = value.get("title")
    used = {"id", "content_type", "contentType", "title", "order", "elements"}
    others = {key: one for key, one in value.items() if key not in used}
    given = value.get("elements")
    if given is None:
        given, others = others, {}
    return SectionStructure(
        id=_unique(str(value.get("id") or f"section_{place}"), taken),
        content_type=kind,
        title=title if isinstance(title, str) or title is None else str(title),
        order=place,
        elements=tuple(elements_of(kind, given)),
        **others,
    )


def _kind(value: dict[str, Any]) -> str:
    said = str(value.get("content_type") or value.get("contentType") or "").strip().lower()
    said = _ALIASES.get(said, said)
    if said:
        return said if said in CONTENT_TYPES else said.replace(" ", "_")
    elements = value.get("elements")
    first = elements[0] if isinstance(elements, list) and elements else value
    keys = first if isinstance(first, dict) else {}
    guesses = (("rows", "table"), ("items", "list"), ("code", "code"), ("level", "heading"))
    return next((kind for key, kind in guesses if key in keys), "paragraph")


def _unique(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}_{number}"
    taken.add(name)
    return name


def _first_heading(structures: Sequence[DocumentStructure]) -> str:
    for structure in structures:
        for section in structure.sections:
            if section.title:
                return section.title
            for element in section.elements:
                if section.content_type == "heading" and element.get("text"):
                    return str(element["text"])
    return ""


def sound(value: Any) -> Any:
    """Return JSON with U+FFFD for surrogates that stand alone, as no file can hold them."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [sound(one) for one in value]
    if isinstance(value, dict):
        return {_SURROGATE.sub("\ufffd", str(key)): sound(one) for key, one in value.items()}
    return value
