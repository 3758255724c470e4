"""Whether a document speaks of certain names: in a heading or title, or anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from consumer.documents.validation.places import Place
from consumer.documents.validation.visiting import Element, Visitor


class Mentions(Visitor):
    """Looks for names while a document goes by; upper and lower case are one."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {_plain(name) for name in names}
        self.headed: set[str] = set()
        self.said: set[str] = set()
        self._sought = bool(self._names)

    def in_heading(self, name: str) -> bool:
        """Return whether a heading or a section's title names it."""
        return _plain(name) in self.headed

    def anywhere(self, name: str) -> bool:
        """Return whether it is named at all."""
        return _plain(name) in self.said

    def metadata(self, values: Mapping[str, Any]) -> None:
        """Look at the title."""
        self._look(values.get("title"))

    def headers(self, place: Place, cells: Sequence[Any]) -> None:
        """Look at a table's header line."""
        for cell in cells:
            self._look(cell)

    def row(self, place: Place, number: int, cells: Any) -> None:
        """Look at a row of a table."""
        if self._sought and isinstance(cells, list):
            self._look("\n".join(cell for cell in cells if isinstance(cell, str)))

    def item(self, place: Place, number: int, item: Any) -> None:
        """Look at an item of a list."""
        self._look(item.get("text") if isinstance(item, dict) else item)

    def element(self, place: Place, element: Element) -> None:
        """Look at the texts of an element."""
        for name, value in element.values.items():
            self._look(value, heading=name == "text" and "level" in element.values)

    def section(self, place: Place, head: Mapping[str, Any], elements: int) -> None:
        """Look at a section's title."""
        self._look(head.get("title"), heading=True)

    def _look(self, text: Any, *, heading: bool = False) -> None:
        if not isinstance(text, str) or not (heading or self._sought):
            return
        plain = _plain(text)
        found = {name for name in self._names if name in plain}
        self.said |= found
        self._sought = self.said != self._names
        if heading:
            self.headed |= found


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
