"""A document and all documents inside it become parts under IDs that stay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count

from consumer.documents.extraction.finding import (
    Finding,
    Found,
    Inner,
    Source,
    Trouble,
    Unreadable,
    fit_part,
)
from consumer.documents.extraction.models import ContentPart, TypeGroup
from consumer.documents.extraction.registry import load, place_of, registered
from consumer.documents.extraction.sniffing import BINARY, Kind, sniff
from consumer.documents.needing import MissingExtra

_MAX_DEPTH = 8
_MAX_INNER = 2_000


@dataclass
class Reading:
    """One document being read: parts are numbered through, documents inside it too."""

    document_id: str
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    inner: int = 0
    bytes_left: int = 0
    mime_type: str | None = None

    def parts(self, source: Source) -> Iterator[ContentPart]:
        """Yield the parts in their order; never raises for bad content."""
        self.bytes_left = source.unpacked_bytes
        yield from self._of(source, None, 0)

    def _of(self, source: Source, parent: str | None, depth: int) -> Iterator[ContentPart]:
        if not source.data:
            yield self._note(Trouble("empty", "the file is empty"), parent)
            return
        kind = sniff(source.data, source.suffix)
        source = replace(source, mime_type=kind.mime_type)
        self.mime_type = self.mime_type or kind.mime_type
        if kind.promised and source.suffix not in registered():
            yield self._note(_lies(source, kind), parent)
        before = self.inner
        found = troubled = False
        for finding in _guarded(source):
            found = found or not isinstance(finding, Trouble)
            troubled = troubled or isinstance(finding, Trouble)
            yield from self._given(finding, source, parent, depth)
        if not found and not troubled and before == self.inner:
            yield self._note(Trouble("empty", "nothing stands in the file"), parent)

    def _given(
        self, finding: Finding, source: Source, parent: str | None, depth: int
    ) -> Iterator[ContentPart]:
        if isinstance(finding, Found):
            yield self._part(finding, parent)
        elif isinstance(finding, Trouble):
            yield self._note(finding, parent)
        else:
            yield from self._inner(finding, source, parent, depth + 1)

    def _inner(
        self, inner: Inner, outer: Source, parent: str | None, depth: int
    ) -> Iterator[ContentPart]:
        told = {"name": inner.name, "bytes": len(inner.data)}
        box = self._part(Found(inner.label, TypeGroup.CONTAINER, "", BINARY, told), parent)
        yield box
        self.inner += 1
        self.bytes_left -= len(inner.data)
        if depth > _MAX_DEPTH:
            yield self._note(
                Trouble("deep", f"more than {_MAX_DEPTH} documents inside each other"), box.id
            )
        elif self.inner > _MAX_INNER or self.bytes_left < 0:
            yield self._note(Trouble("bomb", "too many documents inside, or too large"), box.id)
        else:
            yield from self._of(replace(outer, name=inner.name, data=inner.data), box.id, depth)

    def _part(self, found: Found, parent: str | None) -> ContentPart:
        return fit_part(
            ContentPart(
                id=f"{self.document_id}-{next(self.numbers):04d}",
                parent_id=parent,
                label=found.label,
                type_group=found.type_group,
                mime_type=found.mime_type,
                data=found.data,
                metadata=dict(found.metadata),
            )
        )

    def _note(self, trouble: Trouble, parent: str | None) -> ContentPart:
        told = {"problem": trouble.problem, "note": trouble.note}
        return self._part(Found("note", TypeGroup.STRUCTURE, "", "text/plain", told), parent)


def _guarded(source: Source) -> Iterable[Finding]:
    """What an extractor yields; whatever stops it becomes the last finding."""
    try:
        yield from load(place_of(source.mime_type, source.suffix))(source)
    except (MissingExtra, MemoryError):
        raise
    except Unreadable as stopped:
        yield stopped.trouble
    except RecursionError:
        yield Trouble("deep", "nested too deeply to be read")
    except Exception as error:  # foreign readers fail in any way on broken files
        said = str(error).strip().splitlines() or [""]
        yield Trouble("unreadable", f"cannot be read: {type(error).__name__}: {said[0][:200]}")


def _lies(source: Source, kind: Kind) -> Trouble:
    return Trouble(
        "wrong_suffix",
        f"the name ends in {source.suffix} ({kind.promised}), the content is {kind.mime_type}",
    )
