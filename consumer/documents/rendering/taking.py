"""An element whose keys are taken one by one: what nobody took is text."""

from __future__ import annotations

from collections.abc import Mapping

from consumer.documents.rendering.cleaning import Notes, line, text_of

_UNTOLD = frozenset({"id", "order", "content_type", "contentType", "type"})


class Element:
    """An element of any shape."""

    def __init__(self, keys: Mapping[str, object], notes: Notes) -> None:
        self._left = dict(keys)
        self._notes = notes

    def take(self, *names: str) -> object:
        """Return the value of the first name that has one."""
        for name in names:
            if self._left.get(name) is not None:
                return self._left.pop(name)
        return None

    def text(self, *names: str) -> str:
        """Return the text of the first name that has one."""
        return text_of(self.take(*names), self._notes)

    def rest(self) -> list[str]:
        """Return what nobody took, one `name: value` each; marks of the element itself are not."""
        return [
            f"{line(text_of(name, self._notes))}: {text_of(value, self._notes)}"
            for name, value in self._left.items()
            if value is not None and not (name in _UNTOLD and isinstance(value, str | int | float))
        ]


def as_list(value: object) -> list[object]:
    """Return a list as it is, nothing as an empty one, anything else as the only one in it."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
