"""Office files as few programs write them, and what stands in members of their own."""

from __future__ import annotations

import io
import zipfile

import office_files
import xlsxwriter
from reading_parts import data_of, problems, read

from consumer.documents.extraction.finding import Source
from consumer.documents.extraction.scattered import is_scattered


def test_an_xlsx_that_quotes_its_other_way_is_no_bomb() -> None:
    """Cells far apart are noticed whichever quotes the file uses."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "nah")
    sheet.write(1_048_575, 16_383, "fern")
    book.close()

    def requote(members: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        members[name] = members[name].replace(b'"', b"'")

    data = office_files.repacked(out.getvalue(), requote)
    # Before anything else: reading it as a full table would end this process.
    assert is_scattered(Source(name="a.xlsx", data=data), "Sheet1")
    parts = read("a.xlsx", data)

    assert data_of(parts) == "cell,value\nA1,nah\nXFD1048576,fern\n"


def test_entities_in_a_docx_are_not_resolved_and_cost_no_word() -> None:
    """Neither files nor hosts are asked for; what stands behind is read, with a note."""
    declared = b'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document '

    def declare(members: dict[str, bytes]) -> None:
        body = members["word/document.xml"].replace(b"<w:document ", declared, 1)
        members["word/document.xml"] = body.replace(b"Nach der", b"Nach &e; der")

    parts = read("a.docx", office_files.repacked(office_files.word_file(), declare))

    assert "Nach  der Tabelle" in data_of(parts)
    assert "root:" not in data_of(parts)
    assert problems(parts) == ["incomplete"]


def _with(members: dict[str, bytes], owner: str, kind: str, name: str, data: bytes) -> None:
    """Add a member that another one refers to as `rIdNew`."""
    folder, _, base = owner.rpartition("/")
    told = f'<Relationship Id="rIdNew" Type="{office_files.RELATIONS}/{kind}" Target="/{name}"/>'
    rels = f"{folder}/_rels/{base}.rels"
    end = b"</Relationships>"
    members[rels] = members[rels].replace(end, told.encode() + end)
    members[name] = data


def test_a_chart_in_a_docx_gives_its_values() -> None:
    """Categories and series are a table."""
    with zipfile.ZipFile(io.BytesIO(office_files.slide_file())) as deck:
        chart = next(deck.read(one) for one in deck.namelist() if "/charts/chart" in one)
    drawing = (
        '<w:p><w:r><w:drawing><c:chart xmlns:c="urn:c" '
        f'xmlns:r="{office_files.RELATIONS}" r:id="rIdNew"/></w:drawing></w:r></w:p><w:sectPr'
    )

    def add(members: dict[str, bytes]) -> None:
        main = "word/document.xml"
        _with(members, main, "chart", "word/charts/chart1.xml", chart)
        members[main] = members[main].replace(b"<w:sectPr", drawing.encode(), 1)

    parts = read("a.docx", office_files.repacked(office_files.word_file(), add))

    assert ",Absatz\nNord,12\nSüd,34.5\n" in data_of(parts)


def test_smart_art_and_comments_in_a_pptx_are_read() -> None:
    """Both stand in members of their own."""
    art = '<d:dataModel xmlns:d="urn:d"><d:pt><d:t>Schritt</d:t></d:pt></d:dataModel>'
    frame = (
        '<p:graphicFrame><d:relIds xmlns:d="urn:d" '
        f'xmlns:r="{office_files.RELATIONS}" r:dm="rIdNew"/></p:graphicFrame></p:spTree>'
    )
    said = '<p:cmLst xmlns:p="urn:p"><p:cm><p:text>Einwand</p:text></p:cm></p:cmLst>'

    def add(members: dict[str, bytes]) -> None:
        first, second = "ppt/slides/slide1.xml", "ppt/slides/slide2.xml"
        _with(members, first, "diagramData", "ppt/diagrams/data1.xml", art.encode())
        members[first] = members[first].replace(b"</p:spTree>", frame.encode())
        _with(members, second, "comments", "ppt/comments/comment1.xml", said.encode())

    parts = read("a.pptx", office_files.repacked(office_files.slide_file(), add))

    told = {part.label: part.data for part in parts}
    assert told["SmartArt on slide 1"] == "Schritt"
    assert told["comments on slide 2"] == "Einwand"


def test_a_chart_that_counts_wrongly_costs_no_other_word() -> None:
    """Its values are read, and the slides behind it."""

    def miscount(members: dict[str, bytes]) -> None:
        for name in [one for one in members if "/charts/chart" in one]:
            members[name] = members[name].replace(b'idx="1"', b'idx="x"')

    parts = read("a.pptx", office_files.repacked(office_files.slide_file(), miscount))

    assert ",Absatz\nNord,12\nSüd,34.5\n" in data_of(parts)
    assert "# Zweite Folie" in data_of(parts)
    assert problems(parts) == []
