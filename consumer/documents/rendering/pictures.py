"""Pictures out of base64: checked, small enough, and in a format that every writer knows."""

from __future__ import annotations

import base64
import binascii
import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from consumer.documents.needing import need
from consumer.documents.rendering.blocks import Image
from consumer.documents.rendering.cleaning import Notes

_MOST_PIXELS = 40_000_000
_KEPT = {"PNG": "image/png", "JPEG": "image/jpeg"}
_JPEG_MARKS = (b"JFIF", b"Exif")


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG or JPEG that can be decoded; width and height in pixels."""

    data: bytes
    mime_type: str
    width: int
    height: int


def picture_of(image: Image, notes: Notes) -> Picture | None:
    """Return the picture, as PNG where it was no PNG and no plain JPEG, or None."""
    if not image.base64:
        return None
    try:
        data = base64.b64decode("".join(image.base64.rpartition(",")[2].split()), validate=True)
        return _checked(data)
    except (binascii.Error, ValueError, OSError, SyntaxError, Warning, EOFError) as error:
        name = image.alt[:60] or "without a name"
        notes.add(f"the picture {name} cannot be read ({type(error).__name__})")
        return None


def _checked(data: bytes) -> Picture:
    pil = need("PIL.Image", "reading pictures")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pil.open(BytesIO(data)) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise ValueError("too many pixels")
            opened.load()
            width, height, kind = opened.width, opened.height, opened.format
            if kind == "PNG" or (kind == "JPEG" and data[6:10] in _JPEG_MARKS):
                return Picture(data, _KEPT[kind], width, height)
            return Picture(_as_png(opened), "image/png", width, height)


def _as_png(opened: Any) -> bytes:
    target = BytesIO()
    opened.convert("RGBA").save(target, format="PNG")
    return target.getvalue()
