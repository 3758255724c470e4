"""The verdict: what is met, what is missing, and what it is worth."""

from __future__ import annotations

import json
from typing import Any

import pytest

from consumer.documents.generation.models import KpiDefinition, UnifiedJsonDocument
from consumer.documents.validation.content import validate
from consumer.documents.validation.models import NOT_CHECKED, ValidationResult
from consumer.documents.validation.wishes import RenderedFile, Wish

PDF = RenderedFile("a.pdf", "application/pdf", b"%PDF-1.7")
ROWS = "$.documents[0].sections[?(@.content_type=='table')].elements[0].rows"
EMPTY = UnifiedJsonDocument()


def kpi(target: float | str, path: str = ROWS) -> KpiDefinition:
    """Return a measure."""
    return KpiDefinition(id="rows", json_path=path, target_value=target)


def met(document: UnifiedJsonDocument, criterion: str, **wish: Any) -> bool | None:
    """Return what the rules hold of a criterion, the document being rendered as PDF."""
    found = validate(document, Wish(criteria=(criterion,), **wish), [PDF]).criteria_mapping[0]
    return found.met if found.checked else None


def test_the_wire_has_exactly_the_documented_fields(sound: UnifiedJsonDocument) -> None:
    """Names and nesting as readers know them; it reads back as it was."""
    found = validate(sound, Wish(format="pdf", criteria=("Etwas",), kpis=(kpi(3),)), [PDF])
    wire = json.loads(found.to_wire())

    assert list(wire) == [
        "overallSuccess",
        "qualityScore",
        "dataTypeMatch",
        "formatMatch",
        "documentCount",
        "criteriaMapping",
        "gapAnalysis",
        "gapType",
        "structureComparison",
        "improvementSuggestions",
        "validationDetails",
    ]
    assert list(wire["structureComparison"]) == ["required", "found", "gap"]
    assert ValidationResult.model_validate(wire) == found


def test_a_sound_document_succeeds(sound: UnifiedJsonDocument) -> None:
    """All criteria, measures and matches: the best score, and nothing to mend."""
    wish = Wish("pdf", (kpi(2),), ("Eine Tabelle mit mindestens 2 Zeilen",), "de", kind="report")
    found = validate(sound, wish, [PDF])

    assert found.overall_success
    assert found.quality_score == 1.0
    assert found.gap_type == "no_gap"
    assert found.improvement_suggestions == ()
    assert found.gap_analysis == ""


def test_nothing_said_is_worth_nothing() -> None:
    """No document: no success, no score, no criterion met."""
    found = validate(EMPTY, Wish(criteria=("Irgendetwas",)))

    assert (found.overall_success, found.quality_score) == (False, 0.0)
    assert found.gap_type == "missing_data"
    assert not found.criteria_mapping[0].met
    assert not found.data_type_match


def test_what_is_missing_is_said_where_it_is_missing(sound: UnifiedJsonDocument) -> None:
    """The suggestion names section, what there is and what there should be."""
    found = validate(sound, Wish(kpis=(kpi(40),)))

    assert found.improvement_suggestions == (
        "document 1, section 4 'Teil 4': table has 2 of 40 rows",
    )
    assert found.gap_type == "incomplete_data"
    assert found.structure_comparison.gap == {"kpis": {"rows": 38}}
    assert not found.overall_success


@pytest.mark.parametrize(
    ("wish", "files", "gap"),
    [
        (Wish(kpis=(kpi(4, "$..nothing"),), format="pdf"), (), "missing_data"),
        (Wish(criteria=("Ein Kapitel „Ausblick“",), format="pdf"), (), "missing_data"),
        (Wish(format="pdf", kpis=(kpi(40),)), (), "wrong_format"),
        (Wish(language="en", kpis=(kpi(40),)), (), "wrong_format"),
        (Wish(kpis=(kpi(40),)), (), "incomplete_data"),
        (Wish(), (), "no_gap"),
    ],
)
def test_the_gravest_lack_gives_the_gap_its_name(
    sound: UnifiedJsonDocument, wish: Wish, files: tuple[RenderedFile, ...], gap: str
) -> None:
    """In the documented order: data, structure, format, completeness."""
    assert validate(sound, wish, files).gap_type == gap


