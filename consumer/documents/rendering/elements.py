"""Elements of any shape, as a model may write them, read as blocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from consumer.documents.generation.models import CONTENT_TYPES
from consumer.documents.rendering.blocks import (
    Block,
    Code,
    Heading,
    Image,
    Item,
    Items,
    PageBreak,
    Paragraph,
    Quote,
)
from consumer.documents.rendering.cleaning import Notes, line, text_of
from consumer.documents.rendering.tables import read_table, records
from consumer.documents.rendering.taking import Element, as_list

_MARKS = {
    "table": ("rows", "headers"),
    "list": ("items",),
    "code": ("code",),
    "image": ("base64", "altText"),
}
"""The keys that tell the content type of an element in a section of another type."""

_DEEPEST = 12
_EMPTY_LINES = re.compile(r"\n[ \t]*\n\s*")


def read_elements(told: str, elements: Sequence[Mapping[str, object]], notes: Notes) -> list[Block]:
    """Read the elements of a section of the content type `told`; nothing is dropped.

    Elements of a table without rows are its rows, elements of a list without items its items.
    """
    found: list[Block] = []
    for kind, run in groupby(elements, lambda element: kind_of(element, told)):
        if kind == "record":
            found += records(list(run), notes)
        elif kind == "item":
            found.append(_items({"items": list(run)}, notes, 0))
        else:
            for element in run:
                found += read_element(kind, element, notes)
    return found


def kind_of(element: Mapping[str, object], told: str) -> str:
    """Return the content type of an element: what it says, what its keys say, or its section's."""
    own = element.get("content_type", element.get("contentType", element.get("type")))
    kind = own if isinstance(own, str) and own in CONTENT_TYPES else told
    if any(mark in element for mark in _MARKS.get(kind, ())):
        return kind
    for other, marks in _MARKS.items():
        if marks[0] in element:
            return other
    return {"table": "record", "list": "item"}.get(kind, kind)


def read_element(kind: str, element: Mapping[str, object], notes: Notes) -> list[Block]:
    """Read one element; of a content type nobody knows its text."""
    taken = Element(element, notes)
    found = _READERS.get(kind, _paragraph)(taken, notes)
    return [*found, *(Paragraph(text) for text in taken.rest())]


def paragraphs(text: str) -> list[Paragraph]:
    """Split a text at its empty lines."""
    return [Paragraph(part) for part in _EMPTY_LINES.split(text.strip()) if part.strip()]


def _heading(element: Element, notes: Notes) -> list[Block]:
    text, level = line(element.text("text", "title", "content")), element.text("level")
    return [Heading(text, _level(level))] if text else []


def _level(told: str) -> int:
    return min(max(int(told), 1), 6) if told.isascii() and told.isdigit() and len(told) < 4 else 1


def _paragraph(element: Element, notes: Notes) -> list[Block]:
    return [*paragraphs(element.text("text", "content"))]


def _table(element: Element, notes: Notes) -> list[Block]:
    headers, rows = element.take("headers", "columns"), element.take("rows")
    return [*read_table(headers, rows, line(element.text("caption", "title")), notes)]


def _list(element: Element, notes: Notes) -> list[Block]:
    told: dict[str, object] = {
        "items": element.take("items"),
        "ordered": element.take("ordered"),
    }
    return [*paragraphs(element.text("text", "title")), _items(told, notes, 0)]


def _items(told: Mapping[str, object], notes: Notes, depth: int) -> Items:
    ordered = told.get("ordered")
    items = [_item(item, notes, depth) for item in as_list(told.get("items"))]
    return Items(tuple(items), ordered is True or ordered == "true")


def _item(told: object, notes: Notes, depth: int) -> Item:
    if depth == _DEEPEST or not isinstance(told, Mapping | list):
        return Item(text_of(told, notes).strip())
    if isinstance(told, list):
        return Item("", _items({"items": told}, notes, depth + 1))
    element = Element(told, notes)
    text = element.text("text", "content", "title").strip()
    below = {"items": element.take("items"), "ordered": element.take("ordered")}
    text = "\n".join(part for part in (text, *element.rest()) if part)
    return Item(text, _items(below, notes, depth + 1) if as_list(below["items"]) else None)


def _code(element: Element, notes: Notes) -> list[Block]:
    text, language = element.text("code", "text"), line(element.text("language"))
    return [Code(text.strip("\n"), language)] if text.strip() else []


def _image(element: Element, notes: Notes) -> list[Block]:
    alt = line(element.text("altText", "alt_text", "alt"))
    data = element.take("base64")
    element.take("mimeType", "mime_type")
    told = [Image(alt, data if isinstance(data, str) else "")] if alt or data else []
    return [*told, *paragraphs(element.text("caption", "text"))]


def _quote(element: Element, notes: Notes) -> list[Block]:
    text, source = element.text("text", "content").strip(), line(element.text("source"))
    return [Quote(text, source)] if text or source else []


def _page_break(element: Element, notes: Notes) -> list[Block]:
    return [PageBreak()]


_READERS: dict[str, Callable[[Element, Notes], list[Block]]] = {
    "heading": _heading,
    "paragraph": _paragraph,
    "table": _table,
    "list": _list,
    "code": _code,
    "image": _image,
    "quote": _quote,
    "page_break": _page_break,
}
