"""What is told of a document while it goes by, and to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consumer.documents.validation.places import Place


@dataclass(frozen=True, slots=True)
class Element:
    """What an element is: its single values, and how much its rows and items are.

    `columns` counts the header cells, or those of the first row where there is no header. `odd`
    names the keys whose values are not of the shape they should be.
    """

    values: Mapping[str, Any]
    headers: tuple[str, ...] = ()
    columns: int = 0
    rows: int | None = None
    items: int | None = None
    odd: tuple[str, ...] = ()


class Visitor:
    """Is told what a document holds, in its order; does nothing with it.

    A section is told twice, because its fields may follow its elements: `begin_section` when it
    begins, `section` when all of it is known.
    """

    def metadata(self, values: Mapping[str, Any]) -> None:
        """Take the document's metadata, whenever it comes."""

    def begin_document(self, place: Place) -> None:
        """Begin a document."""

    def begin_section(self, place: Place) -> None:
        """Begin a section."""

    def headers(self, place: Place, cells: Sequence[Any]) -> None:
        """Take a table's header line, before or after its rows."""

    def row(self, place: Place, number: int, cells: Any) -> None:
        """Take a row of a table; the first has the number 0, and it should be a list."""

    def item(self, place: Place, number: int, item: Any) -> None:
        """Take an item of a list: a text, or an object with `text` and `items`."""

    def element(self, place: Place, element: Element) -> None:
        """Take an element that is complete."""

    def section(self, place: Place, head: Mapping[str, Any], elements: int) -> None:
        """Take a section that is complete: its fields, and how many elements it has."""

    def end_document(self, place: Place, sections: int) -> None:
        """End a document of so many sections."""
