"""Playing the writer and the analyst: what they say comes from the content."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from document_prompts import PARTS, REQUEST, ROWS, asking, kpi

Read = Callable[..., Any]
Say = Callable[..., str]


def sections(document: Any, content_type: str) -> list[Any]:
    """Return the sections of one type."""
    found = document["documents"][0]["sections"]
    return [section for section in found if section["content_type"] == content_type]


def test_a_document_holds_the_content_it_was_given(read: Read) -> None:
    """Its sentences, its table, and the chapter the request names."""
    document = read(asking("writer", "write", parts=PARTS, wishes={"title": "Umsätze"}))
    said = json.dumps(document, ensure_ascii=False)

    assert document["metadata"]["title"] == "Umsätze"
    assert "Die Filiale Köln wuchs um 12,5 Prozent." in said
    assert sections(document, "table")[0]["elements"][0]["rows"][1] == ["Bonn", "900,00", "12"]
    assert "Risiken" in [section["title"] for section in sections(document, "heading")]
    assert "Gewinn beträgt 25" in said


def test_headings_are_the_names_of_things_and_none_stands_twice(read: Read) -> None:
    """No suffix or folder, one heading for all of a mail; earlier findings have no chapter."""
    parts = [
        ("mails/brief_an_alle.eml: mail headers", "text", "Subject: Dach"),
        ("mails/brief_an_alle.eml: body", "text", "Das Dach kostet 7000 Euro."),
        ("zahlen.xlsx: Januar", "table", "Ort,Wert\nKöln,1"),
        ("findings.md", "text", "- Das Dach ist teuer.\n- Der Wert ist 1."),
    ]
    document = read(asking("writer", "write", "Fasse für [[PERSON_1]] zusammen.", parts=parts))
    titles = [section["title"] for section in sections(document, "heading")]

    assert titles[1:] == ["Zusammenfassung", "Brief an alle", "Zahlen, Januar", *titles[-2:]]
    assert titles[-2:] == ["Erkenntnisse", "Fazit"]
    assert "PERSON" not in titles[0]
    assert "Das Dach ist teuer." in sections(document, "list")[0]["elements"][0]["items"]


def test_a_table_of_nothing_but_headers_becomes_text(read: Read) -> None:
    """A table without rows would be a fault; a header without a name gets a number."""
    parts = [("Kopf", "table", "Ort,Wert"), ("Werte", "table", ",Wert\nKöln,1")]
    document = read(asking("writer", "write", parts=parts))

    assert [each["title"] for each in sections(document, "table")] == ["Werte"]
    assert sections(document, "table")[0]["elements"][0]["headers"] == ["(1)", "Wert"]
    assert "Ort,Wert" in json.dumps(sections(document, "paragraph"))


def test_ids_and_orders_are_unique(read: Read) -> None:
    """Sections are numbered from 1."""
    found = read(asking("writer", "write", parts=PARTS))["documents"][0]["sections"]

    assert [section["order"] for section in found] == list(range(1, len(found) + 1))
    assert len({section["id"] for section in found}) == len(found)


@pytest.mark.parametrize(
    ("path", "content_type", "key"),
    [
        (ROWS, "table", "rows"),
        ("$.documents[*].sections[*].elements[*].rows", "table", "rows"),
        ("$..rows", "table", "rows"),
        ("$.documents[0].sections[?(@.title=='Posten')].elements[0].rows", "table", "rows"),
        ("$.documents[0].sections[?(@.content_type=='list')].elements[0].items", "list", "items"),
        ("$.documents[0].sections[2].elements[0].items", "list", "items"),
    ],
)
def test_targets_are_reached_beyond_the_content(
    read: Read, path: str, content_type: str, key: str
) -> None:
    """Rows and items are derived until there are as many as asked."""
    document = read(asking("writer", "write", parts=PARTS, targets=[kpi(path, 130)]))

    assert 130 in [len(each["elements"][0][key]) for each in sections(document, content_type)]


def test_targets_may_count_sections_and_name_metadata(read: Read) -> None:
    """Sections are added; metadata takes the value."""
    targets = [kpi("$.documents[0].sections", 60), kpi("$.metadata.author", "Amt")]
    document = read(asking("writer", "write", targets=targets))

    assert len(document["documents"][0]["sections"]) == 60
    assert document["metadata"]["author"] == "Amt"


def test_the_language_is_the_wished_one_or_that_of_the_request(read: Read) -> None:
    """English where it is wished for or written in."""
    english = "Please write a report about the sales of the branches with a table."
    wished = read(asking("writer", "write", wishes={"language": "en"}))
    written = read(asking("writer", "write", english))

    assert sections(wished, "heading")[1]["title"] == "Summary"
    assert sections(written, "heading")[1]["title"] == "Summary"
    assert sections(read(asking("writer", "write")), "heading")[1]["title"] == "Zusammenfassung"


def test_asked_again_it_writes_the_same(say: Say) -> None:
    """A job that was killed and goes on meets the same model."""
    order = asking("writer", "write", parts=PARTS)

    assert say(order, occurrence=0) == say(order, occurrence=7)
    assert say(order, flawless=False) == say(order, flawless=False, occurrence=1)


def test_a_first_version_may_fall_short_a_mended_one_never_does(read: Read) -> None:
    """Some seeds leave rows out; told what is missing, none does."""
    targets = [kpi(ROWS, 50)]
    first = asking("writer", "write", parts=PARTS, targets=targets)
    mended = asking("writer", "write", parts=PARTS, targets=targets, suggestions="- more rows")

    def rows(order: str) -> list[int]:
        found = [read(order, seed=seed, flawless=False) for seed in range(30)]
        return [len(sections(each, "table")[0]["elements"][0]["rows"]) for each in found]

    assert 3 <= sum(count < 50 for count in rows(first)) <= 20
    assert set(rows(mended)) == {50}


def test_findings_are_the_facts_of_the_content(say: Say) -> None:
    """Sentences with numbers, and what the columns of tables add up to."""
    found = say(asking("analyst", "analyse", parts=PARTS))

    assert "Die Filiale Köln wuchs um 12,5 Prozent." in found
    assert "Umsatz beträgt 2800.75" in found
    assert "3 Zeilen" in found


def test_a_plain_answer_is_about_the_request(say: Say) -> None:
    """Prose in the language of the request, with what the content says."""
    found = say(asking("writer", "answer", REQUEST, parts=PARTS[:1]))

    assert "Umsätze" in found
    assert "12,5 Prozent" in found
    assert not found.startswith("{")
