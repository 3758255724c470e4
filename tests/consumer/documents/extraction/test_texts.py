"""CSV, HTML, RTF, JSON, XML, plain text and images."""

from __future__ import annotations

import csv
import io
import json
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_parts import data_of, notes, problems, read

from consumer.documents.extraction.models import TypeGroup


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv_is_read_whatever_its_delimiter_and_encoding(delimiter: str, encoding: str) -> None:
    """The part is CSV with commas."""
    rows = [["Name", "Straße", "Wert"], ["Müller", "Weg 3, Hof; links", "1,5"]]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)

    (part,) = read("a.csv", out.getvalue().encode(encoding))

    assert list(csv.reader(io.StringIO(part.data))) == rows
    assert part.metadata["delimiter"] == delimiter


_CELLS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=12).map(
    lambda cell: "x" + cell.strip()
)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(_CELLS, min_size=3, max_size=3), min_size=2, max_size=8))
def test_no_cell_of_a_csv_is_lost_or_changed(rows: list[list[str]]) -> None:
    """Whatever the cells hold, writing and reading gives them back."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)

    (part,) = read("a.csv", out.getvalue().encode())

    assert list(csv.reader(io.StringIO(part.data))) == rows


@settings(deadline=None, max_examples=50)
@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading_of_csv(rubbish: bytes) -> None:
    """A result comes back, and it is fit for JSON."""
    parts = read("a.csv", b"a,b\n" + rubbish)

    assert parts
    assert all(part.to_wire() for part in parts)


def test_the_delimiter_a_csv_names_is_believed() -> None:
    """Spreadsheets write and read `sep=`."""
    assert data_of(read("a.csv", b"sep=#\na#b\n1#2\n")) == "a,b\n1,2\n"


def test_an_unclosed_cell_is_called_truncated() -> None:
    """A cut CSV swallows its end into one cell; that is said."""
    assert problems(read("a.csv", b'a,b\n1,"x\n3,4\n')) == ["truncated"]


PAGE = b"""<!doctype html><html><head><title>Titel</title><style>.x{}</style></head><body>
<script>var geheim</script><h1>Kopf</h1><p>Ein <b>fet</b>ter <a href="https://example.org/">Ort</a>
<table><caption>Preise</caption><tr><th>Ware<th>Euro<tr><td colspan=2>Brot</table>
<ul><li>eins<li>zwei</ul><img alt="Ein Bild" src=x><pre>a\n  b</pre></body></html>"""


def test_html_gives_what_a_reader_sees() -> None:
    """Headings, links, lists, alternative texts; no scripts, no styles."""
    parts = read("a.html", PAGE)

    assert [part.data for part in parts] == [
        "title: Titel",
        "# Kopf\nEin fetter Ort <https://example.org/>",
        "Preise",
        "Ware,Euro\nBrot,\n",
        "- eins\n- zwei\n[image: Ein Bild]\na\n  b",
    ]


def test_html_in_latin_1_is_read_by_what_it_declares() -> None:
    """The declaration counts, with the quotes that browsers expect there."""
    page = '<html><meta charset="iso-8859-1"><p>Grüße „so“</p>'.encode("cp1252")

    assert data_of(read("a.html", page)) == "Grüße „so“"


@pytest.mark.parametrize("claimed", ["rot13", "utf-16", "unheard-of", "ascii"])
def test_html_that_lies_about_its_encoding_is_read_all_the_same(claimed: str) -> None:
    """A claim that does not fit is not believed."""
    page = f'<html><meta charset="{claimed}"><p>Plain words</p>'.encode()

    assert data_of(read("a.html", page)) == "Plain words"


def test_html_nested_without_end_is_read() -> None:
    """The walk through the tree has a stack of its own."""
    page = b"<div>" * 20_000 + b"tief" + b"</div>" * 20_000

    assert data_of(read("a.html", page)) == "tief"


def test_a_table_for_layout_is_text() -> None:
    """Only tables with rows and columns of data become tables."""
    page = b"<table><tr><td>links<td><table><tr><td>a<td>b<tr><td>c<td>d</table></table>"

    assert [part.data for part in read("a.html", page)] == ["links", "a,b\nc,d\n"]


def test_rtf_keeps_headers_footers_and_notes() -> None:
    """They are paragraphs like others here."""
    told = data_of(
        read(
            "a.rtf",
            rb"{\rtf1\ansi\ansicpg1252{\header Kopf}{\footer Fu\'df}Text \'e4\u8364?"
            rb"{\footnote Note}\par\trowd\cellx1000\cellx2000 A\cell B\cell\row}",
        )
    )

    for words in ("Kopf", "Fuß", "Text ä€", "Note", "A|B"):
        assert words in told


def test_json_is_given_as_it_stands() -> None:
    """No key is sorted, no number changed."""
    data = '{"b": 1.50, "a": "ä"}'

    (part,) = read("a.json", data.encode())

    assert (part.data, part.type_group) == (data, TypeGroup.STRUCTURE)


@pytest.mark.parametrize(
    ("data", "problem"), [(b'{"a": [1, 2', "unreadable"), (b"[" * 100_000, "deep")]
)
def test_bad_json_is_given_with_a_note(data: bytes, problem: str) -> None:
    """The text is there all the same."""
    parts = read("a.json", data)

    assert parts[0].data == data.decode()
    assert problems(parts) == [problem]


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "'
    + b"x" * 1000
    + b'">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 50) for n in range(9))
    + b"]><l>&j;</l>"
)


@pytest.mark.parametrize(("data", "problem"), [(BOMB, "bomb"), (b"<a><b></a>", "unreadable")])
def test_bad_xml_is_given_unresolved_with_a_note(data: bytes, problem: str) -> None:
    """Entities are never resolved."""
    parts = read("a.xml", data)

    assert parts[0].data == data.decode()
    assert problems(parts) == [problem]


def test_an_image_is_named_with_its_size() -> None:
    """Nothing of it is text as long as nobody reads it."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (40, 30)).save(out, "PNG")

    (part,) = read("a.png", out.getvalue())

    assert (part.metadata["width"], part.metadata["height"], part.data) == (40, 30, "")


