"""Whether rendered files are what was asked for, by MIME type and by their first bytes."""

from __future__ import annotations

from collections.abc import Sequence

from consumer.documents.validation.wishes import RenderedFile

_OFFICE = "application/vnd.openxmlformats-officedocument."
MIME_TYPES = {
    "docx": (f"{_OFFICE}wordprocessingml.document",),
    "xlsx": (f"{_OFFICE}spreadsheetml.sheet",),
    "pdf": ("application/pdf",),
    "html": ("text/html",),
    "md": ("text/markdown",),
    "csv": ("text/csv",),
    "txt": ("text/plain",),
    "json": ("application/json",),
}
_BEGINNINGS = {"docx": (b"PK\x03\x04",), "xlsx": (b"PK\x03\x04",), "pdf": (b"%PDF-",)}
_BINARY = (b"PK\x03\x04", b"%PDF-", b"\x89PNG", b"\xff\xd8\xff")


def formats_of(files: Sequence[RenderedFile]) -> frozenset[str]:
    """Return the formats of files whose first bytes do not belie their MIME type."""
    return frozenset(form for file in files for form in [format_of(file)] if form)


def format_of(file: RenderedFile) -> str | None:
    """Return the format of one file, None when it is unknown or not what it says.

    A MIME type nobody knows here belongs to a format somebody added: the suffix of the name tells.
    """
    mime = file.mime_type.partition(";")[0].strip().casefold()
    named = file.name.rpartition(".")[2].casefold()
    form = next((form for form, mimes in MIME_TYPES.items() if mime in mimes), None)
    form = form or (named if named not in MIME_TYPES else None)
    return form if form and _begins_as(form, file.head) else None


def _begins_as(form: str, head: bytes) -> bool:
    if not head or form not in MIME_TYPES:
        return True
    expected = _BEGINNINGS.get(form)
    return head.startswith(expected) if expected else not head.startswith(_BINARY)
