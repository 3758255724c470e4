"""The document as one HTML page: no script, nothing loaded from elsewhere, ready to print."""

from __future__ import annotations

import base64
from functools import partial
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from consumer.documents.rendering.blocks import Block, Image
from consumer.documents.rendering.cleaning import Notes, shown
from consumer.documents.rendering.models import Manuscript, Rendered
from consumer.documents.rendering.pictures import picture_of
from consumer.documents.rendering.tables import is_number

_PAGE = Path(__file__).with_name("page.html")


def render(manuscript: Manuscript) -> Rendered:
    """Write the page; pictures stand in it as data."""
    notes = Notes()
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    environment.filters |= {
        "kind": _kind,
        "shown": shown,
        "is_number": is_number,
        "source": partial(_source, notes=notes),
    }
    page = environment.from_string(_PAGE.read_text(encoding="utf-8"))
    text = page.render(
        title=manuscript.title,
        language=manuscript.language,
        author=manuscript.author,
        chapters=manuscript.chapters,
    )
    told = (*manuscript.notes, *notes.told())
    return Rendered(f"{text}\n".encode(), "text/html; charset=utf-8", ".html", told)


def _kind(block: Block) -> str:
    return type(block).__name__


def _source(image: Image, notes: Notes) -> str:
    picture = picture_of(image, notes)
    if picture is None:
        return ""
    return f"data:{picture.mime_type};base64,{base64.b64encode(picture.data).decode()}"
