"""The formats a document can be rendered in; new ones register."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from consumer.documents.generation.models import UnifiedJsonDocument
from consumer.documents.needing import need
from consumer.documents.rendering.models import Rendered, Renderer
from consumer.documents.rendering.reading import read
from syntx.errors import Permanent

_HERE = __package__ or __name__.rpartition(".")[0]
_NEEDS = {
    "docx": "docx",
    "pdf": "reportlab",
    "xlsx": "xlsxwriter",
    "html": "jinja2",
    "md": None,
    "csv": None,
    "txt": None,
    "json": None,
}
"""Our own formats, each in its `to_FORMAT.py`, and the package it is written with."""

_registered: dict[str, Renderer] = {}


class UnknownFormat(Permanent):
    """No renderer writes this format."""

    reason = "unknown_format"


def register(format: str, renderer: Renderer) -> None:
    """Let a renderer write a format; it replaces the one that did before."""
    _registered[format] = renderer


def formats() -> tuple[str, ...]:
    """Return every format that can be rendered, our own first."""
    return tuple(dict.fromkeys([*_NEEDS, *_registered]))


def render(document: UnifiedJsonDocument, format: str, title: str | None = None) -> Rendered:
    """Render a document; `title` goes before the one in its metadata.

    Raises UnknownFormat for a format nobody writes, MissingExtra where its package is missing.
    """
    return _renderer(format)(read(document, title))


def _renderer(format: str) -> Renderer:
    if format in _registered:
        return _registered[format]
    if format not in _NEEDS:
        raise UnknownFormat(
            f"there is no renderer for {format!r}", fix=f"use one of {', '.join(formats())}"
        )
    needed = _NEEDS[format]
    if needed:
        need(needed, f"writing {format.upper()}")
    return cast(Renderer, import_module(f"{_HERE}.to_{format}").render)
