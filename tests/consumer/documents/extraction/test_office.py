"""Office files: nothing is lost of what stands outside the plain text."""

from __future__ import annotations

import io
import zipfile

import office_files
import pytest
import xlsxwriter
from reading_parts import data_of, notes, problems, read

from consumer.documents.extraction.models import TypeGroup


def test_a_docx_keeps_text_and_tables_in_their_order() -> None:
    """What stands before, in and after a table stays so; the table is CSV with its header."""
    parts = read("a.docx", office_files.word_file())

    body = [part for part in parts if part.label == "text" or part.label.startswith("table")]
    assert [part.type_group for part in body[:4]] == ["text", "table", "table", "text"]
    assert body[0].data == "# Überschrift\nErster Absatz[c0]"
    assert body[1].data == "Name,Wert\nÄpfel,3\n"
    assert body[3].data.startswith("Nach der Tabelle")


@pytest.mark.parametrize(
    "words",
    [
        "Kopfzeile",
        "Fußzeile",
        "Fußnotentext",
        "Prüfer: Anmerkung",
        "innen,tief",
        "Kastentext",
        "Eingefügt",
        "Verweis <https://example.org/x>",
        "Erika Musterfrau",
    ],
)
def test_a_docx_is_read_in_every_corner(words: str) -> None:
    """Headers, footers, notes, comments, inner tables, boxes, insertions, links, properties."""
    assert words in data_of(read("a.docx", office_files.word_file()))


def test_what_was_deleted_in_a_docx_is_not_read() -> None:
    """Tracked deletions are gone."""
    assert "Gelöscht" not in data_of(read("a.docx", office_files.word_file()))


@pytest.mark.parametrize("depth", [200, 600, 3000])
def test_tables_nested_without_end_are_read_as_deep_as_can_be(depth: int) -> None:
    """Deep nesting ends neither in a crash nor in silence."""

    def nest(members: dict[str, bytes]) -> None:
        opening, closing = "<w:tbl><w:tr><w:tc>" * depth, "</w:tc></w:tr></w:tbl>" * depth
        body = f"<w:body>{opening}<w:p><w:r><w:t>tief</w:t></w:r></w:p>{closing}</w:body>"
        members["word/document.xml"] = f"<w:document {office_files.W}>{body}</w:document>".encode()

    parts = read("a.docx", office_files.repacked(office_files.word_file(), nest))

    assert "tief" in data_of(parts) or "deep" in problems(parts)
    assert "Kopfzeile" in data_of(parts)


def test_an_xlsx_gives_hidden_sheets_results_dates_and_what_is_pinned() -> None:
    """Values come as people see them, hidden sheets are marked."""
    parts = read("a.xlsx", office_files.sheet_file())

    sheets = {part.metadata["sheet"]: part for part in parts if "sheet" in part.metadata}
    assert sheets["Umsatz"].data == (
        "Monat,Euro\nJanuar,1200\nFebruar,1300.5\n,2500.5\n2026-03-01,\n"
    )
    assert sheets["Geheim"].data == "Verborgen\n"
    assert sheets["Geheim"].metadata["hidden"] is True
    for words in ("A1 (Prüfer): Zellenkommentar", "Textfeld", "Diagrammtitel", ",Reihe\n"):
        assert words in data_of(parts)


def test_a_damaged_workbook_gives_its_cells_one_by_one() -> None:
    """What the reader of spreadsheets refuses is read more simply."""

    def damage(members: dict[str, bytes]) -> None:
        members["xl/styles.xml"] = b"<styleSheet"

    parts = read("a.xlsx", office_files.repacked(office_files.sheet_file(), damage))

    assert problems(parts) == ["incomplete"]
    for words in ("A2,Januar\n", "B4,2500.5\n", "A1,Verborgen\n", "Zellenkommentar"):
        assert words in data_of(parts)


