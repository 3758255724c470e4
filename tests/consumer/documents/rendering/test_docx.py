"""The Word file has Word's own styles, opened as what it is: a zip of XML."""

from __future__ import annotations

import zipfile
from io import BytesIO
from xml.etree.ElementTree import Element

from rendered_files import WORD, docx_text, made, word_part

from consumer.documents.rendering import render


def test_headings_have_styles_and_lists_numbers_of_their_own() -> None:
    """Each list begins at 1 again; a list below a list is one level deeper."""
    document = made(
        {"content_type": "heading", "elements": [{"text": "H", "level": 2}]},
        {"content_type": "list", "elements": [{"items": ["a", {"text": "b", "items": ["c"]}]}]},
        {"content_type": "list", "elements": [{"items": ["d"], "ordered": True}]},
        title="T",
    )

    root = word_part(render(document, "docx").data)

    styles = [style.get(f"{WORD}val") for style in root.iter(f"{WORD}pStyle")]
    assert styles[:3] == ["Title", "Heading2", "ListParagraph"]
    levels = [level.get(f"{WORD}val") for level in root.iter(f"{WORD}ilvl")]
    assert levels == ["0", "0", "1", "0"]
    numbers = [number.get(f"{WORD}val") for number in root.iter(f"{WORD}numId")]
    assert numbers == ["1", "1", "2", "3"]


def test_the_header_row_is_repeated_and_the_text_whole() -> None:
    """Cells hold their text, line breaks and all; the first row is a header on each page."""
    document = made(
        {"content_type": "table", "elements": [{"headers": ["Größe"], "rows": [["a\nb"], [1.5]]}]}
    )

    data = render(document, "docx").data

    rows = list(word_part(data).iter(f"{WORD}tr"))
    assert [row.find(f"{WORD}trPr/{WORD}tblHeader") is not None for row in rows] == [
        True,
        False,
        False,
    ]
    assert docx_text(data).split() == ["Größe", "a", "b", "1.5"]


def test_language_page_numbers_and_fixed_properties() -> None:
    """The file says its language and title, numbers its pages, and holds no date of today."""
    data = render(made(title="Täter", language="de-AT", author="J"), "docx").data

    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = archive.namelist()
        core = archive.read("docProps/core.xml").decode()
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
    assert all(f">{told}<" in core for told in ("Täter", "de-AT", "J", "2000-01-01T00:00:00Z"))
    language = word_part(data, "word/styles.xml").find(f".//{WORD}rPrDefault//{WORD}lang")
    assert isinstance(language, Element)
    assert language.get(f"{WORD}val") == "de-AT"
    feet = [word_part(data, name) for name in names if name.startswith("word/footer")]
    fields = [field.get(f"{WORD}instr") for foot in feet for field in foot.iter(f"{WORD}fldSimple")]
    assert fields == ["PAGE"]
