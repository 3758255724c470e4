"""Values as JSON has them, with texts that every file can hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def encodable(text: str) -> str:
    """Return a text without lone surrogates, which JSON may escape and no file can hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def plain(value: Any) -> Any:
    """Return a value as JSON has it: lists and objects, and texts that a file can hold."""
    if isinstance(value, Mapping):
        return {encodable(str(key)): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return encodable(value) if isinstance(value, str) else value
