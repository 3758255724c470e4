"""The workbook, opened with openpyxl."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from rendered_files import made, xlsx_rows

from consumer.documents.rendering import render
from consumer.documents.rendering.blocks import Table
from consumer.documents.rendering.sheets import parts, pieces, sheet_name


def test_what_was_a_number_in_json_is_one_and_no_text_is_computed() -> None:
    """Formulas, links, long digits and the library's own markup stay texts."""
    texts = ["=1+1", "{=1}", "http://x.y", "0012", "<r><t>x</t></r>", "_x000D_", 10**20]
    element = {"headers": ["v"], "rows": [[7], [2.5], [True], [None], *([text] for text in texts)]}

    data = render(made({"content_type": "table", "elements": [element]}), "xlsx").data

    sheet = openpyxl.load_workbook(BytesIO(data), rich_text=False).worksheets[0]
    values = [row[0].value for row in sheet.iter_rows()]
    assert values == ["v", 7, 2.5, True, None, *texts[:-1], "1" + "0" * 20]
    assert {row[0].data_type for row in list(sheet.iter_rows())[5:]} == {"s"}
    assert all(row[0].hyperlink is None for row in sheet.iter_rows())
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"


def test_texts_and_tables_have_sheets_with_valid_names() -> None:
    """A sheet of texts says where each table is; equal names are told apart."""
    table = {"caption": "Q1/Q2: [Umsätze] des vergangenen Jahres", "rows": [["x", 1]]}
    document = made(
        {"content_type": "paragraph", "elements": [{"text": "Vorab"}]},
        {"content_type": "table", "elements": [table, table]},
        title="History",
    )

    rows = xlsx_rows(render(document, "xlsx").data)

    first, second = "Q1 Q2 Umsätze des vergangenen J", "Q1 Q2 Umsätze des vergangenen 2"
    assert [*rows] == ["History 2", first, second]
    assert rows["History 2"][:4] == [("History",), ("Vorab",), (table["caption"],), (f"→ {first}",)]
    assert rows[second] == [("x", 1)]


def test_a_text_too_long_for_a_cell_is_whole_on_the_last_sheet() -> None:
    """The cell says that it is cut; nothing of the text is lost."""
    long = "Überlänge " * 10_000
    document = made({"content_type": "table", "elements": [{"headers": ["t"], "rows": [[long]]}]})

    rendered = render(document, "xlsx")

    sheets = xlsx_rows(rendered.data)
    assert len(sheets["Table"][1][0]) == 32_767
    assert "".join(row[1] for row in sheets["Long texts"]) == long
    assert sheets["Long texts"][0][0] == "Table!R2C1"
    assert rendered.notes == ("a text longer than a cell can hold is whole on the last sheet",)


def test_a_table_longer_than_a_sheet_goes_on_with_its_header() -> None:
    """Every part has the header and at most as many rows as a sheet holds."""
    table = Table(("h",), tuple((number,) for number in range(5)))

    assert [part.rows for part in parts(table, 3)] == [((0,), (1,)), ((2,), (3,)), ((4,),)]
    assert {part.headers for part in parts(table, 3)} == {("h",)}


@pytest.mark.parametrize("told", ["", "'", "a" * 40, "😀" * 40, "[:]", "Ä ", "'x'"])
def test_a_sheet_name_is_valid_and_new(told: str) -> None:
    """At most 31 UTF-16 units, no quotes at the ends, never a name that is taken."""
    taken: set[str] = set()
    for _ in range(12):
        name = sheet_name(told, taken)
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert name.strip("' ") == name
        assert name.casefold() not in taken
        taken.add(name.casefold())


def test_pieces_never_cut_a_character() -> None:
    """Excel counts UTF-16 units; a character of two stays whole."""
    assert list(pieces("a😀b😀", 2)) == ["a", "😀", "b", "😀"]
