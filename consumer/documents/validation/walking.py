"""Going through a document once, from memory or from a file, without ever holding it whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from consumer.documents.validation.places import Place
from consumer.documents.validation.visiting import Element, Visitor

Event = tuple[str, Any]
"""`start_map`, `map_key`, `end_map`, `start_array`, `end_array`; any other is a scalar's value."""

MOST_METADATA = 1_000
_CLOSES = {"start_map": "end_map", "start_array": "end_array"}
_HEAD = ("id", "content_type", "title", "order")


def events_of(value: Any) -> Iterator[Event]:
    """Return a JSON value as the events a file with it would give; heads of sections first."""
    if isinstance(value, Mapping):
        yield "start_map", None
        for key in sorted(value, key=lambda key: key not in _HEAD and key != "headers"):
            yield "map_key", key
            yield from events_of(value[key])
        yield "end_map", None
    elif isinstance(value, (list, tuple)):
        yield "start_array", None
        for each in value:
            yield from events_of(each)
        yield "end_array", None
    else:
        yield "scalar", value


def walk(events: Iterable[Event], visitors: Sequence[Visitor]) -> None:
    """Tell visitors what a document holds; what is not of its shape is passed over."""
    found = iter(events)
    _Walk(found, visitors).whole()
    # To the end: only then is it known whether the file is whole.
    for _ in found:
        pass


@dataclass(slots=True)
class _Taken:
    """An element as far as it has been read."""

    values: dict[str, Any] = field(default_factory=dict)
    headers: tuple[str, ...] = ()
    first_width: int = 0
    rows: int | None = None
    items: int | None = None
    odd: list[str] = field(default_factory=list)

    def done(self) -> Element:
        columns = len(self.headers) or self.first_width
        odd = tuple(self.odd)
        return Element(self.values, self.headers, columns, self.rows, self.items, odd)


class _Walk:
    def __init__(self, events: Iterator[Event], visitors: Sequence[Visitor]) -> None:
        self._events = events
        self._visitors = visitors
        self._of_rows = [each for each in visitors if type(each).row is not Visitor.row]
        self._of_items = [each for each in visitors if type(each).item is not Visitor.item]

    def whole(self) -> None:
        event, _ = next(self._events, ("", None))
        if event != "start_map":
            return
        for key, event, value in self._entries():
            if key == "metadata" and event == "start_map":
                found = self._built(event, value, MOST_METADATA)
                for visitor in self._visitors:
                    visitor.metadata(found)
            elif key == "documents" and event == "start_array":
                for number, (inner, scalar) in enumerate(self._members()):
                    self._document(Place(number), inner, scalar)
            else:
                self._skip(event)

    def _document(self, place: Place, event: str, value: Any) -> None:
        for visitor in self._visitors:
            visitor.begin_document(place)
        sections = 0
        for key, inner, _ in self._entries() if event == "start_map" else ():
            if key == "sections" and inner == "start_array":
                for each, scalar in self._members():
                    self._section(replace(place, section=sections), each, scalar)
                    sections += 1
            else:
                self._skip(inner)
        if event == "start_array":
            self._skip(event)
        for visitor in self._visitors:
            visitor.end_document(place, sections)

    def _section(self, place: Place, event: str, value: Any) -> None:
        for visitor in self._visitors:
            visitor.begin_section(place)
        head: dict[str, Any] = {}
        elements = 0
        for key, inner, scalar in self._entries() if event == "start_map" else ():
            if key in _HEAD and inner not in _CLOSES:
                head[key] = scalar
                place = replace(place, title=_title(head))
            elif key == "elements" and inner == "start_array":
                for each, _ in self._members():
                    self._element(replace(place, element=elements), each, head)
                    elements += 1
            else:
                self._skip(inner)
        if event == "start_array":
            self._skip(event)
        for visitor in self._visitors:
            visitor.section(place, head, elements)

    def _element(self, place: Place, event: str, head: Mapping[str, Any]) -> None:
        taken = _Taken()
        if head.get("content_type") == "heading":
            taken.values["level"] = 1
        for key, inner, scalar in self._entries() if event == "start_map" else ():
            if inner not in _CLOSES:
                taken.values[key] = scalar
                if key in ("rows", "items", "headers") and scalar is not None:
                    taken.odd.append(key)
            elif key in ("headers", "rows", "items") and inner == "start_array":
                self._listed(place, key, taken)
            else:
                taken.odd += [key] if key in ("rows", "items", "headers", "text") else []
                self._skip(inner)
        if event == "start_array":
            self._skip(event)
        done = taken.done()
        for visitor in self._visitors:
            visitor.element(place, done)

    def _listed(self, place: Place, key: str, taken: _Taken) -> None:
        if key == "headers":
            cells = [self._built(event, value) for event, value in self._members()]
            taken.headers = tuple(str(cell) for cell in cells)
            for visitor in self._visitors:
                visitor.headers(place, cells)
            return
        number = 0
        for event, scalar in self._members():
            found = self._flat_list() if event == "start_array" else self._built(event, scalar)
            if key == "items":
                for visitor in self._of_items:
                    visitor.item(place, number, found)
            else:
                if number == 0:
                    taken.first_width = len(found) if isinstance(found, list) else 0
                for visitor in self._of_rows:
                    visitor.row(place, number, found)
            number += 1
        if key == "rows":
            taken.rows = number
        else:
            taken.items = number

    def _flat_list(self) -> list[Any]:
        """Return the list that has begun; rows come in millions, so this is the short way."""
        found: list[Any] = []
        for event, value in self._events:
            if event == "end_array":
                break
            found.append(self._built(event, value) if event in _CLOSES else value)
        return found

    def _entries(self) -> Iterator[tuple[str, str, Any]]:
        """Yield the keys of the object that has begun, each with the first event of its value."""
        for event, key in self._events:
            if event == "end_map":
                return
            inner, value = next(self._events, ("", None))
            yield str(key), inner, value

    def _members(self) -> Iterator[Event]:
        """Yield the first event of each member of the list that has begun."""
        for event, value in self._events:
            if event == "end_array":
                return
            yield event, value

    def _built(self, event: str, value: Any, most: int | None = None) -> Any:
        """Return the value that begins with an event; of an object no more than `most` entries."""
        if event == "start_map":
            found: dict[str, Any] = {}
            for key, inner, scalar in self._entries():
                if most is None or len(found) < most:
                    found[key] = self._built(inner, scalar)
                else:
                    self._skip(inner)
            return found
        if event == "start_array":
            return [self._built(inner, scalar) for inner, scalar in self._members()]
        return value

    def _skip(self, event: str) -> None:
        depth = 1 if event in _CLOSES else 0
        while depth:
            inner, _ = next(self._events, ("end", None))
            if inner == "end":
                return
            depth += (inner in _CLOSES) - (inner in _CLOSES.values())


def _title(head: Mapping[str, Any]) -> str:
    title = head.get("title")
    return " ".join(title.split())[:80] if isinstance(title, str) else ""
