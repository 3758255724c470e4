"""Texts and names in records: metadata of documents, headers of mails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from consumer.documents.neutralization.names import stated_name

_FIELDS = (
    "author authors creator lastmodifiedby lastauthor modifiedby manager owner from to cc bcc"
    " sender replyto deliveredto contact commentauthor editor reviewer verfasser autor bearbeiter"
)
_NAME_FIELDS = frozenset(_FIELDS.split())
_NO_LETTER = re.compile(r"[^a-z]")
_MAILBOXES = re.compile(r"([^<>;]*?)<[^<>]*>[,;]?|[^<>;]+")
_LIST = re.compile(r"\s*(?:;|\s(?:und|and|&)\s)\s*")


def names_in(record: Any) -> Iterator[str]:
    """Find names in the fields of a record that hold some: `author`, `from`, `cc`, …"""
    if isinstance(record, Mapping):
        for key, value in record.items():
            if _NO_LETTER.sub("", str(key).lower()) in _NAME_FIELDS:
                for text in texts_in(value):
                    yield from names_listed(text)
            else:
                yield from names_in(value)
    elif isinstance(record, list | tuple):
        for one in record:
            yield from names_in(one)


def names_listed(text: str) -> Iterator[str]:
    """Return the names of a field that may list several, with mail addresses or without."""
    for piece in _LIST.split(text):
        for match in _MAILBOXES.finditer(piece):
            said = match[1] if match[1] is not None else match[0]
            several = [one.strip() for one in said.strip(" ,").split(",")]
            for one in several if all(len(one.split()) > 1 for one in several) else [said]:
                name = stated_name(one)
                if name is not None:
                    yield name


def texts_in(value: Any) -> Iterator[str]:
    """Walk through all texts of a JSON-like value; keys are none."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts_in(one)


def with_texts(value: Any, change: Callable[[str], str]) -> Any:
    """Return a JSON-like value with all its texts changed; keys stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: with_texts(one, change) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(with_texts(one, change) for one in value)
    return value
