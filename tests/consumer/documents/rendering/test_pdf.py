"""The PDF, opened with two libraries that did not write it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pytest
from rendered_files import made, pdf_text

from consumer.documents.rendering import render
from consumer.documents.rendering.cleaning import Notes
from consumer.documents.rendering.fonts import fonts, printable


def reader(*sections: dict[str, Any], **metadata: Any) -> pypdf.PdfReader:
    """Return the PDF of a document of these sections, opened."""
    return pypdf.PdfReader(BytesIO(render(made(*sections, **metadata), "pdf").data))


def test_headings_are_the_outline() -> None:
    """Every heading can be jumped to, each below the one above it."""
    told = [{"text": "Erster", "level": 1}, {"text": "Äußerst tief", "level": 5}]

    found = reader({"content_type": "heading", "elements": told}, title="Titel")

    def titles(nodes: Any) -> list[Any]:
        return [titles(it) if isinstance(it, list) else it.title for it in nodes]

    assert titles(found.outline) == ["Titel", ["Erster", ["Äußerst tief"]]]


def test_metadata_has_title_and_author_and_no_time_of_today() -> None:
    """Title, author and language are told; the dates are those of no clock."""
    found = reader(title="Größe", author="Jörg", language="de")

    assert found.metadata is not None
    assert (found.metadata.title, found.metadata.author) == ("Größe", "Jörg")
    assert found.trailer["/Root"]["/Lang"] == "de"
    assert "2000" in str(found.metadata.get("/CreationDate"))


def test_a_long_table_repeats_its_header_on_numbered_pages() -> None:
    """Each page of the table begins with the header and ends with its number."""
    rows = [[number, f"Zeile {number}"] for number in range(150)]

    found = reader({"content_type": "table", "elements": [{"headers": ["Nr", "Üb"], "rows": rows}]})

    pages = [page.extract_text().split() for page in found.pages]
    assert len(pages) > 2
    assert all({"Nr", "Üb"} <= set(page) for page in pages)
    assert all(str(number) in page for number, page in enumerate(pages, 1))
    assert [row for row in range(150) if not any(f"{row}" in page for page in pages)] == []


@pytest.mark.parametrize("headed", [True, False])
def test_a_cell_longer_than_a_page_goes_on(headed: bool) -> None:
    """No cell and no header is too long: every word of it is printed."""
    long = " ".join(f"w{number}x" for number in range(4000))
    element = {"headers": [long, "kurz"], "rows": [["a", "b"]]}
    if not headed:
        element = {"headers": ["kurz", "b"], "rows": [["a", long], [long, "c"]]}

    text = pdf_text(render(made({"content_type": "table", "elements": [element]}), "pdf").data)

    expected = 1 if headed else 2
    assert [n for n in range(4000) if text.count(f"w{n}x") < expected] == []


def test_a_character_the_font_lacks_is_spelled_out_and_noted() -> None:
    """Nobody gets an empty box: the code stands in the text, the name in the notes."""
    document = made(
        {"content_type": "paragraph", "elements": [{"text": "Größe \U000131bc \u00e4"}]}
    )

    rendered = render(document, "pdf")

    assert "Größe [U+131BC] ä" in pdf_text(rendered.data)
    assert rendered.notes[0].endswith("lacks U+131BC EGYPTIAN HIEROGLYPH M012")


def test_without_dejavu_the_fonts_of_the_library_are_used(tmp_path: Path) -> None:
    """A machine without fonts still prints umlauts, and spells out what is missing."""
    notes = Notes()

    found = fonts(tmp_path)

    assert found.text == "Vera"
    assert printable("Größe д", found.text, notes) == "Größe [U+0434]"
    assert notes.told() == ("the font Vera lacks U+0434 CYRILLIC SMALL LETTER DE",)


def test_markup_in_a_text_is_text() -> None:
    """Tags of the library's own markup and of HTML are printed as they stand."""
    text = "<b>x</b> <font color=red>&amp; </para> <img src='file:///etc/passwd'/>"

    rendered = render(made({"content_type": "paragraph", "elements": [{"text": text}]}), "pdf")

    assert " ".join(pdf_text(rendered.data).split()).startswith(text)


def test_a_wide_table_is_cut_into_several_led_by_the_first_column() -> None:
    """Thirty columns do not fit a page; the notes say what was done."""
    element = {"headers": [f"s{n}" for n in range(30)], "rows": [[f"c{n}" for n in range(30)]]}

    rendered = render(made({"content_type": "table", "elements": [element]}), "pdf")

    words = pdf_text(rendered.data).split()
    assert {f"c{n}" for n in range(30)} <= set(words)
    assert words.count("c0") == 3
    assert rendered.notes == ("a table too wide for a page was cut into several",)