def test_cells_far_apart_are_given_one_by_one() -> None:
    """A sheet whose corners are filled would be seventeen billion cells."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "nah")
        sheet.write(1_048_575, 16_383, "fern")

    parts = read("a.xlsx", out.getvalue())

    assert data_of(parts) == "cell,value\nA1,nah\nXFD1048576,fern\n"
    assert notes(parts) == ["its cells lie far apart: given as one row for each cell"]


@pytest.mark.parametrize(
    "words",
    [
        "# Folientitel\nTextfeld\nIn der Gruppe\nTief in der Gruppe",
        "Land,Stadt\nÖsterreich,Wien\n",
        ",Absatz\nNord,12\nSüd,34.5\n",
        "Sprechernotiz",
        "# Zweite Folie",
    ],
)
def test_a_pptx_is_read_in_every_corner(words: str) -> None:
    """Titles, groups in groups, tables, chart values, notes and hidden slides."""
    assert words in data_of(read("a.pptx", office_files.slide_file()))


def test_a_hidden_slide_is_marked() -> None:
    """A reader can tell what the audience does not see."""
    last = read("a.pptx", office_files.slide_file())[-1]

    assert last.metadata == {"slide": 2, "hidden": True}


MAKERS = {
    "a.docx": office_files.word_file,
    "a.xlsx": office_files.sheet_file,
    "a.pptx": office_files.slide_file,
}


@pytest.mark.parametrize("name", MAKERS)
def test_a_cut_archive_is_called_truncated(name: str) -> None:
    """Half an office file is no office file, and says so."""
    data = MAKERS[name]()

    assert problems(read(name, data[: len(data) // 2])) == ["truncated"]


@pytest.mark.parametrize("name", MAKERS)
def test_an_archive_that_would_burst_is_not_unpacked(name: str) -> None:
    """The sizes told by the archive are looked at before anything is unpacked."""
    data = office_files.repacked(MAKERS[name](), lambda members: members.update(x=bytes(60 << 20)))

    assert problems(read(name, data)) == ["bomb"]


def test_damaged_xml_in_a_docx_is_read_up_to_the_damage() -> None:
    """What comes before is given, and it is said that something is missing."""

    def damage(members: dict[str, bytes]) -> None:
        body = members["word/document.xml"]
        members["word/document.xml"] = body[: body.index(b"Nach der Tabelle")]

    parts = read("a.docx", office_files.repacked(office_files.word_file(), damage))

    assert "Name,Wert" in data_of(parts)
    assert problems(parts) == ["incomplete"]


def test_office_files_under_a_password_are_called_encrypted() -> None:
    """They are OLE containers that hold an encrypted package."""
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")

    assert problems(read("a.xlsx", data)) == ["encrypted"]


def test_an_encrypted_member_makes_the_archive_encrypted() -> None:
    """The flag of a ZIP member is believed."""
    data = bytearray(office_files.word_file())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        assert archive.namelist()
    start = data.rindex(b"PK\x01\x02")
    data[start + 8] |= 1

    assert "encrypted" in problems(read("a.docx", bytes(data)))


def test_pictures_are_named_with_their_size() -> None:
    """A picture's bytes are not handed on; what it is, is."""
    import docx
    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (30, 20)).save(picture, "PNG")
    document = docx.Document()
    document.add_picture(picture)

    found = [
        part
        for part in read("a.docx", office_files.saved(document))
        if part.type_group is TypeGroup.IMAGE
    ]

    assert [(one.metadata["width"], one.metadata["height"]) for one in found] == [(30, 20)]
    assert found[0].data == ""


ODS_CELL = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="Blatt"><table:table-row>{}</table:table-row></table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)


def test_an_ods_is_read() -> None:
    """The open format as well, told by its content."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        cells = "".join(ODS_CELL.format(words) for words in ("Name", "Größe"))
        archive.writestr("content.xml", ODS.format(cells))

    assert data_of(read("a.ods", out.getvalue())) == "Name,Größe\n"


def test_a_wide_sheet_that_is_full_stays_a_table() -> None:
    """Only emptiness makes a sheet scattered."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for row in range(30):
            sheet.write_row(row, 0, list(range(800)))

    (part,) = read("a.xlsx", out.getvalue())

    assert (part.metadata["rows"], part.metadata["columns"]) == (30, 800)