def test_a_ragged_table_is_a_wrong_structure(make: Any) -> None:
    """Before a wrong format, and no success."""
    ragged = make(("table", {"headers": ["a", "b"], "rows": [["1"]]}))
    found = validate(ragged, Wish(format="pdf"))

    assert found.gap_type == "wrong_structure"
    assert not found.overall_success


@pytest.mark.parametrize(
    ("file", "match"),
    [
        (PDF, True),
        (RenderedFile("a.pdf", "application/pdf"), True),
        (RenderedFile("a.pdf", "application/pdf; charset=x", b"%PDF-1"), True),
        (RenderedFile("a.pdf", "application/pdf", b"<html>"), False),
        (RenderedFile("a.pdf", "text/html", b"<html>"), False),
        (RenderedFile("a.txt", "text/plain", b"%PDF-1.4"), False),
        (("a.pdf", "application/pdf"), True),
    ],
)
def test_the_format_is_that_of_the_file(
    sound: UnifiedJsonDocument, file: RenderedFile | tuple[str, str], match: bool
) -> None:
    """By its MIME type, and its first bytes where they are at hand."""
    found = validate(sound, Wish(format="pdf"), [file])

    assert found.format_match is match
    assert found.overall_success is match


def test_a_format_somebody_added_is_told_by_its_suffix(sound: UnifiedJsonDocument) -> None:
    """What registered as a renderer need not be known here."""
    file = RenderedFile("a.odt", "application/vnd.oasis.opendocument.text", b"PK\x03\x04")

    assert validate(sound, Wish(format="odt"), [file]).format_match


@pytest.mark.parametrize(
    ("kind", "sections", "match"),
    [
        ("data", [("paragraph", {"text": "Ein Satz."})], False),
        ("data", [("table", {"headers": ["a"], "rows": [["1"]]})], True),
        ("data", [("table", {"headers": ["a"], "rows": []}), ("quote", {"text": "x"})], False),
        ("report", [("table", {"headers": ["a"], "rows": [["1"]]})], False),
        (
            "report",
            [("heading", {"text": "A"}), ("paragraph", {"text": "Ein Satz."})],
            True,
        ),
        ("report", [("paragraph", {"text": "Ein Satz."})], True),
        ("report", [("paragraph", {"text": "Ein ganzer Satz. " * 300})], False),
        (None, [("paragraph", {"text": "Ein Satz."})], True),
        (None, [("paragraph", {"text": " "}), ("page_break", {})], False),
    ],
)
def test_each_kind_of_document_has_its_kind_of_content(
    make: Any, kind: Any, sections: list[Any], match: bool
) -> None:
    """Data needs rows or items, a report text and, when it is long, headings."""
    assert validate(make(*sections), Wish(kind=kind)).data_type_match is match


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        ("Eine Tabelle mit 2 Zeilen", True),
        ("Eine Tabelle mit mindestens 3 Zeilen", False),
        ("Höchstens 2 Zeilen", True),
        ("The table has at most 1 rows", False),
        ("Nicht mehr als 2 Zeilen", True),
        ("Weniger als 2 Zeilen", False),
        ("Die 4711 Zeilen der Datei sind ausgewertet", None),
        ("Ohne eine Tabelle", None),
        ("Die als Excel beiliegenden Zahlen sind genannt", None),
        ("Es gibt drei Kapitel und 3 Überschriften", None),
        ("Er hat ein Kapitel „Risiken“", True),
        ("It has a section 'Outlook'", False),
        ('Der Begriff "Mieten" wird erklärt', None),
        ('Der Begriff "Mieten" wird genannt', True),
        ("Enthält eine Tabelle und sagt, was der Nachtrag ändert", None),
        ("It has no table", None),
        ("The report must not contain a table", None),
        ("Nicht weniger als 1 Zeile und 2 Zeilen", None),
        ("Deliver it as Excel and PDF", True),
        ("Deliver it as Excel, Word and CSV", None),
        ("Der Begriff „Zinsen“ wird erklärt", False),
        ("Die Werte aus „umsatz.csv“ sind übernommen", None),
        ("Enthält eine Liste", True),
        ("Liefere ihn als PDF und als Word", True),
        ("Liefere ihn als Excel", None),
        ("Alles auf Deutsch", True),
        ("Write it in English", False),
        ("It's clear, isn't it, that branches are compared", None),
    ],
)
def test_rules_decide_what_can_be_counted_or_looked_up(
    sound: UnifiedJsonDocument, criterion: str, expected: bool | None
) -> None:
    """Counts, kinds of content, names, formats, languages; what says more is left open."""
    assert met(sound, criterion, format="pdf") is expected


