"""A PDF, page by page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from consumer.documents.extraction import reading_scans
from consumer.documents.extraction.finding import (
    Finding,
    Inner,
    Source,
    Trouble,
    Unreadable,
    properties,
    table,
    text,
)
from consumer.documents.extraction.pdf.hyphens import Hyphens
from consumer.documents.extraction.pdf.notes import notes
from consumer.documents.extraction.pdf.pages import is_scan, page_text, picture
from consumer.documents.extraction.pdf.tables import Tables
from consumer.documents.needing import need

_TOLD = ("Title", "Author", "Subject", "Keywords")
_SAYS_NOTHING = frozenset({"untitled", "anonymous", "unspecified"})
_TAIL = 2048
_NO_PAGES = re.compile(rb"/Count\s+0\b")


def extract(source: Source) -> Iterator[Finding]:
    """Yield what the file says of itself, its pages, and the files attached to it."""
    pdf = _open(source)
    told = {name.lower(): pdf.get_metadata_value(name) for name in _TOLD}
    yield from properties({key: said for key, said in told.items() if said not in _SAYS_NOTHING})
    if b"%%EOF" not in source.data[-_TAIL:]:
        yield Trouble("truncated", "the end of the PDF is missing; this is what can be read")
    if len(pdf) == 0:
        yield Trouble("empty", "a PDF without pages")
    pdf.init_forms()
    yield from _pages(pdf, source)
    for index in range(pdf.count_attachments()):
        yield _attached(pdf, index)


def _attached(pdf: Any, index: int) -> Finding:
    label = f"attachment {index + 1}"
    try:
        attached = pdf.get_attachment(index)
        return Inner(label, attached.get_name(), bytes(attached.get_data()))
    except need("pypdfium2", "reading PDF").PdfiumError as error:
        return Trouble("incomplete", f"{label} cannot be read: {error}")


def _open(source: Source) -> Any:
    pdfium = need("pypdfium2", "reading PDF")
    try:
        return pdfium.PdfDocument(source.data)
    except pdfium.PdfiumError as error:
        raise _why(source.data, str(error)) from error


def _why(data: bytes, said: str) -> Unreadable:
    """Tell why a PDF cannot be opened; pdfium's own reason may be that of an earlier file."""
    if b"/Encrypt" in data:
        return Unreadable("encrypted", "the PDF is encrypted")
    if b"%%EOF" not in data[-_TAIL:]:
        return Unreadable("truncated", "the PDF is cut off and cannot be read")
    if _NO_PAGES.search(data):
        return Unreadable("empty", "a PDF without pages")
    return Unreadable("unreadable", f"the PDF cannot be read: {said}")


def _pages(pdf: Any, source: Source) -> Iterator[Finding]:
    scans: list[int] = []
    broken: list[int] = []
    hyphens = Hyphens(pdf)
    tables = Tables(source.data, hyphens)
    for index in range(len(pdf)):
        try:
            page = pdf.get_page(index)
        except need("pypdfium2", "reading PDF").PdfiumError:
            broken.append(index + 1)
            continue
        words = False
        for finding in _page(pdf, page, index, tables, hyphens):
            words = words or not isinstance(finding, Trouble)
            yield finding
        if not words and is_scan(page):
            yield from _scanned(page, index + 1, source, scans)
        page.close()
    yield from _lacks(scans, broken, len(pdf))


def _page(pdf: Any, page: Any, index: int, tables: Tables, hyphens: Hyphens) -> Iterator[Finding]:
    label = f"page {index + 1}"
    told: dict[str, Any] = {"page": index + 1}
    try:
        for piece in tables.pieces(page, index):
            if isinstance(piece, str):
                yield from text(label, piece, **told)
            else:
                yield from table(f"table on {label}", piece, **told)
    except Exception:  # the finder of tables fails on what pdfium can still read
        yield from text(label, page_text(page, hyphens), **told)
    lines, authors = notes(pdf, page)
    told |= {"authors": authors} if authors else {}
    yield from text(f"form and comments on {label}", "\n".join(lines), **told)


def _scanned(page: Any, number: int, source: Source, scans: list[int]) -> Iterator[Finding]:
    """Read a page that is a picture, or remember that it was not read."""
    words = ""
    if source.ocr and reading_scans.available():
        words = reading_scans.read(picture(page))
    if not words.strip():
        scans.append(number)
    yield from text(f"page {number}", words, page=number, ocr=True)


def _lacks(scans: list[int], broken: list[int], pages: int) -> Iterator[Trouble]:
    if scans:
        reason = "" if reading_scans.available() else "; tesseract is not installed"
        which = ", ".join(map(str, scans[:20])) + (" …" if len(scans) > 20 else "")
        yield Trouble(
            "scanned", f"scanned, {len(scans)} of {pages} pages without text ({which}){reason}"
        )
    if broken:
        which = ", ".join(map(str, broken[:20])) + (" …" if len(broken) > 20 else "")
        yield Trouble("incomplete", f"{len(broken)} of {pages} pages are broken ({which})")
