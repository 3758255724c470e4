"""The text of one page."""

from __future__ import annotations

import io
from typing import Any

from consumer.documents.extraction.pdf.hyphens import SIGN, Hyphens

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
_IMAGE = 3
_MAX_PIXELS = 25_000_000
_DPI = 300

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points from the lower left corner."""


def page_text(page: Any, hyphens: Hyphens) -> str:
    """Return all text of a page, in the order in which it was written."""
    words = page.get_textpage()
    try:
        return mended(words.get_text_range(errors="replace"), hyphens)
    finally:
        words.close()


def text_in(words: Any, box: Box, hyphens: Hyphens) -> str:
    """Return the text inside a box of a page's text."""
    return mended(words.get_text_bounded(*box, errors="replace"), hyphens)


def mended(told: str, hyphens: Hyphens) -> str:
    """Join words parted at line ends, write ligatures as letters, and end lines with `\\n`."""
    told = told.replace("\r\n", "\n").replace("\r", "\n").replace("\ufffe", SIGN)
    return hyphens.mend(told).translate(_LIGATURES)


def is_scan(page: Any) -> bool:
    """Whether a page shows a picture; to be asked for pages without text."""
    return next(page.get_objects(filter=[_IMAGE], max_depth=5), None) is not None


def picture(page: Any) -> bytes:
    """Return the page as a PNG at 300 dots an inch, or less where that would be huge."""
    width, height = page.get_size()
    scale = min(_DPI / 72, (_MAX_PIXELS / max(width * height, 1)) ** 0.5)
    out = io.BytesIO()
    page.render(scale=scale, grayscale=True).to_pil().save(out, "PNG")
    return out.getvalue()
