"""Ruled tables on a page: looked for only where lines could make one."""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import Any

from consumer.documents.extraction.pdf.hyphens import Hyphens
from consumer.documents.extraction.pdf.lines import could_hold_table
from consumer.documents.extraction.pdf.pages import Box, page_text, text_in
from consumer.documents.needing import need

_WORD = re.compile(r"\w+")

Rows = list[list[str]]


class Tables:
    """The tables of a PDF; its slower second reader is opened when a page calls for it."""

    def __init__(self, data: bytes, hyphens: Hyphens) -> None:
        self._hyphens = hyphens
        self._data = data
        self._plumber: Any = None

    def pieces(self, page: Any, index: int) -> list[str | Rows]:
        """Return text and tables of a page from top to bottom; every word is in one of them."""
        whole = page_text(page, self._hyphens)
        if not could_hold_table(page):
            return [whole]
        found = self._find(index, page)
        if not found:
            return [whole]
        pieces = _laid_out(page, found, self._hyphens)
        missing = _words([whole]) - _words(pieces)
        return pieces if not missing else [whole, *(rows for _, rows in found)]

    def _find(self, index: int, page: Any) -> list[tuple[Box, Rows]]:
        if self._plumber is None:
            plumber = need("pdfplumber", "reading tables in PDF")
            self._plumber = plumber.open(io.BytesIO(self._data))
        read = self._plumber.pages[index]
        try:
            tables = read.find_tables()
            found = [(_turned(one.bbox, read), _rows(one.extract())) for one in tables]
        finally:
            read.close()
        kept = [(box, rows) for box, rows in found if len(rows) > 1 and len(rows[0]) > 1]
        return sorted(kept, key=lambda one: -one[0][3])


def _laid_out(page: Any, found: list[tuple[Box, Rows]], hyphens: Hyphens) -> list[str | Rows]:
    """Cut the page into bands: the text above each table, beside it, the table."""
    left, bottom, right, top = page.get_bbox()
    words = page.get_textpage()
    pieces: list[str | Rows] = []
    try:
        for (x0, low, x1, high), rows in found:
            beside = (
                text_in(words, (left, low, x0, high), hyphens),
                text_in(words, (x1, low, right, high), hyphens),
            )
            pieces += [text_in(words, (left, high, right, top), hyphens), *beside, rows]
            top = low
        pieces.append(text_in(words, (left, bottom, right, top), hyphens))
    finally:
        words.close()
    return [piece for piece in pieces if piece]


def _turned(box: Box, read: Any) -> Box:
    """From pdfplumber's coordinates, which begin at the top."""
    x0, top, x1, bottom = box
    left, low = read.bbox[0], read.height + read.bbox[1]
    return (x0 + left, low - bottom, x1 + left, low - top)


def _rows(cells: list[list[str | None]]) -> Rows:
    return [[" ".join((cell or "").split()) for cell in row] for row in cells]


def _words(pieces: list[str | Rows]) -> Counter[str]:
    """Every word, counted: a cell that a word runs out of must not cut it in two."""
    said = [
        piece if isinstance(piece, str) else " ".join(cell for row in piece for cell in row)
        for piece in pieces
    ]
    return Counter(word for part in said for word in _WORD.findall(part))
