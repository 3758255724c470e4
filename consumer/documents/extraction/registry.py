"""Which extractor reads which type.

An extractor is told by where it stands (`module:function`), as it runs in a process of its own
and is imported only there. Beside the ones shipped here, packages offer theirs as entry points of
the group `syntx.extractors`, named by a MIME type or a suffix; a program calls `register`.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from importlib import metadata
from mimetypes import MimeTypes

from consumer.documents.extraction.finding import Extractor
from consumer.documents.extraction.sniffing import DOCX, LOCKED, ODS, PPTX, XLS, XLSB, XLSX

GROUP = "syntx.extractors"
_HERE = "consumer.documents.extraction"
_SHIPPED = {
    "application/pdf": f"{_HERE}.pdf.reading:extract",
    DOCX: f"{_HERE}.word.reading:extract",
    PPTX: f"{_HERE}.slides.reading:extract",
    XLSX: f"{_HERE}.sheets:extract",
    XLSB: f"{_HERE}.sheets:extract",
    XLS: f"{_HERE}.sheets:extract",
    ODS: f"{_HERE}.sheets:extract",
    LOCKED: f"{_HERE}.locked:extract",
    "text/html": f"{_HERE}.webpages:extract",
    "application/xhtml+xml": f"{_HERE}.webpages:extract",
    "text/csv": f"{_HERE}.delimited:extract",
    "text/tab-separated-values": f"{_HERE}.delimited:extract",
    "message/rfc822": f"{_HERE}.mails:extract",
    "application/rtf": f"{_HERE}.rich_text:extract",
    "text/plain": f"{_HERE}.plain:extract",
    "text/markdown": f"{_HERE}.plain:extract",
    "application/json": f"{_HERE}.plain:extract_json",
    "application/xml": f"{_HERE}.plain:extract_xml",
    "image/svg+xml": f"{_HERE}.plain:extract_xml",
    **{
        f"image/{kind}": f"{_HERE}.pictures:extract"
        for kind in ("png", "jpeg", "gif", "bmp", "tiff", "webp")
    },
}
_VAGUE = frozenset({"text/plain", "application/xml", "application/json"})
_SUFFIXES = MimeTypes().types_map[True]
_registered: dict[str, str] = {}


def register(kind: str, extractor: Extractor | str) -> None:
    """Let an extractor read a MIME type or a suffix (`.abc`), also one that is read already.

    The extractor is a function of a module, or its place as `module:function`. Raises ValueError
    for a function that cannot be imported by name.
    """
    place = extractor if isinstance(extractor, str) else _place(extractor)
    if ":" not in place or "<" in place:
        raise ValueError(f"an extractor must be a function of a module, not {place}")
    _registered[kind.lower()] = place


def registered() -> Mapping[str, str]:
    """Return what was registered by this program, by MIME type or suffix."""
    return dict(_registered)


def place_of(mime_type: str, suffix: str) -> str:
    """Tell where the extractor of a type stands; of an unknown type, the one for the unknown."""
    usual = _SUFFIXES.get(suffix, "")
    for kind in (suffix, mime_type, usual):
        if kind in _registered:
            return _registered[kind]
    if mime_type not in _VAGUE and mime_type in _SHIPPED:
        return _SHIPPED[mime_type]
    unread = f"{_HERE}.unknown:extract"
    return _offered({mime_type, suffix, usual}) or _SHIPPED.get(mime_type, unread)


def _offered(kinds: set[str]) -> str | None:
    """Tell where an installed package offers an extractor of a type."""
    points = metadata.entry_points(group=GROUP)
    return next((point.value for point in points if point.name.lower() in kinds), None)


def load(place: str) -> Extractor:
    """Import an extractor."""
    module, _, name = place.partition(":")
    found: Extractor = getattr(importlib.import_module(module), name)
    return found


def _place(extractor: Extractor) -> str:
    return f"{extractor.__module__}:{getattr(extractor, '__qualname__', '<none>')}"
