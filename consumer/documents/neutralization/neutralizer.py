"""Takes personal data out of whatever a remote model may see, and brings it back afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from re import Match
from threading import RLock
from typing import Any

from consumer.documents.extraction.models import ContentPart, TypeGroup
from consumer.documents.neutralization import gate, placeholders
from consumer.documents.neutralization.cleaning import Cleaner
from consumer.documents.neutralization.fields import names_in, texts_in, with_texts
from consumer.documents.neutralization.findings import Kind
from consumer.documents.neutralization.mapping import Mapping as Placeholders

_DONE = "neutralized"
"""Marks parts whose placeholders are placeholders."""


class Neutralizer:
    """Personal data of one workflow.

    `clean` before a remote call, `check` on what is sent, `restore` on what came back once it is
    whole, and once only. Every placeholder is on the disk before `clean` or `parts` returns it.
    """

    def __init__(self, mapping: Placeholders) -> None:
        self._mapping = mapping
        self._cleaner = Cleaner(mapping)
        self._lock = RLock()

    @classmethod
    def open(
        cls,
        mapping_file: Path,
        *,
        names: Sequence[str] = (),
        structured: Mapping[str, Any] | None = None,
        sources: Sequence[str] = (),
    ) -> Neutralizer:
        """Open the mapping of a workflow, or begin one.

        `names`: the operator's list; `structured`: fields that may hold names (`from`, `author`,
        …); `sources`: texts that are cleaned later (the request): what looks like a placeholder
        in them means itself. Raises MappingDamaged, MappingUnwritten.
        """
        neutralizer = cls(Placeholders(mapping_file))
        listed = (*names, *names_in(structured or {}))
        neutralizer._cleaner.learn((Kind.PERSON, name) for name in listed)
        for text in sources:
            neutralizer._cleaner.put_aside(text)
        neutralizer._mapping.save()
        return neutralizer

    def clean(self, text: str) -> str:
        """Return a text with placeholders for all that is personal; a clean text stays as it is."""
        with self._lock:
            cleaned = self._cleaner.clean(text)
            self._mapping.save()
        return cleaned

    def source(self, text: str) -> str:
        """Clean a text from outside, in which nothing is a placeholder yet."""
        with self._lock:
            cleaned = self._cleaner.clean(text, foreign=True)
            self._mapping.save()
        return cleaned

    def check(self, text: str) -> None:
        """Raise LeakBlocked when a text holds personal data, or that cannot be told."""
        with self._lock:
            gate.check(text, self._cleaner.known, self._mapping.originals)

    def parts(self, parts: Sequence[ContentPart]) -> list[ContentPart]:
        """Return the parts with placeholders in data, label and metadata; IDs and cells stay."""
        with self._lock:
            for part in parts:
                self._look_through(part)
            cleaned = [self._part(part) for part in parts]
            self._mapping.save()
        return cleaned

    def restore(self, text: str) -> str:
        """Put the originals back; placeholders that nobody gave out stay."""

        def original(match: Match[str]) -> str:
            return self._mapping.originals.get(placeholders.token_of(match), str(match[0]))

        return placeholders.TOLERANT.sub(original, text)

    def restore_json(self, value: Any) -> Any:
        """Put the originals back into all texts of a parsed JSON value, keys included."""
        if isinstance(value, str):
            return self.restore(value)
        if isinstance(value, Mapping):
            return {self.restore_json(key): self.restore_json(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.restore_json(one) for one in value]
        return value

    def unknown(self, value: Any) -> tuple[str, ...]:
        """Return the placeholders in a text or JSON value that nobody gave out."""
        found = (token for text in texts_in(value) for token in placeholders.tokens_in(text))
        return tuple(dict.fromkeys(one for one in found if one not in self._mapping.originals))

    def _look_through(self, part: ContentPart) -> None:
        self._cleaner.learn((Kind.PERSON, name) for name in names_in(part.metadata))
        self._cleaner.look_through(part.data, table=part.type_group is TypeGroup.TABLE)
        for text in (part.label, *texts_in(part.metadata)):
            self._cleaner.look_through(text)

    def _part(self, part: ContentPart) -> ContentPart:
        foreign = part.metadata.get(_DONE) is not True

        def clean(text: str) -> str:
            return self._cleaner.clean(text, foreign=foreign)

        table = part.type_group is TypeGroup.TABLE
        data = self._cleaner.clean(part.data, foreign=foreign, table=table)
        metadata = {**with_texts(part.metadata, clean), _DONE: True}
        return part.model_copy(
            update={"label": clean(part.label), "data": data, "metadata": metadata}
        )
