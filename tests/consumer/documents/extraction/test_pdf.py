"""PDF: text in order, tables, forms, comments; scans and damage are named."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import office_files
import pypdfium2
import pytest
from reading_parts import data_of, notes, problems, read

from consumer.documents.extraction import reading_scans


def test_pages_are_read_in_order_under_their_numbers() -> None:
    """Each page is a part; umlauts stay."""
    parts = read("a.pdf", office_files.pdf_file())

    pages = [(part.metadata["page"], part.data) for part in parts if "page" in part.metadata]
    assert pages == [(1, "Erste Seite äöüß"), (2, "Zweite Seite")]


def test_title_and_author_are_structured() -> None:
    """They stand in metadata, where names are looked for."""
    first = read("a.pdf", office_files.pdf_file())[0]

    assert first.metadata == {"title": "Prüfbericht", "author": "Erika Musterfrau"}


def test_a_ruled_table_is_cut_out_of_the_text_around_it() -> None:
    """Text above, beside and below stays where it is."""
    parts = read("a.pdf", office_files.pdf_with_table())

    assert [part.data for part in parts[:4]] == [
        "Vor der Tabelle",
        "Neben der Tabelle",
        "Posten,Betrag\nMiete,900\nStrom,80\n",
        "Nach der Tabelle",
    ]


def test_forms_links_and_comments_are_read() -> None:
    """What lies upon the page is part of it."""
    last = read("a.pdf", office_files.pdf_with_table())[-1]

    assert last.data.splitlines() == [
        "kunde: Feldwert",
        "link: https://example.org/ziel",
        "comment: Randbemerkung",
    ]


def test_a_scan_without_a_reader_is_called_scanned(no_tesseract: None) -> None:
    """The note counts the pages and says what is not installed."""
    parts = read("a.pdf", office_files.scanned_pdf(), ocr=True)

    assert notes(parts) == ["scanned, 1 of 1 pages without text (1); tesseract is not installed"]


def test_a_scan_is_read_where_tesseract_is_installed(fake_tesseract: None) -> None:
    """The picture of the page is given to it, its words are the page."""
    parts = read("a.pdf", office_files.scanned_pdf(), ocr=True)

    assert data_of(parts) == "gelesen deu+eng"
    assert parts[0].metadata == {"page": 1, "ocr": True}


def test_scans_are_not_read_when_that_is_switched_off(fake_tesseract: None) -> None:
    """The setting is obeyed."""
    assert problems(read("a.pdf", office_files.scanned_pdf(), ocr=False)) == ["scanned"]


def test_an_empty_page_is_no_scan() -> None:
    """A page with nothing on it lacks nothing."""
    assert problems(read("a.pdf", office_files.pdf_file([["Text"], []]))) == []


def test_an_encrypted_pdf_says_so() -> None:
    """A password cannot be guessed."""
    assert problems(read("a.pdf", office_files.pdf_file(encrypt="geheim"))) == ["encrypted"]


def test_a_pdf_without_pages_is_empty() -> None:
    """Also after an encrypted one was read by the same process."""
    read("a.pdf", office_files.pdf_file(encrypt="geheim"))

    assert problems(read("b.pdf", office_files.pdf_file([]))) == ["empty"]


@pytest.mark.parametrize("kept", [30, 300, 1200, 1750])
def test_a_cut_pdf_is_called_truncated(kept: int) -> None:
    """Whatever can still be read, the missing end is named."""
    assert "truncated" in problems(read("a.pdf", office_files.pdf_file()[:kept]))


def test_words_parted_at_a_line_end_are_joined_unless_they_are_compounds() -> None:
    """The hyphen that a line end made is gone, that of a compound stays."""
    lines = ["Eine lange Verbin-", "dung auf zweiter-", "Ebene in Berlin-", "Brandenburg mit"]
    more = ["einem Kauf-", "vertrag; der Kauf und der vertrag."]

    assert data_of(read("a.pdf", office_files.pdf_file([[*lines, *more]]))[1:]) == (
        "Eine lange Verbindung auf zweiter-Ebene in Berlin-Brandenburg mit\n"
        "einem Kauf-vertrag; der Kauf und der vertrag."
    )


@pytest.fixture
def no_tesseract(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Nothing is on the path."""
    yield from _on_path(monkeypatch, tmp_path)


@pytest.fixture
def fake_tesseract(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A program of that name that knows German and English and reads PNG."""
    script = tmp_path / "tesseract"
    script.write_text(
        "#!/bin/sh\n"
        'if [ "$1" = --list-langs ]; then printf "Languages (2):\\ndeu\\neng\\n"; exit; fi\n'
        'head=$(head -c 4 | tail -c 3); [ "$head" = PNG ] || exit 1\n'
        "cat > /dev/null\n"
        'echo "gelesen $4"\n'
    )
    script.chmod(0o755)
    yield from _on_path(monkeypatch, tmp_path, "/usr/bin", "/bin")


def _on_path(monkeypatch: pytest.MonkeyPatch, *folders: object) -> Iterator[None]:
    monkeypatch.setenv("PATH", os.pathsep.join(map(str, folders)))
    reading_scans.available.cache_clear()
    reading_scans.languages.cache_clear()
    yield
    reading_scans.available.cache_clear()
    reading_scans.languages.cache_clear()


def test_attached_files_are_read_and_one_that_is_broken_costs_no_other() -> None:
    """Each is a document inside the document."""
    pdf = pypdfium2.PdfDocument(office_files.pdf_file())
    pdf.new_attachment("a.csv").set_data(b"a;b\n1;2\n")
    pdf.new_attachment("b.txt")
    pdf.new_attachment("c.txt").set_data(b"Zuletzt")
    out = io.BytesIO()
    pdf.save(out)

    parts = read("a.pdf", out.getvalue())

    assert "a,b\n1,2\n" in data_of(parts)
    assert "Zuletzt" in data_of(parts)
    assert problems(parts) == ["incomplete"]
