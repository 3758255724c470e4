"""Making all text of a view fit to be shown on one line of a terminal (pure)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, TypeVar

Shown = TypeVar("Shown")


def cleaned(found: Shown, clean: Callable[[str], str]) -> Shown:
    """Return a copy in which `clean` has seen every text, and every text is one line."""
    result: Shown = _cleaned(found, clean)
    return result


def _cleaned(value: Any, clean: Callable[[str], str]) -> Any:
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return clean(" ".join(value.split()) if "\n" in value or "\t" in value else value)
    if isinstance(value, tuple):
        return tuple(_cleaned(item, clean) for item in value)
    if isinstance(value, dict):
        return {_cleaned(key, clean): _cleaned(item, clean) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in fields(value)]
        return type(value)(**{name: _cleaned(getattr(value, name), clean) for name in names})
    return value
