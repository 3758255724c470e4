"""HTML, Markdown, CSV, plain text and JSON."""

from __future__ import annotations

import base64
import json
from io import BytesIO

import PIL.Image
import pytest
from rendered_files import csv_rows, html_text, made, md_text
from selectolax.lexbor import LexborHTMLParser

from consumer.documents.generation.models import UnifiedJsonDocument
from consumer.documents.rendering import render

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
TABLE = {"headers": ["Größe", "|"], "rows": [[1.5, "a|b\nc"], [-2, "=1+1"]], "caption": "K"}


def test_html_holds_no_markup_of_the_text() -> None:
    """A text is a text wherever it stands: in an element, an attribute, the head."""
    document = made(
        {"content_type": "paragraph", "title": EVIL, "elements": [{"text": EVIL, EVIL: EVIL}]},
        {"content_type": "table", "elements": [{"headers": [EVIL], "rows": [[EVIL]]}]},
        {"content_type": "code", "elements": [{"code": EVIL, "language": EVIL}]},
        {"content_type": "image", "elements": [{"altText": EVIL, "base64": EVIL}]},
        title=EVIL,
        author=EVIL,
        language=EVIL,
    )

    data = render(document, "html").data

    page = LexborHTMLParser(data.decode())
    assert page.css("script, img, [onerror]") == []
    assert html_text(data).count(EVIL) >= 8


def test_html_is_semantic_and_loads_nothing() -> None:
    """Language, one table head, nested lists; no address of anything elsewhere."""
    document = made(
        {"content_type": "heading", "elements": [{"text": "H", "level": 1}]},
        {"content_type": "table", "elements": [TABLE]},
        {"content_type": "list", "elements": [{"items": [{"text": "a", "items": ["b"]}]}]},
        title="T",
        language="de",
    )

    data = render(document, "html").data

    page = LexborHTMLParser(data.decode())
    root = page.css_first("html")
    assert root is not None
    assert root.attributes["lang"] == "de"
    assert [node.text() for node in page.css("h1, h2, caption, thead th, ul ul li")] == [
        "T",
        "H",
        "K",
        "Größe",
        "|",
        "b",
    ]
    assert page.css("[src], [href], link") == []


def test_markdown_tables_and_code_keep_their_text() -> None:
    """Pipes, line breaks and backticks stay what they are."""
    code = "```\nx = 1\n````"
    document = made(
        {"content_type": "table", "elements": [TABLE]},
        {"content_type": "code", "elements": [{"code": code, "language": "py`\nthon"}]},
    )

    data = render(document, "md").data

    assert "a|b\nc" in md_text(data)
    assert code in md_text(data)
    assert data.decode().count("| --- | --- |") == 1


def test_csv_of_one_table_is_that_table() -> None:
    """Numbers are plain, formulas quoted, umlauts readable; what is left out is noted."""
    rows = [[1.5, "a|b\nc"], [-2, "=1+1"], ["-3,5", "+49 170"], ["＝1", " @x"]]
    document = made(
        {"content_type": "table", "elements": [{"headers": ["Größe", "b"], "rows": rows}]},
        title="T",
    )

    rendered = render(document, "csv")

    assert csv_rows(rendered.data) == [
        ["Größe", "b"],
        ["1.5", "a|b\nc"],
        ["-2", "'=1+1"],
        ["-3,5", "'+49 170"],
        ["'＝1", "' @x"],
    ]
    assert rendered.notes == (
        "not in the CSV, which is one table: T",
        "a text that looks like a formula got a ' before it (4 times)",
    )


def test_csv_of_anything_else_has_all_of_it() -> None:
    """Texts are rows of one cell, an empty row between blocks."""
    document = made(
        {"content_type": "paragraph", "elements": [{"text": "p"}]},
        {"content_type": "table", "elements": [TABLE]},
        title="T",
    )

    rows = csv_rows(render(document, "csv").data)

    assert rows[:6] == [["T"], [], ["p"], [], ["K"], ["Größe", "|"]]


def test_plain_text_has_tables_in_columns() -> None:
    """Columns are aligned; long cells go on below."""
    rows = [["ä", "kurz"], ["länger", "wort " * 10]]
    document = made({"content_type": "table", "elements": [{"headers": ["a", "b"], "rows": rows}]})

    lines = render(document, "txt").data.decode().splitlines()

    assert lines == [
        "a       b",
        "------  " + "-" * 40,
        "ä       kurz",
        "länger  wort wort wort wort wort wort wort wort",
        "        wort wort",
    ]


def test_json_is_the_document_in_one_spelling() -> None:
    """The order of keys does not show; the document reads back as the same."""
    one = made(
        {"content_type": "paragraph", "elements": [{"text": "ä", "b": [1, None]}]}, title="T"
    )
    other = UnifiedJsonDocument.model_validate(dict(reversed(json.loads(one.to_wire()).items())))

    data = render(one, "json").data

    assert data == render(other, "json").data
    assert UnifiedJsonDocument.model_validate_json(data) == one


@pytest.mark.parametrize("format", ["docx", "pdf", "html"])
def test_a_picture_that_is_none_is_described_and_noted(format: str) -> None:
    """A broken picture does not end the work."""
    document = made({"content_type": "image", "elements": [{"altText": "Bild", "base64": "AAAA"}]})

    assert "the picture Bild cannot be read" in render(document, format).notes[0]


@pytest.mark.parametrize("format", ["docx", "pdf", "html"])
@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "RGBA"), ("GIF", "P"), ("JPEG", "RGB"), ("JPEG", "CMYK"), ("BMP", "1")],
)
def test_pictures_of_many_kinds_are_shown(format: str, kind: str, mode: str) -> None:
    """Every format that shows pictures shows those that Pillow can read, without a note."""
    target = BytesIO()
    PIL.Image.new(mode, (30, 20)).save(target, kind)
    element = {"altText": "Bild", "base64": base64.b64encode(target.getvalue()).decode()}

    rendered = render(made({"content_type": "image", "elements": [element]}), format)

    assert rendered.notes == ()
    marks = {"docx": b"word/media/", "pdf": b"/Subtype /Image", "html": b"data:image/"}
    assert marks[format] in rendered.data