def test_an_image_that_claims_to_be_huge_is_not_decoded() -> None:
    """A hundred thousand pixels a side stay a number in a header."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("1", (40, 30)).save(out, "PNG")
    data = bytearray(out.getvalue())
    data[16:24] = (100_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")

    assert problems(read("a.png", bytes(data), ocr=True))[0] == "bomb"


def test_what_nobody_reads_is_a_binary_part_with_a_note() -> None:
    """It is named with its size, not dropped."""
    parts = read("a.xyz", bytes(range(256)))

    assert (parts[0].type_group, parts[0].metadata["bytes"]) == (TypeGroup.BINARY, 256)
    assert notes(parts)[0] == "content of type application/octet-stream is not read"


def test_an_empty_file_is_empty() -> None:
    """Not an error, a fact."""
    assert problems(read("a.docx", b"")) == ["empty"]


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=200))
def test_every_part_is_fit_for_json(words: str) -> None:
    """Halves of characters and NUL do not get through."""
    for part in read("a.txt", words.encode("utf-8", "surrogatepass")):
        assert json.loads(part.to_wire())["data"] == part.data
        assert "\0" not in part.data


_GERMAN = "Grüße aus Köln – „Zitat“ kostet 5 €, so geht’s\nÄÖÜß\n"
_OTHER = {
    "koi8-r": "Привет мир, как дела сегодня\n" * 4,
    "shift_jis": "これは日本語の文章です。東京都に住んでいます。\n" * 5,
    "iso2022_jp": "これは日本語の文章です。東京都に住んでいます。\n",
}


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16-le", "utf-16-be", *_OTHER])
def test_text_is_read_in_an_encoding_that_nothing_names(encoding: str) -> None:
    """Quotes, dashes and the Euro of CP1252, and UTF-16 without a mark, are common in files."""
    told = _OTHER.get(encoding, _GERMAN)

    (part,) = read("a.txt", told.encode(encoding))

    assert part.data == told.rstrip("\n")
