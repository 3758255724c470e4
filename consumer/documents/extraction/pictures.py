"""Images: what they are, and their text where tesseract is installed."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from mimetypes import guess_type
from typing import Any

from consumer.documents.extraction.finding import Finding, Found, Source, Trouble, text
from consumer.documents.extraction.models import TypeGroup
from consumer.documents.extraction.reading_scans import available, read
from consumer.documents.needing import need

_MAX_PIXELS = 200_000_000
_NOTE = "the picture itself is not handed on, only what it is"


def extract(source: Source) -> Iterator[Finding]:
    """Yield the image with format, width and height, and the text in it."""
    yield from picture(source.name, source.name, source.data, source.ocr, source.mime_type)
    if source.ocr and not available():
        yield Trouble("scanned", "an image; its text is not read, as tesseract is not installed")


def picture(
    label: str, name: str, data: bytes, ocr: bool, mime_type: str | None = None
) -> Iterator[Finding]:
    """Yield an image, and its text where that is wanted and can be read."""
    kind = mime_type or guess_type(name)[0] or "application/octet-stream"
    told: dict[str, object] = {"name": name, "bytes": len(data), "note": _NOTE}
    try:
        told |= _measures(data)
    except Exception as error:  # any of dozens of readers may fail in its own way
        yield Found(label, TypeGroup.IMAGE, "", kind, told)
        if mime_type:
            yield Trouble("unreadable", f"not a readable image: {error}")
        return
    yield Found(label, TypeGroup.IMAGE, "", kind, told)
    width, height = int(str(told["width"])), int(str(told["height"]))
    if width * height > _MAX_PIXELS:
        yield Trouble("bomb", f"an image of {width} × {height} pixels; its text is not read")
    elif ocr and available():
        yield from text(f"text in {label}", read(data), ocr=True)


def _measures(data: bytes) -> dict[str, object]:
    """Format, size and frames, from the header alone."""
    image: Any = need("PIL.Image", "reading images")
    image.MAX_IMAGE_PIXELS = None
    with warnings.catch_warnings(action="ignore"), image.open(io.BytesIO(data)) as opened:
        width, height = opened.size
        frames = getattr(opened, "n_frames", 1)
        return {"width": width, "height": height, "format": opened.format, "frames": frames}