def test_a_format_is_looked_for_where_no_other_one_was_asked_for(
    sound: UnifiedJsonDocument,
) -> None:
    """The file of another task, or of a format that overrules the request, is no fault."""
    assert met(sound, "Liefere ihn als Excel") is False
    assert met(sound, "Liefere ihn als Excel", format="xlsx") is False
    assert met(sound, "Liefere ihn als Excel", format="pdf") is None


@pytest.mark.parametrize("text", ["Die Sprache ist höflich", "Eine Tabelle mit allen Preisen"])
def test_what_nobody_checked_is_no_proof(sound: UnifiedJsonDocument, text: str) -> None:
    """It is not called met, is nothing to mend, and leaves the score to what was checked."""
    open_one = validate(sound, Wish(criteria=(text,)))
    both = validate(sound, Wish(criteria=(text, "Mindestens 999 Zeilen")))

    assert not open_one.criteria_mapping[0].met
    assert open_one.criteria_mapping[0].reason.startswith(NOT_CHECKED)
    assert open_one.overall_success
    assert (open_one.gap_analysis, open_one.improvement_suggestions) == ("", ())
    assert open_one.quality_score == validate(sound, Wish()).quality_score
    assert both.quality_score < 0.7


def test_the_wrong_language_lowers_the_score_and_is_told(sound: UnifiedJsonDocument) -> None:
    """A version in the right one is better, so that it is the one delivered."""
    right = validate(sound, Wish(format="pdf", language="de"), [PDF])
    wrong = validate(sound, Wish(format="pdf", language="en"), [PDF])

    assert right.quality_score > wrong.quality_score
    assert (wrong.gap_type, wrong.gap_analysis) == (
        "wrong_format",
        "the text is in 'de', not in 'en'",
    )


def test_a_measure_that_cannot_be_read_is_named(sound: UnifiedJsonDocument) -> None:
    """A broken path is no crash."""
    found = validate(sound, Wish(kpis=(kpi(4, "$.[[["),)))

    assert not found.overall_success
    assert "rows: 0 of 4" in found.improvement_suggestions


@pytest.mark.parametrize("odd", [{"sections": []}, {}])
def test_documents_without_sections_are_told(odd: Any) -> None:
    """An empty document inside is counted and reported."""
    document = UnifiedJsonDocument.model_validate({"documents": [odd]})
    found = validate(document, Wish())

    assert found.document_count == 1
    assert "document without sections" in found.validation_details[0].issues[0]


def test_more_that_is_wrong_is_worth_less(make: Any, sound: UnifiedJsonDocument) -> None:
    """Remark, gap, error, missing criterion: each lowers the score, none below 0."""
    text = ("paragraph", {"text": "Ein Satz."})
    jump = make(("heading", {"text": "A"}), text, ("heading", {"text": "B", "level": 4}), text)
    gap = make(text, ("list", {"items": []}))
    error = make(text, ("table", {"headers": ["a", "b"], "rows": [["1"]]}))
    scores = [validate(each, Wish()).quality_score for each in (sound, jump, gap, error)]

    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 4
    assert validate(make(*[("list", {"items": []})] * 50, text), Wish()).quality_score >= 0


def test_texts_that_no_file_can_hold_do_no_harm() -> None:
    """Lone surrogates in document, criteria and names: the result can be written all the same."""
    odd = "a\ud800 und TODO der"
    table = {"headers": [odd, odd], "rows": [[odd], [1], [{odd: odd}]], "text": odd}
    section = {"id": "s", "content_type": "table", "order": 1, "elements": [table]}
    value = {"metadata": {"filename": odd, odd: odd}, "documents": [{"sections": [section]}]}
    document = UnifiedJsonDocument.model_validate(value)
    found = validate(document, Wish(criteria=(f"Ein Kapitel „{odd}“",)), [(odd, "text/plain")])

    assert json.loads(found.to_wire())["overallSuccess"] is False
