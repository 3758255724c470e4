"""How a document is read before any format is written."""

from __future__ import annotations

from rendered_files import made

from consumer.documents.generation.models import UnifiedJsonDocument
from consumer.documents.rendering.blocks import Heading, Items, PageBreak, Paragraph, Table
from consumer.documents.rendering.reading import read


def test_sections_stand_in_their_order() -> None:
    """`order` decides; where it is equal, the place in the document."""
    document = made(
        {"content_type": "paragraph", "order": 2, "elements": [{"text": "third"}]},
        {"content_type": "paragraph", "order": 1, "elements": [{"text": "first"}]},
        {"content_type": "paragraph", "order": 1, "elements": [{"text": "second"}]},
    )

    assert read(document).chapters[0].blocks == (
        Paragraph("first"),
        Paragraph("second"),
        Paragraph("third"),
    )


def test_rows_are_padded_and_noted() -> None:
    """A ragged table becomes an even one; the notes count the rows."""
    document = made(
        {"content_type": "table", "elements": [{"headers": ["a", "b"], "rows": [[1], [2, 3, 4]]}]}
    )

    manuscript = read(document)

    assert manuscript.chapters[0].blocks == (Table(("a", "b", ""), ((1, None, None), (2, 3, 4))),)
    assert manuscript.notes == (
        "a row of a table was shorter than the table and was filled up",
        "a table had more columns than headers",
    )


def test_records_become_rows_under_their_keys() -> None:
    """Rows may be records; a key without a header adds a column."""
    rows = [{"b": 1, "a": "x"}, {"c": True}]
    document = made({"content_type": "table", "elements": [{"headers": ["a"], "rows": rows}]})

    assert read(document).chapters[0].blocks == (
        Table(("a", "b", "c"), (("x", 1, None), (None, None, True))),
    )


def test_elements_of_a_table_without_rows_are_its_rows() -> None:
    """A section of records is one table."""
    document = made({"content_type": "table", "elements": [{"a": 1}, {"a": 2}]})

    assert read(document).chapters[0].blocks == (Table(("a",), ((1,), (2,))),)


def test_a_section_may_mix_content_types() -> None:
    """What an element says of itself, or its keys tell, goes before what its section says."""
    document = made(
        {
            "content_type": "mixed",
            "elements": [
                {"content_type": "heading", "text": "H", "level": "3"},
                {"items": ["x"], "ordered": True},
                {"text": "p", "warning": {"a": [1]}},
            ],
        }
    )

    heading, items, *rest = read(document).chapters[0].blocks
    assert heading == Heading("H", 3)
    assert isinstance(items, Items)
    assert items.ordered
    assert rest == [Paragraph("p"), Paragraph('warning: {"a": [1]}')]


def test_a_title_is_not_said_twice() -> None:
    """A heading that repeats the title above it is left out."""
    document = made(
        {"content_type": "heading", "title": "T", "elements": [{"text": "T", "level": 1}]},
        {"content_type": "paragraph", "elements": [{"text": "p"}]},
        title="T",
    )

    assert read(document).chapters[0].blocks == (Paragraph("p"),)


def test_a_heading_is_not_said_again_by_the_section_below_it() -> None:
    """Nor by the next one; its level stays."""
    said = {"content_type": "heading", "title": "Z", "elements": [{"text": "Z", "level": 2}]}
    text = {"content_type": "paragraph", "title": "Z", "elements": [{"text": "t"}]}

    assert read(made(said, text, text)).chapters[0].blocks == (
        Heading("Z", 2),
        Paragraph("t"),
        Paragraph("t"),
    )


def test_what_stood_below_a_dropped_title_moves_up() -> None:
    """No level is left out below the title of the document."""
    sections = [
        {"content_type": "heading", "elements": [{"text": text, "level": level}]}
        for text, level in (("T", 1), ("a", 2), ("b", 3))
    ]

    assert read(made(*sections, title="T")).chapters[0].blocks == (Heading("a", 1), Heading("b", 2))


def test_a_document_without_a_title_has_that_of_its_first_part() -> None:
    """Parts may carry metadata of their own; one that says nothing more is no chapter."""
    document = UnifiedJsonDocument.model_validate(
        {"documents": [{"metadata": {"title": "A"}}, {}, {"metadata": {"title": "B"}}]}
    )

    manuscript = read(document)

    assert (manuscript.title, [chapter.title for chapter in manuscript.chapters]) == (
        "A",
        ["B"],
    )
    assert read(document, "given").title == "given"


def test_page_breaks_make_no_empty_pages() -> None:
    """However many there are in a row, one is left, and none at the ends."""
    breaks = {"content_type": "page_break", "elements": [{}] * 30}
    texts = {"content_type": "paragraph", "elements": [{"text": "p"}]}

    blocks = read(made(breaks, texts, breaks, texts, breaks)).chapters[0].blocks

    assert blocks == (Paragraph("p"), PageBreak(), Paragraph("p"))
