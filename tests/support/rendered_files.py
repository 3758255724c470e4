"""Documents made on the spot, and every format read by another library than wrote it."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO, StringIO
from typing import Any
from xml.etree.ElementTree import Element

import defusedxml.ElementTree
import openpyxl
import pypdfium2
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from consumer.documents.generation.models import UnifiedJsonDocument

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def made(*sections: dict[str, Any], **metadata: Any) -> UnifiedJsonDocument:
    """Return a document of one part with these sections."""
    told = [{"id": f"s{number}", "order": number, **it} for number, it in enumerate(sections)]
    return UnifiedJsonDocument.model_validate(
        {"metadata": metadata, "documents": [{"sections": told}]}
    )


def word_part(data: bytes, name: str = "word/document.xml") -> Element:
    """Return a part of a Word file, parsed."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return defusedxml.ElementTree.fromstring(archive.read(name))


def docx_text(data: bytes) -> str:
    """Return the text of a Word file, a line for each paragraph."""
    return "\n".join("".join(_runs(p)) for p in word_part(data).iter(f"{WORD}p"))


def _runs(paragraph: Element) -> Iterator[str]:
    for node in paragraph.iter():
        if node.tag == f"{WORD}t":
            yield node.text or ""
        elif node.tag in (f"{WORD}br", f"{WORD}tab"):
            yield "\n" if node.tag == f"{WORD}br" else "\t"


def pdf_text(data: bytes) -> str:
    """Return the text of a PDF, page by page."""
    pages = pypdfium2.PdfDocument(data)
    return "\n".join(page.get_textpage().get_text_bounded() for page in pages)


def xlsx_rows(data: bytes) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of every sheet."""
    book = openpyxl.load_workbook(BytesIO(data))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def xlsx_text(data: bytes) -> str:
    """Return title, names of sheets, and every cell of a workbook, a line each."""
    title = openpyxl.load_workbook(BytesIO(data)).properties.title or ""
    sheets = xlsx_rows(data)
    cells = [
        str(cell) for rows in sheets.values() for row in rows for cell in row if cell is not None
    ]
    return "\n".join([title, *sheets, *cells])


def html_text(data: bytes) -> str:
    """Return the text of a page's body."""
    body = LexborHTMLParser(data.decode()).body
    assert body is not None
    return body.text(separator="\n")


def md_text(data: bytes) -> str:
    """Return the text that a Markdown reader finds: no marks, no HTML."""
    found = []
    for token in MarkdownIt("commonmark").enable("table").parse(data.decode()):
        if token.type in ("fence", "code_block"):
            found.append(token.content)
        for child in token.children or []:
            found.append("\n" if child.type in ("hardbreak", "softbreak") else child.content)
            found[-1] = "\n" if found[-1] == "<br>" else found[-1]
        found.append("\n")
    return "".join(found).replace("\u00a0", " ")


def csv_rows(data: bytes) -> list[list[str]]:
    """Return the rows of a CSV file."""
    return list(csv.reader(StringIO(data.decode("utf-8-sig"), newline="")))


def csv_text(data: bytes) -> str:
    """Return every cell of a CSV file, a line each."""
    return "\n".join(cell for row in csv_rows(data) for cell in row)


def json_text(data: bytes) -> str:
    """Return the texts of a JSON file, a line each."""
    return "\n".join(_strings(json.loads(data)))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for held in value.values():
            yield from _strings(held)
    elif isinstance(value, list):
        for held in value:
            yield from _strings(held)
    else:
        yield str(value)


TEXTS: dict[str, Callable[[bytes], str]] = {
    "docx": docx_text,
    "pdf": pdf_text,
    "xlsx": xlsx_text,
    "html": html_text,
    "md": md_text,
    "csv": csv_text,
    "txt": bytes.decode,
    "json": json_text,
}
